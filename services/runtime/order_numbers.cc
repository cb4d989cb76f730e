#include "services/runtime/order_numbers.h"

#include <string>

namespace quickbite::runtime {

OrderNumbers::OrderNumbers(metrics::Registry& registry) {
  placed_ = registry.counter("quickbite_orders_placed_total", "Orders stored as PENDING.");
  const std::string settled = "quickbite_orders_settled_total";
  const std::string help = "Orders that became CONFIRMED or CANCELLED; one that does both counts twice.";
  confirmed_ = registry.counter(settled, help, {{"status", "confirmed"}, {"reason", ""}});
  for (std::size_t i = 0; i < kCancelReasons; ++i) {
    const std::string reason(to_string(static_cast<CancelReason>(i)));
    cancelled_[i] = registry.counter(settled, help, {{"status", "cancelled"}, {"reason", reason}});
  }
  pending_ = registry.histogram("quickbite_order_pending_duration_seconds",
                                "How long orders were PENDING until they were CONFIRMED, by the database's clock.",
                                metrics::long_durations());
}

OrderNumbers::Changes OrderNumbers::changes_of(const Store<OrdersLedger>& store) {
  Changes changes;
  for (const OrdersLedger::Writes& writes : store.transactions) {
    changes.placed += static_cast<std::int64_t>(writes.inserted.size());
    for (const OrderRow& order : writes.updated) {
      if (order.status == OrderStatus::kConfirmed) changes.confirmed.push_back(order.updated_at - order.created_at);
      if (order.reason) ++changes.cancelled[static_cast<std::size_t>(*order.reason)];
    }
  }
  return changes;
}

void OrderNumbers::observe(const Changes& changes) const {
  if (changes.placed > 0) placed_.add(static_cast<double>(changes.placed));
  for (const Duration pending : changes.confirmed) {
    confirmed_.add();
    pending_.observe(static_cast<double>(pending.us) / 1e6);
  }
  for (std::size_t i = 0; i < kCancelReasons; ++i) {
    if (changes.cancelled[i] > 0) cancelled_[i].add(static_cast<double>(changes.cancelled[i]));
  }
}

}  // namespace quickbite::runtime
