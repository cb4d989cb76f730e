// The outbox as both schemas have it: rows added by a store, read by the relay, marked by it. And the dedupe rows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/writing.h"
#include "domain/port/ledger.h"
#include "domain/port/rows.h"
#include "domain/port/trail.h"

namespace quickbite::postgres {

// Of outbox_events, as read_outbox_row reads them: all but where the row was sent and whether it is parked.
std::string outbox_columns();
OutboxRow read_outbox_row(RowReader& read);
// sent_partition, sent_offset.
std::optional<SentAt> read_sent(RowReader& read);
// event_id, type, topic, created_at, sent_partition, sent_offset, parked.
Announcement read_announcement(RowReader& read);
// event_id, topic, kafka_partition, kafka_offset, handled, at.
ProcessedRow read_processed(RowReader& read);

void add_outbox(WriteStatement& write, const std::vector<OutboxRow>& rows);
void add_processed(WriteStatement& write, const std::vector<ProcessedRow>& rows);

struct HandledRead {
  Instant now;                   // at the start of the transaction
  std::vector<EventId> handled;  // sorted
};
HandledRead read_handled(Connection& connection, const std::vector<EventId>& events);

// Of the shards that the epoch claims.
std::vector<OutboxRow> read_unsent(Connection& connection, Epoch epoch, std::int64_t limit);

// One statement, and so one transaction.
Marked mark_outbox(Connection& connection, const MarkOutbox& mark);

}  // namespace quickbite::postgres
