#include "domain/message/event.h"

#include <utility>

#include "domain/base/match.h"

namespace quickbite {
namespace {

// What an event id is derived from, beside the order id.
std::string_view id_name(const Happening& what) {
  const auto* cancelled = std::get_if<OrderCancelled>(&what);
  if (cancelled != nullptr && cancelled->reason == CancelReason::kUnknownOrder) {
    return "OrderCancelled:UNKNOWN_ORDER";
  }
  return type_name(what);
}

}  // namespace

std::string_view type_name(const Happening& what) {
  return match(
      what, [](const OrderCreated&) -> std::string_view { return "OrderCreated"; },
      [](const OrderCancelled&) -> std::string_view { return "OrderCancelled"; },
      [](const InventoryReserved&) -> std::string_view { return "InventoryReserved"; },
      [](const InventoryRejected&) -> std::string_view { return "InventoryRejected"; });
}

OrderId order_of(const Happening& what) {
  return std::visit([](const auto& each) { return each.order; }, what);
}

EventId event_id(const Happening& what) {
  return EventId(uuid_v5(order_of(what).value, id_name(what)));
}

Event event_of(Happening what) {
  const EventId id = event_id(what);
  return Event{id, std::move(what)};
}

}  // namespace quickbite
