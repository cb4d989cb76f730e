// ApacheKafka: a real Apache Kafka of our own: one KRaft node on loopback, whose log is in a folder, so that it can be ended,
// killed, stopped for a while and started again with all that it knew.
//
// It needs Java, and Kafka's jars in a folder (`./quickbite test all` puts them into build/kafka-jars). It ends with this object
// or this process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/live/child.h"

namespace quickbite::live {

// A second listener, SASL_SSL with SCRAM-SHA-512, beside the plain one.
struct KafkaSecurity {
  std::string key_and_certificate;  // a PEM file: the server's key, unencrypted, then its certificate
  std::string user;                 // who may log in; made when the folder is new
  std::string password;
};

struct ApacheKafkaOptions {
  std::string jars;            // the folder of Kafka's jars
  std::string folder;          // made where missing; holds the settings, data/ and kafka.log
  std::uint16_t port = 0;      // 0: any that is free
  bool port_exact = false;     // a port that is taken is an error, not a reason to take another
  std::optional<KafkaSecurity> security;
  absl::Duration ready_timeout = absl::Seconds(60);  // of the formatting, and of each start
};

class ApacheKafka {
 public:
  // Returns when it answers; it has no topics then, unless the folder was one's before.
  //   AlreadyExists  the port is taken, and `port_exact`
  //   NotFound       there is no Java
  //   Unavailable    it did not start; the message ends with the last lines of its log
  static absl::StatusOr<std::unique_ptr<ApacheKafka>> start(ApacheKafkaOptions options, const Interrupt& interrupt);

  // The same ports for each start of `process`.
  const std::string& bootstrap() const { return bootstrap_; }
  const std::string& secure_bootstrap() const { return secure_bootstrap_; }  // "" without KafkaSecurity
  std::uint16_t port() const { return port_; }

  Child& process() { return *child_; }

 private:
  explicit ApacheKafka(ApacheKafkaOptions options) : options_(std::move(options)) {}
  absl::Status choose_ports();
  absl::Status write_settings() const;
  absl::Status format();
  std::vector<std::string> java(std::vector<std::string> arguments) const;

  const ApacheKafkaOptions options_;
  std::string java_;
  std::uint16_t port_ = 0;
  std::uint16_t controller_port_ = 0;
  std::uint16_t secure_port_ = 0;
  std::string bootstrap_;
  std::string secure_bootstrap_;
  std::unique_ptr<Child> child_;
};

}  // namespace quickbite::live
