// What a customer may ask of an order, and what comes of it.
#pragma once

#include <optional>
#include <tuple>
#include <variant>

#include "domain/message/line.h"
#include "domain/message/trace.h"
#include "domain/order/order.h"

namespace quickbite {

// The id is UUIDv5 of (subject, idempotency key), or fresh without a key; either way fixed before the command is queued.
struct PlaceOrder {
  OrderId id;
  UserId user;
  Lines lines;       // summed, within the caps
  RequestHash hash;  // of the canonical request
  std::optional<Trace> trace = std::nullopt;
  auto fields() const { return std::tie(id, user, lines, hash, trace); }
};

// `caller`: who asks, where that is known; another user's order is then like one that does not exist.
struct CancelOrder {
  OrderId id;
  std::optional<UserId> caller = std::nullopt;
  std::optional<Trace> trace = std::nullopt;
  auto fields() const { return std::tie(id, caller, trace); }
};

using Command = std::variant<PlaceOrder, CancelOrder>;

OrderId order_of(const Command& command);

// The trace that the command goes with; nothing where it came without one.
const std::optional<Trace>& trace_of(const Command& command);
// For the edge: a command that came without a trace goes with that of its order (trace_of_order).
void begin_trace(Command& command);

// The order is durable. A replay shows the order as it stands now.
struct Placed {
  OrderRow order;
  bool replay = false;
  auto fields() const { return std::tie(order, replay); }
};
// The key was used for another request: nothing was done.
struct KeyReused {
  auto fields() const { return std::tie(); }
};
// The order is CANCELLED and durable, now or already before.
struct Cancelled {
  OrderRow order;
  auto fields() const { return std::tie(order); }
};
struct NoSuchOrder {
  auto fields() const { return std::tie(); }
};
// The database refused this command's data (Refused, alone in its batch): nothing was done.
struct Unprocessable {
  auto fields() const { return std::tie(); }
};
// Not done and never will be: the queue was full, or the deadline passed before the Store.
struct Overloaded {
  auto fields() const { return std::tie(); }
};

using CommandOutcome = std::variant<Placed, KeyReused, Cancelled, NoSuchOrder, Unprocessable, Overloaded>;

}  // namespace quickbite
