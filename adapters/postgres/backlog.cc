#include "adapters/postgres/backlog.h"

#include "absl/strings/str_cat.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/reading.h"

namespace quickbite::postgres {
namespace {

// The oldest first, so that a limit leaves out none of what is told of them. LIMIT keeps the partial index the only way to go.
std::string backlog_statement() {
  return absl::StrCat(
      "SELECT topic, count(*) FILTER (WHERE NOT parked), count(*) FILTER (WHERE parked),"
      " greatest((extract(epoch FROM statement_timestamp() - min(created_at) FILTER (WHERE NOT parked)) * 1000000)::bigint, 0)"
      " FROM (SELECT topic, parked, created_at FROM outbox_events WHERE sent_offset IS NULL ORDER BY seq LIMIT ",
      kBacklogMost, ") AS waiting GROUP BY topic ORDER BY topic");
}

}  // namespace

absl::StatusOr<Seen> look_at_database(const std::string& connection, const SchemaRange& range) {
  return with_status("asking for the schema's version", [&]() -> absl::StatusOr<Seen> {
    AdminConnection database(connection);
    database.run("SET statement_timeout = '1s'");
    Seen seen;
    seen.schema_version = version_in(database);
    if (seen.schema_version < range.min || seen.schema_version > range.max) return seen;
    for (const pqxx::row& row : database.run(backlog_statement())) {
      RowReader read(row);
      Backlog backlog;
      backlog.topic = read.one_of<Topic>(kTopics);
      backlog.unsent = read.integer();
      backlog.parked = read.integer();
      backlog.oldest = microseconds(read.integer());
      seen.backlogs.push_back(backlog);
    }
    return seen;
  });
}

}  // namespace quickbite::postgres
