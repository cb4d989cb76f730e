#include <utility>

#include "domain/machine/outbox.h"
#include "domain/machine/service.h"
#include "domain/order/rules.h"

namespace quickbite {

void OrdersService::add_keys(const Event& event, OrdersLedger::Keys& keys) {
  keys.orders.push_back(order_of(event.what));
}

Ruling OrdersService::apply(const Event& event, OrdersLedger::Rows& rows, OrdersLedger::Writes& writes) {
  const OrderRow* row = rows.orders.find(order_of(event.what));
  EventDecision decision = decide(row, event, rows.now);
  add(writes, std::move(decision.change), row == nullptr, rows.now);
  return {decision.handled, {}};
}

void OrdersService::expire(const OrdersLedger::Rows& rows, OrdersLedger::Writes& writes) {
  for (const auto& [id, row] : rows.orders) {
    const std::size_t announced = writes.outbox.size();
    add(writes, quickbite::expire(row, rows.now), /*inserts=*/false, rows.now);
    stamp(writes.outbox, announced, trace_of_order(id));  // nobody asked for it: it begins a trace
  }
}

}  // namespace quickbite
