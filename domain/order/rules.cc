#include "domain/order/rules.h"

#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite {
namespace {

// The transition of `order` to `status`, and its line of history.
OrderChange moved(const OrderRow& order, OrderStatus status, std::optional<CancelReason> reason,
                  const EventId& cause, Instant now) {
  OrderRow row = order;
  row.status = status;
  row.reason = reason;
  row.version.value += 1;
  row.updated_at = now;
  HistoryRow history{order.id, row.version, order.status, status, reason, cause, now};
  return OrderChange{std::move(row), std::move(history), std::nullopt};
}

// Of ours, and not because of what Inventory said: it is announced.
OrderChange cancelled(const OrderRow& order, CancelReason reason, Instant now) {
  Event announced = event_of(OrderCancelled{order.id, reason});
  OrderChange change = moved(order, OrderStatus::kCancelled, reason, announced.id, now);
  change.announce = std::move(announced);
  return change;
}

EventDecision ignored() {
  return EventDecision{{}, Handled::kIgnored};
}

EventDecision applied(OrderChange change) {
  return EventDecision{std::move(change), Handled::kApplied};
}

EventDecision reserved(const OrderRow* order, const InventoryReserved& what, const EventId& cause,
                       Instant now) {
  if (order == nullptr) {
    // Stock is held for an order that nobody placed: Inventory must give it back.
    return applied(
        {std::nullopt, std::nullopt, event_of(OrderCancelled{what.order, CancelReason::kUnknownOrder})});
  }
  switch (order->status) {
    case OrderStatus::kPending:
      return applied(moved(*order, OrderStatus::kConfirmed, std::nullopt, cause, now));
    case OrderStatus::kConfirmed:
    case OrderStatus::kCancelled:
      return ignored();
  }
  check_failed("a known OrderStatus", __FILE__, __LINE__);
}

EventDecision rejected(const OrderRow* order, const InventoryRejected& what, const EventId& cause,
                       Instant now) {
  if (order == nullptr) return ignored();
  switch (order->status) {
    case OrderStatus::kPending:
      return applied(
          moved(*order, OrderStatus::kCancelled, cancel_reason(what.reason), cause, now));
    case OrderStatus::kConfirmed:
    case OrderStatus::kCancelled:
      return ignored();
  }
  check_failed("a known OrderStatus", __FILE__, __LINE__);
}

}  // namespace

CommandDecision decide(const OrderRow* order, const PlaceOrder& command, Instant now,
                       Duration deadline) {
  if (order != nullptr) {
    if (order->request_hash != command.hash) return {{}, KeyReused{}};
    return {{}, Placed{*order, true}};
  }
  OrderRow row;
  row.id = command.id;
  row.user = command.user;
  row.lines = command.lines;
  row.created_at = now;
  row.updated_at = now;
  row.deadline = now + deadline;
  row.request_hash = command.hash;
  Event created = event_of(OrderCreated{command.id, command.user, command.lines});
  HistoryRow history{row.id,       row.version,       std::nullopt, OrderStatus::kPending,
                     std::nullopt, created.id, now};
  Placed outcome{row, false};
  return {{std::move(row), std::move(history), std::move(created)}, std::move(outcome)};
}

CommandDecision decide(const OrderRow* order, const CancelOrder& command, Instant now) {
  if (order == nullptr || (command.caller && *command.caller != order->user)) return {{}, NoSuchOrder{}};
  switch (order->status) {
    case OrderStatus::kCancelled:
      return {{}, Cancelled{*order}};
    case OrderStatus::kPending:
    case OrderStatus::kConfirmed: {
      OrderChange change = cancelled(*order, CancelReason::kCustomer, now);
      Cancelled outcome{*change.row};
      return {std::move(change), std::move(outcome)};
    }
  }
  check_failed("a known OrderStatus", __FILE__, __LINE__);
}

OrderChange expire(const OrderRow& order, Instant now) {
  switch (order.status) {
    case OrderStatus::kPending:
      return order.deadline <= now ? cancelled(order, CancelReason::kExpired, now) : OrderChange{};
    case OrderStatus::kConfirmed:
    case OrderStatus::kCancelled:
      return {};
  }
  check_failed("a known OrderStatus", __FILE__, __LINE__);
}

EventDecision decide(const OrderRow* order, const Event& event, Instant now) {
  return match(
      event.what,
      [&](const InventoryReserved& what) { return reserved(order, what, event.id, now); },
      [&](const InventoryRejected& what) { return rejected(order, what, event.id, now); },
      [](const OrderCreated&) { return ignored(); },
      [](const OrderCancelled&) { return ignored(); });
}

}  // namespace quickbite
