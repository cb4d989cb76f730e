// Evidence: what the databases and the topics say of some orders, beside what the API says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/base/ids.h"
#include "domain/message/record.h"
#include "services/live/stack.h"

namespace quickbite::live {

using Orders = std::vector<OrderId>;

// Of the outbox of Orders: how many rows of these orders are not in Kafka yet.
absl::StatusOr<std::int64_t> unsent_events(Stack& stack, const Orders& orders);

// How many of these orders have a reservation in that state (RESERVED, …).
absl::StatusOr<std::int64_t> reservations(Stack& stack, const Orders& orders, std::string_view state);

struct StockLevel {
  std::int64_t available = 0;
  std::int64_t reserved = 0;
  friend bool operator==(const StockLevel&, const StockLevel&) = default;
};
absl::StatusOr<StockLevel> stock_of(Stack& stack, const std::string& sku);

// Ok where each of these orders was reserved exactly once, all of them together took `quantity` of
// `sku`, and what is available and what is reserved are what all movements add up to.
absl::Status reserved_once(Stack& stack, const Orders& orders, const std::string& sku, std::int64_t quantity);

// Ok where the topic holds an event of that type for each of these orders, and all copies of one
// carry the same event id. Says how many records they are.
absl::StatusOr<std::int64_t> events_in_topic(Stack& stack, const Orders& orders, Topic topic, std::string_view type);

// Ok where the topic's dead letters hold each of these records once: the same key and bytes, where
// it stood, and that reason.
absl::Status dead_letters_of(const std::string& bootstrap, const std::vector<Record>& records, std::string_view reason);

// Writes half a JSON object, with `mark` in it, to each of the first `partitions` of orders.v1; the records, where they stand.
absl::StatusOr<std::vector<Record>> write_half_json(const std::string& bootstrap, int partitions, std::string_view mark);

}  // namespace quickbite::live
