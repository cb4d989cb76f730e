#include "adapters/postgres/outbox_session.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/binary.h"
#include "adapters/postgres/connection.h"
#include "adapters/postgres/outbox.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/schema_access.h"
#include "domain/message/event.h"

namespace quickbite::postgres {
namespace {

// A condition that is not there is an empty array.
const Statement& waiting_statement() {
  static const Statement statement{
      "waiting", absl::StrCat("SELECT ", outbox_columns(),
                              ", parked, EXISTS (SELECT FROM outbox_events p WHERE p.parked AND p.sent_offset IS NULL"
                              "  AND p.key = o.key AND p.seq < o.seq)"
                              " FROM outbox_events o WHERE sent_offset IS NULL AND seq > $4::bigint"
                              " AND (cardinality($1::uuid[]) = 0 OR event_id = ANY ($1::uuid[]))"
                              " AND (cardinality($2::text[]) = 0 OR topic = ANY ($2::text[]))"
                              " AND (cardinality($3::bytea[]) = 0 OR key = ANY ($3::bytea[]))"
                              " AND ($6::bigint = 0 OR parked) ORDER BY seq LIMIT $5::bigint")};
  return statement;
}

const Statement& unpark_statement() {
  static const Statement statement{"unpark",
                                   "WITH let_go AS (UPDATE outbox_events SET parked = false WHERE event_id = ANY ($1::uuid[])"
                                   " AND parked AND sent_offset IS NULL RETURNING 1) SELECT count(*) FROM let_go"};
  return statement;
}

// Stock moves by the events of the order, whose ids are known: the primary key begins with them.
const Statement& movements_statement() {
  static const Statement statement{
      "trail_moves", absl::StrCat("SELECT cause, sku, kind, quantity, ", microseconds_of("at"),
                                  " FROM stock_movements WHERE cause = ANY ($1::uuid[]) ORDER BY sku, at")};
  return statement;
}

const Statement& announced_statement() {
  static const Statement statement{
      "trail_sent", absl::StrCat("SELECT event_id, type, topic, ", microseconds_of("created_at"),
                                 ", sent_partition, sent_offset, parked FROM outbox_events WHERE event_id = ANY ($1::uuid[])"
                                 " ORDER BY event_id")};
  return statement;
}

const Statement& handled_statement() {
  static const Statement statement{
      "trail_read", absl::StrCat("SELECT event_id, topic, kafka_partition, kafka_offset, handled, ", microseconds_of("at"),
                                 " FROM processed_events WHERE event_id = ANY ($1::uuid[]) ORDER BY event_id")};
  return statement;
}

std::string array_of_ids(const std::vector<EventId>& ids) {
  return array_of(ids, [](const EventId& id) { return id.value; });
}

}  // namespace

OutboxSession::OutboxSession(SessionOptions options) : connection_(std::make_unique<Connection>(std::move(options))) {}

OutboxSession::~OutboxSession() = default;

template <class Call>
auto OutboxSession::guarded(Call call) -> decltype(call()) {
  try {
    auto answer = call();
    connection_->served();
    return answer;
  } catch (...) {
    const Failure failure = connection_->failed();
    return absl::UnavailableError(failure.text.empty() ? "it does not answer" : failure.text);
  }
}

absl::StatusOr<std::vector<WaitingRow>> OutboxSession::waiting(const WaitingFilter& filter, OutboxSeq after,
                                                               std::int64_t limit) {
  std::vector<std::string_view> topics;
  if (filter.topic) topics.push_back(to_string(*filter.topic));
  std::vector<Raw> keys;
  if (filter.key) keys.push_back(Raw{*filter.key});
  return guarded([&]() -> absl::StatusOr<std::vector<WaitingRow>> {
    const pqxx::result results =
        connection_->run(waiting_statement(), {array_of_ids(filter.ids), array_of(topics, [](std::string_view topic) { return topic; }),
                                               array_of(keys, [](Raw key) { return key; }), bigint(after.value), bigint(limit),
                                               bigint(filter.parked ? 1 : 0)});
    std::vector<WaitingRow> rows;
    for (const pqxx::row& result : results) {
      RowReader read(result);
      WaitingRow row;
      row.row = read_outbox_row(read);
      row.row.parked = read.text() == "t";
      const bool behind = read.text() == "t";
      row.waits = row.row.parked ? Waits::kParked : behind ? Waits::kBehind : Waits::kRelay;
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

absl::StatusOr<std::int64_t> OutboxSession::unpark(const std::vector<EventId>& ids) {
  return guarded([&]() -> absl::StatusOr<std::int64_t> {
    const pqxx::result result = connection_->run(unpark_statement(), {array_of_ids(ids)});
    const pqxx::row row = result.at(0);
    return RowReader(row).integer();
  });
}

absl::StatusOr<InventoryTrail> OutboxSession::inventory_trail(const OrderId& order) {
  std::vector<EventId> events = events_of(order);
  events.push_back(event_id(OrderCancelled{order, CancelReason::kUnknownOrder}));
  return guarded([&]() -> absl::StatusOr<InventoryTrail> {
    InventoryTrail trail;
    InventoryLedger::Rows rows;
    read_rows(*connection_, InventoryLedger::Keys{{order}, {}, {}}, LockMode::kNone, rows);
    if (const ReservationRow* row = rows.reservations.find(order)) trail.reservation = *row;
    for (const pqxx::row& result : connection_->run(movements_statement(), {array_of_ids(events)})) {
      RowReader read(result);
      trail.movements.push_back(read_movement(read));
      trail.movements.back().order = order;
    }
    for (const pqxx::row& result : connection_->run(announced_statement(), {array_of_ids(events)})) {
      RowReader read(result);
      trail.announced.push_back(read_announcement(read));
    }
    for (const pqxx::row& result : connection_->run(handled_statement(), {array_of_ids(events)})) {
      RowReader read(result);
      trail.handled.push_back(read_processed(read));
    }
    return trail;
  });
}

}  // namespace quickbite::postgres
