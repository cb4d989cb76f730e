#include "services/live/topic_log.h"

#include <librdkafka/rdkafka.h>

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/cluster.h"
#include "adapters/kafka/convert.h"
#include "adapters/kafka/handles.h"
#include "adapters/kafka/producer.h"
#include "domain/base/flat_map.h"

namespace quickbite::live {
namespace {

constexpr int kCallMs = 10'000;

absl::StatusOr<rd_kafka_t*> make_client(rd_kafka_type_t type, const std::string& bootstrap) {
  constexpr std::array kReading = {
      std::pair("group.id", "quickbite-reader"), std::pair("enable.auto.commit", "false"),
      std::pair("fetch.wait.max.ms", "10"), std::pair("fetch.message.max.bytes", "8000000")};
  kafka::Conf conf(rd_kafka_conf_new());
  char why[512] = "";
  bool taken = rd_kafka_conf_set(conf.get(), "bootstrap.servers", bootstrap.c_str(), why, sizeof(why)) == RD_KAFKA_CONF_OK;
  taken = taken && rd_kafka_conf_set(conf.get(), "log_level", "0", why, sizeof(why)) == RD_KAFKA_CONF_OK;
  for (const auto& [name, value] : kReading) {
    if (type != RD_KAFKA_CONSUMER) break;
    taken = taken && rd_kafka_conf_set(conf.get(), name, value, why, sizeof(why)) == RD_KAFKA_CONF_OK;
  }
  rd_kafka_t* client = taken ? rd_kafka_new(type, conf.get(), why, sizeof(why)) : nullptr;
  if (client == nullptr) return absl::InvalidArgumentError(why);
  (void)conf.release();  // the client's
  return client;
}

absl::Status error_of(rd_kafka_resp_err_t error, std::string_view doing) {
  return absl::UnavailableError(absl::StrCat(std::string(doing), ": ", rd_kafka_err2str(error)));
}

// A reader of all partitions of one topic, from where each begins to where it ended at first.
class Reading {
 public:
  Reading(rd_kafka_t* client, Topic topic) : client_(client), topic_(topic), name_(to_string(topic)) {}

  absl::Status begin() {
    const rd_kafka_metadata_t* raw = nullptr;
    const kafka::Owned<rd_kafka_topic_t, rd_kafka_topic_destroy> handle(rd_kafka_topic_new(client_, name_.c_str(), nullptr));
    const auto asked = rd_kafka_metadata(client_, 0, handle.get(), &raw, kCallMs);
    const kafka::Metadata metadata(raw);
    if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(asked, absl::StrCat("looking for ", name_));
    const rd_kafka_metadata_topic_t& found = raw->topics[0];
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(found.err, absl::StrCat("looking for ", name_));
    const kafka::PartitionList list(rd_kafka_topic_partition_list_new(found.partition_cnt));
    for (std::int32_t partition = 0; partition < found.partition_cnt; ++partition) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      const auto error = rd_kafka_query_watermark_offsets(client_, name_.c_str(), partition, &low, &high, kCallMs);
      if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error_of(error, absl::StrCat("asking where ", name_, " ends"));
      if (low >= high) continue;
      ends_[Partition{partition}] = high;
      rd_kafka_topic_partition_list_add(list.get(), name_.c_str(), partition)->offset = low;
    }
    const auto assigned = rd_kafka_assign(client_, list.get());
    return assigned == RD_KAFKA_RESP_ERR_NO_ERROR ? absl::OkStatus() : error_of(assigned, "reading");
  }

  bool complete() const { return ends_.empty(); }

  absl::Status step(FlatMap<Partition, std::vector<Record>>& records) {
    const kafka::ClientMessage message(rd_kafka_consumer_poll(client_, 100));
    if (message == nullptr || message->err != RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();  // it tries again by itself
    const Partition partition{message->partition};
    const std::int64_t* end = ends_.find(partition);
    if (end == nullptr) return absl::OkStatus();
    if (message->offset < *end) records[partition].push_back(kafka::record_of(topic_, *message));
    if (message->offset + 1 >= *end) ends_.erase(partition);
    return absl::OkStatus();
  }

 private:
  rd_kafka_t* client_;
  Topic topic_;
  std::string name_;
  FlatMap<Partition, std::int64_t> ends_;  // of the partitions that are not read to their ends
};

struct CloseConsumer {
  void operator()(rd_kafka_t* client) const {
    rd_kafka_consumer_close(client);
    rd_kafka_destroy(client);
  }
};

}  // namespace

absl::StatusOr<std::vector<Record>> read_topic(const std::string& bootstrap, Topic topic, absl::Duration timeout) {
  const absl::StatusOr<rd_kafka_t*> made = make_client(RD_KAFKA_CONSUMER, bootstrap);
  if (!made.ok()) return made.status();
  const std::unique_ptr<rd_kafka_t, CloseConsumer> client(*made);
  rd_kafka_poll_set_consumer(client.get());
  Reading reading(client.get(), topic);
  if (const absl::Status begun = reading.begin(); !begun.ok()) return begun;
  FlatMap<Partition, std::vector<Record>> records;
  for (const absl::Time deadline = absl::Now() + timeout; !reading.complete();) {
    if (absl::Now() > deadline) {
      return absl::UnavailableError(absl::StrCat("the end of ", std::string(to_string(topic)), " was not reached in time"));
    }
    if (const absl::Status step = reading.step(records); !step.ok()) return step;
  }
  std::vector<Record> all;
  for (auto& [partition, of_partition] : records) {
    std::move(of_partition.begin(), of_partition.end(), std::back_inserter(all));
  }
  return all;
}

absl::StatusOr<std::vector<Record>> write_records(const std::string& bootstrap, std::vector<Message> messages) {
  kafka::ProducerOptions options;
  options.connection = {bootstrap, "quickbite-stranger", {}, {}};
  const auto producer = kafka::Producer::make(options);
  if (!producer.ok()) return producer.status();
  std::vector<Record> records;
  for (Message& message : messages) {  // one after the other: they may have the same key, or none
    const Produced produced = (*producer)->produce({{message}});
    const auto* acked = std::get_if<Acked>(&produced.outcomes.front());
    if (acked == nullptr) return absl::UnavailableError("the broker did not acknowledge a record");
    records.push_back({std::move(message), acked->offset});
  }
  return records;
}

absl::Status make_topics(const std::string& bootstrap, int partitions) {
  const auto cluster = kafka::look_at_cluster({bootstrap, "quickbite-up", {}, {}}, seconds(10));
  if (!cluster.ok()) return cluster.status();
  const absl::StatusOr<rd_kafka_t*> made = make_client(RD_KAFKA_PRODUCER, bootstrap);
  if (!made.ok()) return made.status();
  const kafka::Client client(*made);
  using NewTopic = kafka::Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
  std::vector<NewTopic> topics;
  std::vector<rd_kafka_NewTopic_t*> raw;
  for (std::size_t i = 0; i < kTopics; ++i) {
    const auto topic = static_cast<Topic>(i);
    if (cluster->partitions.contains(topic)) continue;
    const bool events = topic == Topic::kOrders || topic == Topic::kInventory;
    topics.emplace_back(rd_kafka_NewTopic_new(std::string(to_string(topic)).c_str(), events ? partitions : 1, -1, nullptr, 0));
    raw.push_back(topics.back().get());
  }
  if (raw.empty()) return absl::OkStatus();
  const kafka::Queue queue(rd_kafka_queue_new(client.get()));
  rd_kafka_CreateTopics(client.get(), raw.data(), raw.size(), nullptr, queue.get());
  const kafka::ClientEvent event(rd_kafka_queue_poll(queue.get(), kCallMs));
  if (event == nullptr) return absl::UnavailableError("the broker did not make the topics in time");
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return error_of(rd_kafka_event_error(event.get()), "making the topics");
  }
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto error = rd_kafka_topic_result_error(results[i]);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
    return error_of(error, absl::StrCat("making ", rd_kafka_topic_result_name(results[i])));
  }
  return absl::OkStatus();
}

}  // namespace quickbite::live
