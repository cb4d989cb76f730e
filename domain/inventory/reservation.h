// Stock and reservations as Inventory keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/line.h"

namespace quickbite {

enum class ReservationState : std::uint8_t { kReserved, kRejected, kReleased, kTombstone };

std::string_view to_string(ReservationState state);  // RESERVED, REJECTED, RELEASED, TOMBSTONE

// The key is the order id; at most one row an order, never swept.
struct ReservationRow {
  OrderId order;
  Lines lines;  // summed, sorted; empty for a TOMBSTONE
  ReservationState state = ReservationState::kReserved;
  Instant updated_at;

  auto fields() const { return std::tie(order, lines, state, updated_at); }
  friend bool operator==(const ReservationRow& a, const ReservationRow& b) { return a.fields() == b.fields(); }
};

struct StockRow {
  Sku sku;
  Quantity available;
  Quantity reserved;

  auto fields() const { return std::tie(sku, available, reserved); }
  friend bool operator==(const StockRow& a, const StockRow& b) { return a.fields() == b.fields(); }
};

enum class MovementKind : std::uint8_t { kSeed, kRestock, kReserve, kRelease };

std::string_view to_string(MovementKind kind);  // SEED, RESTOCK, RESERVE, RELEASE

// One change of one SKU's stock, as `stock_movements` keeps it (append-only). `quantity` is positive; the kind says whither.
struct MovementRow {
  Sku sku;
  MovementKind kind = MovementKind::kSeed;
  Quantity quantity;
  std::optional<OrderId> order;  // of RESERVE and RELEASE
  EventId cause;                 // the event that was applied; for SEED and RESTOCK the unique id of the act
  Instant at;

  auto fields() const { return std::tie(sku, kind, quantity, order, cause, at); }
  friend bool operator==(const MovementRow& a, const MovementRow& b) { return a.fields() == b.fields(); }
};

}  // namespace quickbite
