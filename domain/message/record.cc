#include "domain/message/record.h"

#include "domain/base/check.h"
#include "domain/base/hash.h"

namespace quickbite {

std::string_view to_string(Topic topic) {
  switch (topic) {
    case Topic::kOrders:
      return "orders.v1";
    case Topic::kInventory:
      return "inventory.v1";
    case Topic::kOrdersDeadLetter:
      return "orders.dlq.v1";
    case Topic::kInventoryDeadLetter:
      return "inventory.dlq.v1";
  }
  check_failed("a known Topic", __FILE__, __LINE__);
}

std::optional<Topic> parse_topic(std::string_view name) {
  for (const Topic topic :
       {Topic::kOrders, Topic::kInventory, Topic::kOrdersDeadLetter, Topic::kInventoryDeadLetter}) {
    if (name == to_string(topic)) return topic;
  }
  return std::nullopt;
}

Topic dead_letter_topic(Topic topic) {
  switch (topic) {
    case Topic::kOrders:
    case Topic::kOrdersDeadLetter:
      return Topic::kOrdersDeadLetter;
    case Topic::kInventory:
    case Topic::kInventoryDeadLetter:
      return Topic::kInventoryDeadLetter;
  }
  check_failed("a known Topic", __FILE__, __LINE__);
}

std::optional<std::string_view> header(const Headers& headers, std::string_view name) {
  for (const Header& each : headers) {
    if (each.name == name) return each.value;
  }
  return std::nullopt;
}

Partition partition_of(std::string_view key, std::int32_t partitions) {
  CHECK(partitions > 0);
  const std::uint64_t slot = hash_of(key) % static_cast<std::uint64_t>(partitions);
  return Partition(static_cast<std::int32_t>(slot));
}

}  // namespace quickbite
