// Cluster: librdkafka's mock cluster of one broker, held so that it can be made, taken down and up,
// and destroyed.
//
// What it is and is not (rdkafka_mock.h, librdkafka 2.0.2): a log in memory, of at most 5 MiB and
// 100,000 batches a partition, older ones vanish silently; consumer groups, the first join of which
// takes 3 s and every later one the session timeout less 1 s; no deduplication for an idempotent
// producer that is not transactional, so that a retry after a lost answer is in the log twice;
// static membership is ignored; a fetch that finds nothing waits for the whole fetch.wait.max.ms.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/broker/topics.h"

namespace quickbite::broker {

class Cluster {
 public:
  // Listens on 127.0.0.1 only, on `port` (0: any). AlreadyExists when the port is taken.
  static absl::StatusOr<std::unique_ptr<Cluster>> start(std::uint16_t port,
                                                        const std::vector<TopicSpec>& topics);
  ~Cluster();

  std::uint16_t port() const;
  const std::vector<TopicSpec>& topics() const { return topics_; }
  bool up() const { return up_; }

  absl::Status create_topic(const TopicSpec& topic);

  // Closes every connection and refuses new ones, or accepts them again; log, groups and committed
  // offsets stay.
  absl::Status set_up(bool up);

  absl::Status set_rtt(int milliseconds);

  // The next `count` requests of the kind fail with the error of that name; 0 clears what is
  // pending. InvalidArgument when the request or the error is not known.
  absl::Status inject_errors(const std::string& request, int count, const std::string& error);

 private:
  struct Handles;
  explicit Cluster(std::unique_ptr<Handles> handles);

  std::unique_ptr<Handles> handles_;
  std::vector<TopicSpec> topics_;
  bool up_ = true;
};

}  // namespace quickbite::broker
