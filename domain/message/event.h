// The closed set of domain events, and the ids that are derived from what happened.
#pragma once

#include <string_view>
#include <tuple>
#include <variant>

#include "domain/base/ids.h"
#include "domain/message/line.h"
#include "domain/message/reason.h"

namespace quickbite {

struct OrderCreated {
  OrderId order;
  UserId user;
  Lines lines;  // as announced; Inventory sums them once more

  auto fields() const { return std::tie(order, user, lines); }
  friend bool operator==(const OrderCreated&, const OrderCreated&) = default;
};

struct OrderCancelled {
  OrderId order;
  CancelReason reason = CancelReason::kCustomer;

  auto fields() const { return std::tie(order, reason); }
  friend bool operator==(const OrderCancelled&, const OrderCancelled&) = default;
};

struct InventoryReserved {
  OrderId order;

  auto fields() const { return std::tie(order); }
  friend bool operator==(const InventoryReserved&, const InventoryReserved&) = default;
};

struct InventoryRejected {
  OrderId order;
  RejectReason reason = RejectReason::kOutOfStock;

  auto fields() const { return std::tie(order, reason); }
  friend bool operator==(const InventoryRejected&, const InventoryRejected&) = default;
};

using Happening = std::variant<OrderCreated, OrderCancelled, InventoryReserved, InventoryRejected>;

struct Event {
  EventId id;
  Happening what;

  auto fields() const { return std::tie(id, what); }
  friend bool operator==(const Event&, const Event&) = default;
};

// "OrderCreated", "OrderCancelled", "InventoryReserved", "InventoryRejected".
std::string_view type_name(const Happening& what);

OrderId order_of(const Happening& what);

// UUIDv5(order id, event name): a retry is the same event. OrderCancelled(UNKNOWN_ORDER), which speaks of an order that
// does not exist, has a name of its own, so that it never takes the id of a later customer's cancel.
EventId event_id(const Happening& what);

// An event under its derived id.
Event event_of(Happening what);

}  // namespace quickbite
