#include "adapters/postgres/outbox.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/values.h"

namespace quickbite::postgres {
namespace {

// ORDER BY: `seq` is given in this order, and per key it has to be the order of the events.
constexpr std::string_view kInsertOutbox =
    "INSERT INTO outbox_events"
    " (event_id, shard, topic, key, type, payload, header_names, header_values, created_at)"
    " SELECT n.event_id, n.shard, n.topic, n.key, n.type, n.payload, (%::bytea[])[n.first:n.last],"
    "  (%::bytea[])[n.first:n.last], n.created_at"
    " FROM unnest(%::uuid[], %::int[], %::text[], %::bytea[], %::text[], %::bytea[], %::int[], %::int[],"
    "  %::timestamptz[]) WITH ORDINALITY"
    "  AS n (event_id, shard, topic, key, type, payload, first, last, created_at, ordinal)"
    " WHERE @ ORDER BY n.ordinal";

constexpr std::string_view kInsertProcessed =
    "INSERT INTO processed_events (event_id, topic, kafka_partition, kafka_offset, handled, at)"
    " SELECT * FROM unnest(%::uuid[], %::text[], %::int[], %::bigint[], %::text[], %::timestamptz[])"
    " WHERE @";

// One row, whether or not any event is handled: `now` is wanted always.
const Statement& handled_statement() {
  static const Statement statement{
      "handled", absl::StrCat("SELECT ", microseconds_of("now()"),
                              ", ARRAY(SELECT event_id FROM processed_events WHERE event_id = ANY ($1::uuid[])"
                              " ORDER BY event_id)")};
  return statement;
}

// The rows behind a parked row of their key wait with it. The shards come as an array, so that the index of what is unsent stays
// the only way to go.
const Statement& unsent_statement() {
  static const Statement statement{
      "unsent", absl::StrCat("SELECT ", outbox_columns(),
                             " FROM outbox_events o WHERE sent_offset IS NULL AND NOT parked AND shard = ANY"
                             " (ARRAY(SELECT shard FROM outbox_claims WHERE epoch = $2::bigint AND epoch > 0 ORDER BY shard))"
                             " AND NOT EXISTS (SELECT FROM outbox_events p WHERE p.parked AND p.sent_offset IS NULL"
                             "  AND p.key = o.key AND p.seq < o.seq)"
                             " ORDER BY seq LIMIT $1::bigint")};
  return statement;
}

// A row that is marked already keeps its first mark; sent and parked exclude each other. FOR SHARE: who renews waits for the mark,
// and a mark that waited for a renewal looks at the claim afresh.
const Statement& mark_statement() {
  static const Statement statement{
      "mark",
      "WITH held AS MATERIALIZED (SELECT shard, epoch FROM outbox_claims"
      "  WHERE shard = ANY ($5::int[]) AND (epoch = $6::bigint OR $7::bigint = 0) ORDER BY shard FOR SHARE),"
      " parked AS (UPDATE outbox_events SET parked = true"
      "  WHERE seq = ANY ($4::bigint[]) AND sent_offset IS NULL AND seq <> ALL ($1::bigint[])"
      "   AND shard = ANY (ARRAY(SELECT shard FROM held))),"
      " sent AS (UPDATE outbox_events o SET sent_partition = n.kafka_partition, sent_offset = n.kafka_offset, sent_at = now()"
      "  FROM unnest($1::bigint[], $2::int[], $3::bigint[]) AS n (seq, kafka_partition, kafka_offset)"
      "  WHERE o.seq = n.seq AND o.sent_offset IS NULL AND o.shard = ANY (ARRAY(SELECT shard FROM held)))"
      " SELECT cardinality($5::int[]) - count(*) FROM held WHERE epoch = $6::bigint"};
  return statement;
}

}  // namespace

std::string outbox_columns() {
  return absl::StrCat("seq, event_id, shard, topic, key, type, payload, header_names, header_values, ",
                      microseconds_of("created_at"));
}

OutboxRow read_outbox_row(RowReader& read) {
  OutboxRow row;
  row.seq = OutboxSeq(read.integer());
  row.id = EventId(read.uuid());
  row.shard = Shard(read.integer32());
  row.topic = read.one_of<Topic>(kTopics);
  row.key = read.raw_or_null();
  row.type = std::string(read.text());
  row.payload = Bytes(read.raw());
  row.headers = read.headers();
  row.created_at = read.instant();
  return row;
}

std::optional<SentAt> read_sent(RowReader& read) {
  if (read.next_is_null()) {
    read.skip(2);
    return std::nullopt;
  }
  const Partition partition(read.integer32());
  return SentAt{partition, Offset(read.integer())};
}

Announcement read_announcement(RowReader& read) {
  Announcement row;
  row.id = EventId(read.uuid());
  row.type = std::string(read.text());
  row.topic = read.one_of<Topic>(kTopics);
  row.created_at = read.instant();
  row.sent = read_sent(read);
  row.parked = read.text() == "t";
  return row;
}

ProcessedRow read_processed(RowReader& read) {
  ProcessedRow row;
  row.id = EventId(read.uuid());
  row.topic = read.one_of<Topic>(kTopics);
  row.partition = Partition(read.integer32());
  row.offset = Offset(read.integer());
  row.handled = read.one_of<Handled>(kHandledValues);
  row.at = read.instant();
  return row;
}

void add_outbox(WriteStatement& write, const std::vector<OutboxRow>& given) {
  if (given.empty()) return;
  std::vector<const OutboxRow*> rows;
  for (const OutboxRow& row : given) rows.push_back(&row);
  const auto headers_of = [](const OutboxRow& row) -> const Headers& { return row.headers; };
  const Slices slice = slices(rows, headers_of);
  write.add(
      "ox", kInsertOutbox,
      {array_of_all(rows, headers_of, [](const Header& header) { return Raw{header.name}; }),
       array_of_all(rows, headers_of, [](const Header& header) { return Raw{header.value}; }),
       array_of(rows, [](const OutboxRow* row) { return row->id.value; }),
       array_of(rows, [](const OutboxRow* row) { return row->shard.value; }),
       array_of(rows, [](const OutboxRow* row) { return to_string(row->topic); }),
       array_of(rows, [](const OutboxRow* row) { return row->key ? std::optional(Raw{*row->key}) : std::nullopt; }),
       array_of(rows, [](const OutboxRow* row) { return std::string_view(row->type); }),
       array_of(rows, [](const OutboxRow* row) { return Raw{row->payload.view()}; }), array_of_int32(slice.first),
       array_of_int32(slice.last), array_of(rows, [](const OutboxRow* row) { return row->created_at; })});
}

void add_processed(WriteStatement& write, const std::vector<ProcessedRow>& given) {
  if (given.empty()) return;
  const auto rows = sorted(given, [](const ProcessedRow& row) { return row.id; });
  write.add("pe", kInsertProcessed,
            {array_of(rows, [](const ProcessedRow* row) { return row->id.value; }),
             array_of(rows, [](const ProcessedRow* row) { return to_string(row->topic); }),
             array_of(rows, [](const ProcessedRow* row) { return row->partition.value; }),
             array_of(rows, [](const ProcessedRow* row) { return row->offset.value; }),
             array_of(rows, [](const ProcessedRow* row) { return to_string(row->handled); }),
             array_of(rows, [](const ProcessedRow* row) { return row->at; })});
}

HandledRead read_handled(Connection& connection, const std::vector<EventId>& events) {
  const pqxx::result result =
      connection.run(handled_statement(), {array_of(events, [](const EventId& id) { return id.value; })});
  const pqxx::row row = result.at(0);
  RowReader read(row);
  HandledRead out;
  out.now = read.instant();
  for (const Uuid& id : read.uuids()) out.handled.push_back(EventId(id));
  return out;
}

std::vector<OutboxRow> read_unsent(Connection& connection, Epoch epoch, std::int64_t limit) {
  std::vector<OutboxRow> rows;
  for (const pqxx::row& row : connection.run(unsent_statement(), {bigint(limit), bigint(epoch.value)})) {
    RowReader read(row);
    rows.push_back(read_outbox_row(read));
  }
  return rows;
}

Marked mark_outbox(Connection& connection, const MarkOutbox& mark) {
  const auto sent = sorted(mark.sent, [](const Sent& row) { return row.seq; });
  std::vector<OutboxSeq> parked = mark.parked;
  std::sort(parked.begin(), parked.end());
  const pqxx::result result =
      connection.run(mark_statement(), {array_of(sent, [](const Sent* row) { return row->seq.value; }),
                                        array_of(sent, [](const Sent* row) { return row->at.partition.value; }),
                                        array_of(sent, [](const Sent* row) { return row->at.offset.value; }),
                                        array_of(parked, [](const OutboxSeq& seq) { return seq.value; }),
                                        array_of(mark.shards, [](const Shard& shard) { return shard.value; }),
                                        bigint(mark.epoch.value), bigint(mark.fence == Fence::kEpoch ? 1 : 0)});
  const pqxx::row row = result.at(0);
  return {RowReader(row).integer()};
}

}  // namespace quickbite::postgres
