// How a client of Kafka is doing, for /readyz, /metrics and whoever waits for a broker.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/ids.h"

namespace quickbite::kafka {

enum class Condition : std::uint8_t {
  kUntried,      // no broker has answered yet
  kServing,      // a broker answered
  kUnreachable,  // none does any more; the client goes on trying by itself
  kRefused,      // a broker answers, but not with what we need: no such topic, not authorised, …
};

// "untried", "serving", "unreachable", "refused".
std::string_view to_string(Condition condition);

struct Health {
  Condition condition = Condition::kUntried;
  std::string trouble;  // the client library's last words on it; empty while serving
};

struct ConsumerHealth : Health {
  // The group has told this member what is its own: nothing, where it has more members than the topic has partitions.
  bool given = false;
  std::vector<Partition> assigned;
  // Partitions of ours that are not read, and why: the offset that we stand at is not in the log
  // (retention overtook us, or the log was truncated). To be alarmed about: records are missing.
  // Healed by republishing and a seek, or by a restart after the group's offsets were reset.
  FlatMap<Partition, std::string> stopped;
  std::int64_t lag = 0;  // records of our partitions that were not handed out yet, as last known

  bool ready() const {
    return condition == Condition::kServing && given && stopped.empty();
  }
};

struct ProducerHealth : Health {
  std::int64_t made = 0;  // clients so far; each fatal error (KIP-360) costs one
};

}  // namespace quickbite::kafka
