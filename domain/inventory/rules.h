// The rules of stock and reservations (DESIGN section 1): absent+Created→RESERVED|REJECTED, absent+Cancelled→TOMBSTONE,
// RESERVED+Cancelled→RELEASED; every other pair is a recorded no-op. Created again with other lines is a dead letter.
//
// Pure: `rows` are folded forward, so that the events of one batch see each other's effects.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/time.h"
#include "domain/inventory/reservation.h"
#include "domain/message/event.h"

namespace quickbite {

enum class InventoryHandled : std::uint8_t { kApplied, kIgnored, kConflictingLines };

struct InventoryDecision {
  InventoryHandled handled = InventoryHandled::kIgnored;
  bool inserted = false;                        // of `reservation`
  std::optional<ReservationRow> reservation;    // as it is afterwards, where it changed
  std::vector<StockRow> stock;                  // as they are afterwards, where they changed
  std::vector<MovementRow> movements;
  std::optional<Happening> announce;            // InventoryReserved or InventoryRejected
};

// `reservation` is null where the order has none. `stock` holds every known SKU among the event's and the reservation's lines.
// A line whose SKU `stock` lacks is UNKNOWN_SKU; a line over the available quantity, or with a quantity outside
// 1..kQuantityMax, is OUT_OF_STOCK; UNKNOWN_SKU is told first. All lines are reserved or none.
InventoryDecision decide(const ReservationRow* reservation, const FlatMap<Sku, StockRow>& stock, const Event& event,
                         Instant now);

}  // namespace quickbite
