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

void stamp(std::vector<OutboxRow>& rows, std::size_t first, const std::optional<Trace>& trace) {
  if (!trace) return;
  for (std::size_t i = first; i < rows.size(); ++i) {
    rows[i].headers.push_back({std::string(kTraceHeader), to_traceparent(trace_at(*trace, rows[i].id))});
  }
}

}  // namespace quickbite
