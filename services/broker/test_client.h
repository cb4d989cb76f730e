// A Kafka client of few words for this folder's tests: produce one record, read a whole topic, list
// topics.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace quickbite::broker {

class TestClient {
 public:
  using Settings = std::map<std::string, std::string>;

  TestClient(rd_kafka_type_t type, const std::string& bootstrap, const Settings& settings = {}) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    Settings all{{"bootstrap.servers", bootstrap},
                 {"log_level", "0"},
                 {"socket.nagle.disable", "true"},
                 {"reconnect.backoff.max.ms", "200"}};
    for (const auto& [name, value] : settings) all[name] = value;
    if (type == RD_KAFKA_PRODUCER) {
      all["linger.ms"] = "0";
      rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    } else {
      all["group.id"] = "test";
      all["fetch.wait.max.ms"] = "10";
      all["enable.partition.eof"] = "true";
    }
    char why[256];
    for (const auto& [name, value] : all) {
      EXPECT_EQ(rd_kafka_conf_set(conf, name.c_str(), value.c_str(), why, sizeof(why)),
                RD_KAFKA_CONF_OK)
          << why;
    }
    rd_kafka_conf_set_opaque(conf, this);
    client_ = rd_kafka_new(type, conf, why, sizeof(why));
    EXPECT_NE(client_, nullptr) << why;
  }
  ~TestClient() { rd_kafka_destroy(client_); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void send(const std::string& topic, const std::string& value) {
    const rd_kafka_resp_err_t error =
        rd_kafka_producev(client_, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                          RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    EXPECT_EQ(error, RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  // How many of the records sent so far have been acknowledged, after waiting for so long at most.
  int acked_within(std::chrono::milliseconds wait) {
    rd_kafka_flush(client_, static_cast<int>(wait.count()));
    return acked_;
  }
  rd_kafka_resp_err_t last_error() const { return last_error_; }

  bool produce(const std::string& topic, const std::string& value) {
    const int before = acked_;
    send(topic, value);
    return acked_within(std::chrono::seconds(5)) == before + 1;
  }

  // Every value of partition 0, from the first offset to the end.
  std::vector<std::string> read_all(const std::string& topic) {
    rd_kafka_topic_partition_list_t* partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(partitions, topic.c_str(), 0)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(client_, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    std::vector<std::string> values;
    for (int idle = 0; idle < 50;) {
      rd_kafka_message_t* message = rd_kafka_consumer_poll(client_, 100);
      if (message == nullptr) {
        ++idle;
        continue;
      }
      const bool end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        values.emplace_back(static_cast<const char*>(message->payload), message->len);
      }
      rd_kafka_message_destroy(message);
      if (end) return values;
    }
    ADD_FAILURE() << "the end of " << topic << " was not reached";
    return values;
  }

  // Names and partitions; empty when the broker does not answer in time.
  std::map<std::string, int> topics(std::chrono::milliseconds wait) {
    std::map<std::string, int> topics;
    const rd_kafka_metadata_t* metadata = nullptr;
    if (rd_kafka_metadata(client_, 1, nullptr, &metadata, static_cast<int>(wait.count())) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      return topics;
    }
    for (int i = 0; i < metadata->topic_cnt; ++i) {
      topics[metadata->topics[i].topic] = metadata->topics[i].partition_cnt;
    }
    rd_kafka_metadata_destroy(metadata);
    return topics;
  }

 private:
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    auto* self = static_cast<TestClient*>(opaque);
    self->last_error_ = message->err;
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++self->acked_;
  }

  rd_kafka_t* client_ = nullptr;
  int acked_ = 0;
  rd_kafka_resp_err_t last_error_ = RD_KAFKA_RESP_ERR_NO_ERROR;
};

}  // namespace quickbite::broker
