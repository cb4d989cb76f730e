#include "adapters/postgres/trails.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/binary.h"
#include "adapters/postgres/outbox.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/values.h"

namespace quickbite::postgres {
namespace {

enum Part : int { kHistory, kAnnounced, kHandled };

// $1 and $2 belong together: an order and an id that one of its events may have. One statement, so one snapshot.
const Statement& trails_statement() {
  static const Statement statement{
      "trails",
      absl::StrCat("SELECT 0 AS part, order_id, version, status_before, status_after, reason, cause, ", microseconds_of("at"),
                   " AS at, NULL::text AS type, NULL::text AS topic, NULL::int AS sent_partition, NULL::bigint AS sent_offset,"
                   " NULL::boolean AS parked FROM order_history WHERE order_id = ANY ($3::uuid[])"
                   " UNION ALL SELECT 1, e.order_id, NULL, NULL, NULL, NULL, o.event_id, ",
                   microseconds_of("o.created_at"),
                   ", o.type, o.topic, o.sent_partition, o.sent_offset, o.parked"
                   " FROM unnest($1::uuid[], $2::uuid[]) AS e (order_id, event_id) JOIN outbox_events o USING (event_id)"
                   " UNION ALL SELECT 2, e.order_id, NULL, NULL, NULL, NULL, p.event_id, ",
                   microseconds_of("p.at"),
                   ", p.handled, p.topic, p.kafka_partition, p.kafka_offset, NULL"
                   " FROM unnest($1::uuid[], $2::uuid[]) AS e (order_id, event_id) JOIN processed_events p USING (event_id)"
                   " ORDER BY part, order_id, version, cause")};
  return statement;
}

// The columns as the statement has them; those that a part does not have are NULL.
void read_row(const pqxx::row& result, FlatMap<OrderId, OrderTrail>& trails) {
  RowReader read(result);
  const std::int64_t part = read.integer();
  const OrderId order(read.uuid());
  OrderTrail& trail = trails[order];
  if (part == kHistory) {
    HistoryRow row;
    row.order = order;
    row.version = Version(read.integer());
    row.before = read.one_of_or_null<OrderStatus>(kStatuses);
    row.after = read.one_of<OrderStatus>(kStatuses);
    row.reason = read.one_of_or_null<CancelReason>(kReasons);
    row.cause = EventId(read.uuid());
    row.at = read.instant();
    trail.history.push_back(std::move(row));
    return;
  }
  read.skip(4);
  const EventId id(read.uuid());
  const Instant at = read.instant();
  if (part == kAnnounced) {
    Announcement row{id, std::string(read.text()), read.one_of<Topic>(kTopics), at, std::nullopt, false};
    row.sent = read_sent(read);
    row.parked = read.text() == "t";
    trail.announced.push_back(std::move(row));
  } else {
    ProcessedRow row;
    row.id = id;
    row.handled = read.one_of<Handled>(kHandledValues);
    row.topic = read.one_of<Topic>(kTopics);
    row.partition = Partition(read.integer32());
    row.offset = Offset(read.integer());
    row.at = at;
    trail.handled.push_back(std::move(row));
  }
}

}  // namespace

FlatMap<OrderId, OrderTrail> read_trails(Connection& connection, const std::vector<OrderId>& orders) {
  FlatMap<OrderId, OrderTrail> trails;
  std::vector<std::pair<OrderId, EventId>> events;
  for (const OrderId& order : orders) {
    trails[order];
    for (const EventId& id : events_of(order)) events.emplace_back(order, id);
  }
  const pqxx::result results =
      connection.run(trails_statement(), {array_of(events, [](const auto& event) { return event.first.value; }),
                                          array_of(events, [](const auto& event) { return event.second.value; }),
                                          array_of(orders, [](const OrderId& id) { return id.value; })});
  for (const pqxx::row& result : results) read_row(result, trails);
  return trails;
}

}  // namespace quickbite::postgres
