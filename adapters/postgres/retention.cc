#include "adapters/postgres/retention.h"

#include "adapters/postgres/reading.h"
#include "adapters/postgres/writing.h"

namespace quickbite::postgres {
namespace {

// All parts see the rows as they were when the statement began (PostgreSQL manual 7.8.4), so a dead letter and its dedupe row
// never go together: the row goes later. Who does not get the turn deletes nothing; so two that prune never wait for each other.
// The cutoff is a sub-select by itself, so that each search is a range of an index that ends at the limit. OFFSET 0 keeps the
// question for a dead letter what it reads like, a look into an index for each row: as an anti-join, the planner takes it to leave
// next to nothing, and hashes the whole outbox for each batch. A row that an older version of the service marked has no
// sent_at; its age counts from its creation.
const Statement& prune_statement() {
  static const Statement statement{
      "prune",
      "WITH turn AS MATERIALIZED (SELECT now() - $1::bigint * interval '1 microsecond' AS cutoff"
      "  WHERE pg_try_advisory_xact_lock(hashtext('quickbite retention'))),"
      " old_sent AS MATERIALIZED (SELECT event_id FROM outbox_events"
      "  WHERE sent_offset IS NOT NULL AND coalesce(sent_at, created_at) < (SELECT cutoff FROM turn)"
      "  ORDER BY coalesce(sent_at, created_at) LIMIT $2::bigint),"
      " old_marks AS MATERIALIZED (SELECT event_id FROM processed_events p"
      "  WHERE at < (SELECT cutoff FROM turn)"
      "   AND NOT EXISTS (SELECT FROM outbox_events o WHERE o.event_id = p.event_id OFFSET 0)"
      "  ORDER BY at LIMIT $2::bigint),"
      " gone_sent AS (DELETE FROM outbox_events WHERE event_id IN (SELECT event_id FROM old_sent) RETURNING 1),"
      " gone_marks AS (DELETE FROM processed_events WHERE event_id IN (SELECT event_id FROM old_marks) RETURNING 1),"
      " gone AS MATERIALIZED (SELECT (SELECT count(*) FROM gone_marks) AS marks, (SELECT count(*) FROM gone_sent) AS sent),"
      " noted AS (INSERT INTO swept (before) SELECT cutoff FROM turn, gone WHERE marks + sent > 0"
      "  ON CONFLICT (id) DO UPDATE SET before = greatest(swept.before, excluded.before))"
      " SELECT marks, sent FROM gone"};
  return statement;
}

}  // namespace

Pruned prune_rows(Connection& connection, const Prune& prune) {
  const pqxx::result result = connection.run(prune_statement(), {bigint(prune.keep.us), bigint(prune.limit)});
  const pqxx::row row = result.at(0);
  RowReader read(row);
  Pruned pruned;
  pruned.processed = read.integer();
  pruned.outbox = read.integer();
  return pruned;
}

}  // namespace quickbite::postgres
