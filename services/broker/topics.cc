#include "services/broker/topics.h"

#include <algorithm>
#include <charconv>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace quickbite::broker {
namespace {

constexpr std::size_t kNameMax = 249;
constexpr std::string_view kNameBytes =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

absl::StatusOr<TopicSpec> parse_topic(const std::string& entry) {
  const auto refuse = [&](const char* why) {
    return absl::InvalidArgumentError(absl::StrCat("topic '", entry, "': ", why));
  };
  TopicSpec topic;
  const std::size_t colon = entry.find(':');
  topic.name = entry.substr(0, colon);
  if (topic.name.empty()) return refuse("the name is empty; expected NAME or NAME:PARTITIONS");
  if (topic.name.size() > kNameMax) return refuse("the name is longer than 249 bytes");
  if (topic.name.find_first_not_of(kNameBytes) != std::string::npos || topic.name == "." ||
      topic.name == "..") {
    return refuse("a name may hold letters, digits, '.', '_' and '-' only");
  }
  if (colon == std::string::npos) return topic;
  const std::string count = entry.substr(colon + 1);
  const auto [end, error] =
      std::from_chars(count.data(), count.data() + count.size(), topic.partitions);
  if (error != std::errc() || end != count.data() + count.size() || topic.partitions < 1 ||
      topic.partitions > kPartitionsMax) {
    return refuse("the number of partitions must be from 1 to 1024");
  }
  return topic;
}

}  // namespace

std::vector<TopicSpec> default_topics(int partitions) {
  return {{"orders.v1", partitions},
          {"inventory.v1", partitions},
          {"orders.dlq.v1", 1},
          {"inventory.dlq.v1", 1}};
}

absl::StatusOr<std::vector<TopicSpec>> parse_topics(std::string_view text) {
  std::vector<TopicSpec> topics;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    absl::StatusOr<TopicSpec> topic = parse_topic(std::string(text.substr(0, comma)));
    if (!topic.ok()) return topic.status();
    for (const TopicSpec& other : topics) {
      if (other.name == topic->name) {
        return absl::InvalidArgumentError(absl::StrCat("topic '", topic->name, "' is named twice"));
      }
    }
    if (topics.size() == kTopicsMax) return absl::InvalidArgumentError("more than 256 topics");
    topics.push_back(*std::move(topic));
    if (comma + 1 == text.size())
      return absl::InvalidArgumentError("topics: nothing after the last comma");
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return topics;
}

std::string format_topics(const std::vector<TopicSpec>& topics) {
  std::string text;
  for (const TopicSpec& topic : topics) {
    absl::StrAppend(&text, text.empty() ? "" : ",", topic.name, ":", topic.partitions);
  }
  return text;
}

}  // namespace quickbite::broker
