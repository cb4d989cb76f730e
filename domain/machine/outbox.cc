#include "domain/machine/outbox.h"

#include <string>
#include <utility>

#include "domain/message/wire.h"

namespace quickbite {

OutboxRow outbox_row(Topic topic, const Event& event, Instant now) {
  const OrderId order = order_of(event.what);
  OutboxRow row;
  row.id = event.id;
  row.shard = shard_of(order);
  row.topic = topic;
  row.key = to_string(order.value);
  row.type = std::string(type_name(event.what));
  row.payload = encode_event(event);
  row.created_at = now;
  return row;
}

void add(OrdersLedger::Writes& writes, OrderChange&& change, bool inserts, Instant now) {
  if (change.row) (inserts ? writes.inserted : writes.updated).push_back(std::move(*change.row));
  if (change.history) writes.history.push_back(std::move(*change.history));
  if (change.announce) writes.outbox.push_back(outbox_row(Topic::kOrders, *change.announce, now));
}

}  // namespace quickbite
