// L4: no reservation is orphaned: none is held for an order that is CANCELLED or does not exist, since nobody would release it
// any more. What is held for a PENDING order is still under way: L3.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked l04_full(const View& view) {
  for (const auto& [id, reservation] : view.inventory->reservations) {
    if (reservation.state != ReservationState::kReserved) continue;
    const OrderRow* order = view.orders->orders.find(id);
    if (order != nullptr && order->status != OrderStatus::kCancelled) continue;
    return broken("L4", {"stock is still reserved for order ", to_string(id.value), ", which ",
                         order != nullptr ? "is CANCELLED" : "does not exist"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
