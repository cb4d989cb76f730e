#include "domain/inventory/rules.h"

#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite {
namespace {

bool is_absurd(Quantity quantity) {
  return quantity.value < 1 || quantity.value > kQuantityMax;
}

// Why the lines cannot be reserved; nullopt where they can. `announced` is judged beside its sum,
// so that a negative line cannot hide behind a positive one of the same SKU.
std::optional<RejectReason> obstacle(const Lines& announced, const Lines& lines,
                                     const FlatMap<Sku, StockRow>& stock) {
  for (const Line& line : lines) {
    if (!stock.contains(line.sku)) return RejectReason::kUnknownSku;
  }
  for (const Line& line : announced) {
    if (is_absurd(line.quantity)) return RejectReason::kOutOfStock;
  }
  for (const Line& line : lines) {
    if (is_absurd(line.quantity)) return RejectReason::kOutOfStock;
    if (line.quantity > stock.find(line.sku)->available) return RejectReason::kOutOfStock;
  }
  return std::nullopt;
}

// Moves the lines between available and reserved, and tells of it in `decision`.
void move_stock(const Lines& lines, MovementKind kind, const FlatMap<Sku, StockRow>& stock,
                const OrderId& order, const EventId& cause, Instant now,
                InventoryDecision& decision) {
  const std::int64_t sign = kind == MovementKind::kReserve ? 1 : -1;
  decision.stock.reserve(lines.size());
  decision.movements.reserve(lines.size());
  for (const Line& line : lines) {
    const StockRow* before = stock.find(line.sku);
    CHECK(before != nullptr);
    StockRow after = *before;
    after.available.value -= sign * line.quantity.value;
    after.reserved.value += sign * line.quantity.value;
    decision.stock.push_back(std::move(after));
    decision.movements.push_back(MovementRow{line.sku, kind, line.quantity, order, cause, now});
  }
}

InventoryDecision ignored() {
  return InventoryDecision{};
}

InventoryDecision first_created(const FlatMap<Sku, StockRow>& stock, const OrderCreated& what,
                                const EventId& cause, Instant now) {
  InventoryDecision decision;
  decision.handled = InventoryHandled::kApplied;
  decision.inserted = true;
  Lines lines = summed(what.lines);
  if (const auto reason = obstacle(what.lines, lines, stock)) {
    decision.announce = InventoryRejected{what.order, *reason};
    decision.reservation =
        ReservationRow{what.order, std::move(lines), ReservationState::kRejected, now};
    return decision;
  }
  move_stock(lines, MovementKind::kReserve, stock, what.order, cause, now, decision);
  decision.announce = InventoryReserved{what.order};
  decision.reservation =
      ReservationRow{what.order, std::move(lines), ReservationState::kReserved, now};
  return decision;
}

InventoryDecision created(const ReservationRow* reservation, const FlatMap<Sku, StockRow>& stock,
                          const OrderCreated& what, const EventId& cause, Instant now) {
  if (reservation == nullptr) return first_created(stock, what, cause, now);
  switch (reservation->state) {
    case ReservationState::kTombstone:
      return ignored();
    case ReservationState::kReserved:
    case ReservationState::kRejected:
    case ReservationState::kReleased: {
      if (summed(what.lines) == reservation->lines) return ignored();
      InventoryDecision decision;
      decision.handled = InventoryHandled::kConflictingLines;
      return decision;
    }
  }
  check_failed("a known ReservationState", __FILE__, __LINE__);
}

InventoryDecision cancelled(const ReservationRow* reservation, const FlatMap<Sku, StockRow>& stock,
                            const OrderCancelled& what, const EventId& cause, Instant now) {
  InventoryDecision decision;
  decision.handled = InventoryHandled::kApplied;
  if (reservation == nullptr) {
    decision.inserted = true;
    decision.reservation = ReservationRow{what.order, {}, ReservationState::kTombstone, now};
    return decision;
  }
  switch (reservation->state) {
    case ReservationState::kReserved:
      move_stock(reservation->lines, MovementKind::kRelease, stock, what.order, cause, now,
                 decision);
      decision.reservation = *reservation;
      decision.reservation->state = ReservationState::kReleased;
      decision.reservation->updated_at = now;
      return decision;
    case ReservationState::kRejected:
    case ReservationState::kReleased:
    case ReservationState::kTombstone:
      return ignored();
  }
  check_failed("a known ReservationState", __FILE__, __LINE__);
}

}  // namespace

InventoryDecision decide(const ReservationRow* reservation, const FlatMap<Sku, StockRow>& stock,
                         const Event& event, Instant now) {
  return match(
      event.what,
      [&](const OrderCreated& what) { return created(reservation, stock, what, event.id, now); },
      [&](const OrderCancelled& what) {
        return cancelled(reservation, stock, what, event.id, now);
      },
      [](const InventoryReserved&) { return ignored(); },
      [](const InventoryRejected&) { return ignored(); });
}

}  // namespace quickbite
