// Topics: which topics the embedded broker creates when it starts, and how they are written on a
// command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace quickbite::broker {

struct TopicSpec {
  std::string name;    // 1..249 bytes of [A-Za-z0-9._-], as Kafka has it (Topic.validate)
  int partitions = 1;  // 1..kPartitionsMax

  friend bool operator==(const TopicSpec&, const TopicSpec&) = default;
};

inline constexpr int kPartitionsMax = 1024;
inline constexpr int kTopicsMax = 256;

// What QuickBite itself needs: two event topics of `partitions` each, and a dead-letter topic
// beside each.
std::vector<TopicSpec> default_topics(int partitions);

// Reads "orders.v1:4,inventory.v1:4,orders.dlq.v1": a name without a count has one partition.
// InvalidArgument says which entry is wrong, and how. An empty text is no topics.
absl::StatusOr<std::vector<TopicSpec>> parse_topics(std::string_view text);

// The same text again; parse_topics reads what this writes.
std::string format_topics(const std::vector<TopicSpec>& topics);

}  // namespace quickbite::broker
