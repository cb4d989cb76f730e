#include "services/live/lag.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "adapters/kafka/handles.h"

namespace quickbite::live {
namespace {

constexpr int kPatienceMs = 250;

absl::Status failed(rd_kafka_resp_err_t error) { return absl::UnavailableError(rd_kafka_err2str(error)); }

}  // namespace

void Lag::End::operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }

absl::StatusOr<std::unique_ptr<Lag>> Lag::of(const std::string& bootstrap, const std::string& group, Topic topic) {
  kafka::Conf conf(rd_kafka_conf_new());
  char why[512] = "";
  for (const auto& [name, value] : {std::pair("bootstrap.servers", bootstrap), std::pair("group.id", group),
                                    std::pair("enable.auto.commit", std::string("false")), std::pair("log_level", std::string("0"))}) {
    if (rd_kafka_conf_set(conf.get(), name, value.c_str(), why, sizeof(why)) != RD_KAFKA_CONF_OK) return absl::InvalidArgumentError(why);
  }
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), why, sizeof(why));
  if (client == nullptr) return absl::InvalidArgumentError(why);
  (void)conf.release();  // the client's
  return std::unique_ptr<Lag>(new Lag(client, std::string(to_string(topic))));
}

absl::StatusOr<std::int64_t> Lag::look() {
  if (partitions_ == 0) {
    const rd_kafka_metadata_t* raw = nullptr;
    const kafka::ClientTopic handle(rd_kafka_topic_new(client_.get(), topic_.c_str(), nullptr));
    const auto error = rd_kafka_metadata(client_.get(), 0, handle.get(), &raw, kPatienceMs);
    const kafka::Metadata metadata(raw);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(error);
    if (raw->topics[0].partition_cnt == 0) return absl::UnavailableError(absl::StrCat("there is no ", topic_));
    partitions_ = raw->topics[0].partition_cnt;
  }
  const kafka::PartitionList committed(rd_kafka_topic_partition_list_new(partitions_));
  for (std::int32_t partition = 0; partition < partitions_; ++partition) {
    rd_kafka_topic_partition_list_add(committed.get(), topic_.c_str(), partition);
  }
  const auto error = rd_kafka_committed(client_.get(), committed.get(), kPatienceMs);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(error);
  std::int64_t lag = 0;
  for (int i = 0; i < committed->cnt; ++i) {
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto asked = rd_kafka_query_watermark_offsets(client_.get(), topic_.c_str(), committed->elems[i].partition, &low, &high, kPatienceMs);
    if (asked != RD_KAFKA_RESP_ERR_NO_ERROR) return failed(asked);
    lag += std::max<std::int64_t>(high - std::max(committed->elems[i].offset, low), 0);
  }
  return lag;
}

}  // namespace quickbite::live
