// L4: no reservation is orphaned: none is held for an order that is CANCELLED or does not exist, since nobody would release it
// any more. What is held for a PENDING order is still under way: L3. And where the word of the cancel waits in the outbox, or
// became a dead letter, it is not lost: L1, or an operator's.
#include <algorithm>
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

bool is_told_of_later(const View& view, const OrderId& order) {
  const Outbox& outbox = outbox_of(view, Service::kOrders);
  const bool waits = std::any_of(outbox.begin(), outbox.end(), [&](const auto& entry) {
    return !entry.second.sent && names(entry.second.key, order);
  });
  return waits || in_hand(view, order);
}

}  // namespace

Checked l04_full(const View& view) {
  for (const auto& [id, reservation] : view.inventory->reservations) {
    if (reservation.state != ReservationState::kReserved) continue;
    const OrderRow* order = view.orders->orders.find(id);
    if (order != nullptr && order->status != OrderStatus::kCancelled) continue;
    if (is_told_of_later(view, id)) continue;
    return broken("L4", {"stock is still reserved for order ", to_string(id.value), ", which ",
                         order != nullptr ? "is CANCELLED" : "does not exist"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
