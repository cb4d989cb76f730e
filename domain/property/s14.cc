// S14: at rest, an order is CONFIRMED exactly where its reservation is RESERVED with exactly its
// summed lines; a CANCELLED order holds nothing. Of an order that an operator has in hand one side
// has not heard yet what the other side knows.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

Checked check_order(const OrderRow& order, const ReservationRow* reservation) {
  const bool held = reservation != nullptr && reservation->state == ReservationState::kReserved;
  if (held != (order.status == OrderStatus::kConfirmed)) {
    return broken("S14", {"order ", to_string(order.id.value), " is ", to_string(order.status),
                          ", but its reservation is ",
                          reservation ? to_string(reservation->state) : "not there"});
  }
  if (held && reservation->lines != order.lines) {
    return broken("S14", {"order ", to_string(order.id.value),
                          " is CONFIRMED, but other lines than its own are reserved"});
  }
  return std::nullopt;
}

}  // namespace

Checked s14_full(const View& view) {
  const auto& orders = view.orders->orders;
  const auto& reservations = view.inventory->reservations;
  for (const auto& [id, order] : orders) {
    const auto violation = check_order(order, reservations.find(id));
    if (violation && !in_hand(view, id)) return violation;
  }
  for (const auto& [id, reservation] : reservations) {
    if (reservation.state != ReservationState::kReserved || orders.contains(id) || in_hand(view, id)) continue;
    return broken("S14",
                  {"stock is reserved for order ", to_string(id.value), ", which does not exist"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
