// L10: an order neither cancelled by its customer nor justifiably rejected, whose fault-free time before its deadline exceeded
// the bound, ends CONFIRMED. That a rejection is justified is S17's, that none stays PENDING L3's: so what is left is that such
// an order did not expire. Where its reservation was a TOMBSTONE before, Inventory had the word of a stranger that it is cancelled.
#include <algorithm>
#include <iterator>
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

namespace {

// A record that was to tell of the order became a dead letter, or is parked: that it came in time was up to an operator.
bool delayed(const View& view, const OrderId& order) {
  return std::any_of(std::begin(kServices), std::end(kServices), [&](Service service) {
    return is_parked(view, service, order) || !letters_of(view, service, order).empty();
  });
}

}  // namespace

Checked l10_full(const View& view) {
  if (!view.calm) return std::nullopt;
  for (const auto& [id, order] : view.orders->orders) {
    if (order.reason != CancelReason::kExpired) continue;
    const Duration left = order.deadline - std::max(order.created_at, view.calm->from);
    if (left <= view.calm->bound) continue;
    if (delayed(view, id)) continue;
    const ReservationRow* reservation = view.inventory->reservations.find(id);
    const bool forged = reservation != nullptr && reservation->state == ReservationState::kTombstone;
    if (forged && reservation->updated_at < order.updated_at) continue;
    return broken("L10", {"order ", to_string(id.value), " has expired, though nothing stood in its way for ",
                          std::to_string(left.us / 1000), " ms before its deadline"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
