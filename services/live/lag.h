// Lag: how many records of a topic a consumer group has not committed yet.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "domain/message/record.h"

namespace quickbite::live {

class Lag {
 public:
  // Asks for the group without joining it. InvalidArgument: librdkafka does not take that broker.
  static absl::StatusOr<std::unique_ptr<Lag>> of(const std::string& bootstrap, const std::string& group, Topic topic);

  // Over all partitions; a partition of which nothing is committed counts from where it begins. Unavailable: the broker does
  // not answer; each of a few questions is waited for no longer than a quarter of a second.
  absl::StatusOr<std::int64_t> look();

 private:
  struct End {
    void operator()(rd_kafka_t* client) const;
  };
  Lag(rd_kafka_t* client, std::string topic) : client_(client), topic_(std::move(topic)) {}

  std::unique_ptr<rd_kafka_t, End> client_;
  std::string topic_;
  int partitions_ = 0;  // 0: not known yet
};

}  // namespace quickbite::live
