// Rows and ids for tests of a ledger: whole, and unlike each other in every field.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/uuid.h"
#include "domain/port/ledger.h"
#include "domain/port/rows.h"

namespace quickbite {

// Sorted by `n`.
inline Uuid uuid_of(std::uint64_t n) { return {0xA000'0000'0000'0000 + n, 0xB000'0000'0000'0000 + n}; }
inline OrderId order_id(std::uint64_t n) { return OrderId(uuid_of(n)); }
inline EventId event_id(std::uint64_t n) { return EventId(uuid_of(1'000'000 + n)); }

inline OrderRow order_row(std::uint64_t n, std::int64_t created_s = 1'700'000'000) {
  OrderRow row;
  row.id = order_id(n);
  row.user = UserId("u1");
  row.lines = {{Sku("burger"), Quantity(2)}, {Sku("fries"), Quantity(1)}};
  row.created_at = Instant{created_s * 1'000'000 + 123'456};
  row.updated_at = Instant{created_s * 1'000'000 + 123'457};
  row.deadline = Instant{created_s * 1'000'000 + 600'000'001};
  row.request_hash = RequestHash(uuid_of(2'000'000 + n));
  return row;
}

inline OrderRow confirmed(OrderRow row) {
  row.status = OrderStatus::kConfirmed;
  row.version = Version(row.version.value + 1);
  row.updated_at = Instant{row.updated_at.us + 1};
  return row;
}

inline OrderRow cancelled(OrderRow row, CancelReason reason = CancelReason::kCustomer) {
  row = confirmed(std::move(row));
  row.status = OrderStatus::kCancelled;
  row.reason = reason;
  return row;
}

inline ProcessedRow processed_row(std::uint64_t n) {
  return {event_id(n), Topic::kInventory, Partition(3), Offset(1'234'567'890'123), Handled::kIgnored, Instant{1'700'000'000'000'001}};
}

inline OutboxRow outbox_row(std::uint64_t n, std::optional<std::string> key = "some-key") {
  OutboxRow row;
  row.id = event_id(n);
  row.shard = Shard(7);
  row.topic = Topic::kOrders;
  row.key = std::move(key);
  row.type = "OrderCreated";
  row.payload = Bytes("{\"n\":" + std::to_string(n) + "}");
  row.created_at = Instant{1'700'000'000'000'002};
  return row;
}

// The outbox as its only relay reads it: of every shard.
inline ReadOutbox whole_outbox(std::int64_t limit) { return {limit, {}, Renewal{"tests", {}, seconds(3600)}}; }

inline std::vector<Shard> all_shards() {
  std::vector<Shard> shards;
  for (std::int32_t shard = 0; shard < kAllShards; ++shard) shards.push_back(Shard(shard));
  return shards;
}

// A mark for tests that are not about leases.
inline MarkOutbox unfenced_mark(std::vector<Sent> sent, std::vector<OutboxSeq> parked = {}) {
  return {{}, all_shards(), std::move(sent), std::move(parked), Fence::kNone};
}

inline ReservationRow reservation_row(std::uint64_t n) {
  return {order_id(n), {{Sku("burger"), Quantity(2)}}, ReservationState::kReserved, Instant{1'700'000'000'000'003}};
}

}  // namespace quickbite
