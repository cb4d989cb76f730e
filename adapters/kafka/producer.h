// The producing half of the Broker port (domain/port/broker.h), on librdkafka.
//
// Duplicates and order. Idempotent, acks=all: what the library retries by itself stands in the log
// once and in order (KIP-98), as long as one client lives. What `produce` leaves open
// (MaybePersisted) and is produced again stands in the log once or twice: consumers deduplicate. Of
// one call, a message that times out may be missing between others that landed, so a call holds at
// most one message of each key, and a key's next message is produced after the outcome of the one
// before. After a fatal error (the library lost track of its sequence numbers) the client is
// replaced by a new one, and everything under way is left open.
//
// A broker that is away is waited for until the messages time out. No exception leaves this class.
//
// One thread calls produce and the destructor; health may be called by any.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "adapters/kafka/connection.h"
#include "adapters/kafka/health.h"
#include "domain/base/time.h"
#include "domain/port/broker.h"
#include "domain/port/policy.h"

namespace quickbite::kafka {

struct ProducerOptions {
  ConnectionOptions connection;
  ProducerPolicy policy;

  // A message without an acknowledgement for so long is MaybePersisted. Bounds `produce`, which
  // takes at most two seconds more.
  Duration message_timeout = seconds(5);
};

class Producer {
 public:
  // InvalidArgument: librdkafka does not take the settings; says which.
  static absl::StatusOr<std::unique_ptr<Producer>> make(ProducerOptions options);
  ~Producer();

  // Waits for the outcome of every message. All of them are sent in as few requests as the library
  // can make of them, at once.
  Produced produce(const Produce& produce);

  ProducerHealth health() const;

 private:
  class Sender;
  explicit Producer(std::unique_ptr<Sender> sender);

  std::unique_ptr<Sender> sender_;
};

}  // namespace quickbite::kafka
