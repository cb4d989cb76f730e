// The consuming half of the Broker port (domain/port/broker.h), on librdkafka: one member of a
// consumer group that reads one topic.
//
// Redelivery and order. At least once: nothing is committed but by `commit`, which is asked for
// after the database has committed. What was handed out and not committed comes again after a
// restart, a rebalance, a session that timed out, or a commit that failed. Within one assignment a
// partition's records come once and in the order of their offsets; across a rebalance they may be
// in two processes' hands at once, since Kafka fences offsets (by generation) and not databases.
// A group without committed offsets starts at the beginning of the log.
//
// Where the log no longer holds (or does not yet hold) the offset that we stand at, the partition
// is stopped and `health` says so: reading on at some other offset would hide lost records.
//
// Rebalances are eager (the range assignor: cooperative ones lose assignments with manual commits
// before librdkafka 2.10) and happen only within `poll`. A broker that is away is waited for, for
// ever; the constructor does not even ask for one. No exception leaves this class.
//
// One thread calls poll, commit and the destructor; health may be called by any.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "adapters/kafka/connection.h"
#include "adapters/kafka/health.h"
#include "domain/base/time.h"
#include "domain/port/broker.h"
#include "domain/port/policy.h"

namespace quickbite::kafka {

struct ConsumerOptions {
  ConnectionOptions connection;
  std::string group;
  Topic topic = Topic::kOrders;
  ConsumerPolicy policy;

  // A member from which nothing was heard for so long is taken for dead. Apache Kafka allows 6 s
  // and more unless told otherwise (group.min.session.timeout.ms). The embedded broker's rebalances
  // take this time less one second, but its first one 3 s, in which it must not expire: 4 s suit
  // it.
  Duration session_timeout = seconds(10);

  // How long a broker holds a fetch that finds nothing. Apache Kafka answers at once when a record
  // comes, so there 500 ms cost nothing; the embedded broker does not.
  Duration fetch_wait = milliseconds(10);

  Duration commit_timeout = seconds(2);  // bounds `commit`
  Duration leave_timeout = seconds(3);   // bounds the destructor

  // Static membership (KIP-345): a restart within the session timeout causes no rebalance. Unique
  // in the group: a second holder fences the first, which is then `refused`. Empty: none.
  std::string instance;
};

class Consumer {
 public:
  // InvalidArgument: librdkafka does not take the settings; says which.
  static absl::StatusOr<std::unique_ptr<Consumer>> make(ConsumerOptions options);

  // Leaves the group, so that others take over at once; without, where the broker does not answer.
  ~Consumer();

  Polled poll(const Poll& poll);

  // CommitFailed also where the outcome is not known: the commit may still take effect. That is
  // harmless, since what it says is stored is stored.
  CommitAnswer commit(const CommitOffsets& commit);

  ConsumerHealth health() const;

 private:
  class Member;
  explicit Consumer(std::unique_ptr<Member> member);

  std::unique_ptr<Member> member_;
};

}  // namespace quickbite::kafka
