// A Kafka record as a value: where it goes or stands, and its bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/base/bytes.h"
#include "domain/base/ids.h"

namespace quickbite {

enum class Topic : std::uint8_t { kOrders, kInventory, kOrdersDeadLetter, kInventoryDeadLetter };

inline constexpr std::size_t kTopics = 4;

std::string_view to_string(Topic topic);  // orders.v1, inventory.v1, orders.dlq.v1, inventory.dlq.v1
std::optional<Topic> parse_topic(std::string_view name);
Topic dead_letter_topic(Topic topic);  // of the topic whose consumer cannot take a record

struct Header {
  std::string name;
  std::string value;

  auto fields() const { return std::tie(name, value); }
  friend bool operator==(const Header&, const Header&) = default;
};
using Headers = std::vector<Header>;

// What a producer hands over. The partition is computed by us (`partition_of`), never by a client library.
struct Message {
  Topic topic = Topic::kOrders;
  Partition partition;
  std::optional<std::string> key;
  Bytes value;
  Headers headers;  // always holds kEventIdHeader for what an outbox sent

  auto fields() const { return std::tie(topic, partition, key, value, headers); }
  friend bool operator==(const Message&, const Message&) = default;
};

// What a consumer gets: a message and its offset.
struct Record {
  Message message;
  Offset offset;

  auto fields() const { return std::tie(message, offset); }
  friend bool operator==(const Record&, const Record&) = default;
};

inline constexpr std::string_view kEventIdHeader = "event-id";
inline constexpr std::string_view kTypeHeader = "type";

// The value of the first header of that name, or nullopt.
std::optional<std::string_view> header(const Headers& headers, std::string_view name);

// Where a key's records go: hash of the key modulo `partitions`; the same in every version, for ever.
Partition partition_of(std::string_view key, std::int32_t partitions);

}  // namespace quickbite
