// The broker that a run uses: the one that QUICKBITE_KAFKA names, or one of our own: an Apache Kafka where QUICKBITE_KAFKA_JARS
// says where its jars are, else an embedded one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/live/apache_kafka.h"
#include "services/live/child.h"

namespace quickbite::live {

struct KafkaOptions {
  std::string folder;         // made where missing; holds broker.log and the control socket, or kafka/
  std::uint16_t port = 0;     // 0: any that is free
  bool port_exact = false;    // a port that is taken is an error, not a reason to take another
  int partitions = 4;         // of the two event topics, where they are made
};

class KafkaServer {
 public:
  // Returns when it serves and has our four topics. QUICKBITE_KAFKA, where it is set, is
  // "host:port,…" of an existing cluster; `options` count only where it is not. QUICKBITE_KAFKA_JARS,
  // where it is set, is the folder of Apache Kafka's jars. Errors are ApacheKafka's too.
  //   AlreadyExists  the port is taken, and `port_exact`
  //   Unavailable    it did not start, or nobody answers; the message says why
  static absl::StatusOr<std::unique_ptr<KafkaServer>> open(const KafkaOptions& options,
                                                           const Interrupt& interrupt);

  const std::string& bootstrap() const { return bootstrap_; }
  std::uint16_t port() const { return port_; }     // of one of ours
  int partitions() const { return partitions_; }  // of orders.v1

  // Null where the cluster is somebody else's: we do not take that down.
  Child* process();
  bool embedded() const { return child_ != nullptr; }
  std::string describe() const;  // "a real Apache Kafka, …", for a person

  // An outage, with the log kept, and its end: Apache Kafka's process is killed, and started again;
  // ending the embedded one would lose its log, so it is told to be unreachable. FailedPrecondition:
  // it is not ours.
  absl::Status down();
  absl::Status up();
  // See services/broker/control.h. FailedPrecondition: it is no embedded one.
  absl::StatusOr<std::string> control(std::string_view command) const;

 private:
  KafkaServer() = default;
  absl::Status start_embedded(const KafkaOptions& options, const Interrupt& interrupt);
  absl::Status start_broker(const std::string& program, const KafkaOptions& options, const Interrupt& interrupt);
  absl::Status start_apache(const KafkaOptions& options, std::string jars, const Interrupt& interrupt);
  absl::Status use_existing(const KafkaOptions& options);

  std::string bootstrap_;
  std::uint16_t port_ = 0;
  int partitions_ = 0;
  std::string control_path_;
  std::unique_ptr<Child> child_;  // the embedded one
  std::unique_ptr<ApacheKafka> apache_;
};

}  // namespace quickbite::live
