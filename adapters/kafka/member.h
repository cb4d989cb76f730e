// Member: a group member's librdkafka client and everything that changes with it.
#pragma once

#include <chrono>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "adapters/kafka/assignment.h"
#include "adapters/kafka/client_state.h"
#include "adapters/kafka/consumer.h"
#include "adapters/kafka/handles.h"

namespace quickbite::kafka {

class Consumer::Member : private ClientState {
 public:
  explicit Member(ConsumerOptions options);
  ~Member();

  absl::Status start();  // once, first

  Polled poll(const Poll& poll);
  CommitAnswer commit(const CommitOffsets& commit);
  ConsumerHealth health() const;

 private:
  using Clock = std::chrono::steady_clock;

  static void on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t error,
                           rd_kafka_topic_partition_list_t* partitions, void* opaque);
  void given(const rd_kafka_topic_partition_list_t& partitions);
  void taken();
  void leave();

  // Serves the library for at most `wait`: callbacks, and one record or error.
  void serve(std::chrono::milliseconds wait);
  void take(const rd_kafka_message_t& message);
  void take_error(const rd_kafka_message_t& message);
  void settle();
  void probe();

  void seek(const FlatMap<Partition, Offset>& seeks);
  void set_paused(bool paused);
  void publish();  // to health()
  PartitionList list(const FlatMap<Partition, Position>& positions) const;

  const ConsumerOptions options_;
  const std::string topic_;
  rd_kafka_t* client_ = nullptr;

  Assignment assignment_;
  PartitionList offered_;        // given by the group, and their committed offsets not known yet
  Clock::time_point settle_at_;  // not before: the last attempt failed
  Clock::time_point probe_at_;
  std::deque<Received> held_;  // taken from the library, and not handed out yet
  bool paused_ = false;        // in the library

  mutable absl::Mutex mutex_;
  Assignment seen_ ABSL_GUARDED_BY(mutex_);  // a copy for health()
  std::int64_t seen_held_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace quickbite::kafka
