// The rules of an order (DESIGN section 1): PENDING→CONFIRMED, PENDING→CANCELLED, CONFIRMED→CANCELLED by the customer only.
//
// Pure decisions: the row as it stands (null where there is none), what happened, and the database's now; out come the rows
// to write and the event to announce. Every pair of status and happening has its answer.
#pragma once

#include <optional>

#include "domain/base/time.h"
#include "domain/message/event.h"
#include "domain/message/handled.h"
#include "domain/order/command.h"
#include "domain/order/order.h"

namespace quickbite {

// What one decision writes. `row` is the order after it, where it changed; `announce` becomes an outbox row of the same
// transaction.
struct OrderChange {
  std::optional<OrderRow> row;
  std::optional<HistoryRow> history;    // exactly when `row`
  std::optional<Event> announce;
};

struct CommandDecision {
  OrderChange change;
  CommandOutcome outcome;
};

// A new order is PENDING and announces OrderCreated. A known id with the same hash is a replay, with another hash KeyReused.
CommandDecision decide(const OrderRow* order, const PlaceOrder& command, Instant now, Duration deadline);

// PENDING and CONFIRMED become CANCELLED(CUSTOMER) and announce OrderCancelled; CANCELLED stays, and that is a success.
CommandDecision decide(const OrderRow* order, const CancelOrder& command, Instant now);

// PENDING past its deadline becomes CANCELLED(EXPIRED) and announces OrderCancelled; whatever else it is, nothing changes.
OrderChange expire(const OrderRow& order, Instant now);

struct EventDecision {
  OrderChange change;
  Handled handled = Handled::kIgnored;
};

// Reserved: PENDING becomes CONFIRMED; CANCELLED stays (ignored); no such order announces OrderCancelled(UNKNOWN_ORDER), applied.
// Rejected: PENDING becomes CANCELLED with the reason, announcing nothing; anything else is ignored.
// OrderCreated, OrderCancelled: Orders' own words coming back are ignored.
EventDecision decide(const OrderRow* order, const Event& event, Instant now);

}  // namespace quickbite
