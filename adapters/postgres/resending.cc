#include "adapters/postgres/resending.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/binary.h"
#include "adapters/postgres/reading.h"

namespace quickbite::postgres {
namespace {

// $1 topics, $2 since, $3 until, each none or one; $4 at most so many; $5 whether rows are changed; $6 events. A search by ids and
// one by age need different indexes, hence two statements. The clock's time and not the transaction's: that may have waited for a
// mark of after its beginning. A row that an older version of the service marked has no sent_at.
std::string resend_sql(std::string_view from, std::string_view condition) {
  return absl::StrCat("WITH cut AS MATERIALIZED (SELECT coalesce(($3::timestamptz[])[1], clock_timestamp()) AS until),"
                      " chosen AS MATERIALIZED (SELECT o.event_id FROM ",
                      std::string(from), " WHERE o.sent_offset IS NOT NULL AND ", std::string(condition),
                      " coalesce(o.sent_at, o.created_at) < (SELECT until FROM cut)"
                      " AND coalesce(o.sent_at, o.created_at) >= coalesce(($2::timestamptz[])[1], '-infinity')"
                      " AND (cardinality($1::text[]) = 0 OR o.topic = ANY ($1::text[]))"
                      " ORDER BY coalesce(o.sent_at, o.created_at) LIMIT $4::bigint),"
                      " again AS (UPDATE outbox_events SET sent_partition = NULL, sent_offset = NULL, sent_at = NULL"
                      "  WHERE $5::bigint = 1 AND event_id IN (SELECT event_id FROM chosen) RETURNING 1)"
                      " SELECT CASE WHEN $5::bigint = 1 THEN (SELECT count(*) FROM again) ELSE (SELECT count(*) FROM chosen) END, ",
                      microseconds_of("until"), " FROM cut");
}

const Statement& by_age_statement() {
  static const Statement statement{"resend_age", resend_sql("outbox_events o", "cardinality($6::uuid[]) = 0 AND")};
  return statement;
}

const Statement& by_id_statement() {
  static const Statement statement{
      "resend_ids", resend_sql("unnest($6::uuid[]) AS e (event_id) JOIN outbox_events o USING (event_id)", "")};
  return statement;
}

std::string instants(const std::optional<Instant>& value) {
  const std::vector<Instant> one = value ? std::vector<Instant>{*value} : std::vector<Instant>{};
  return array_of(one, [](Instant instant) { return instant; });
}

}  // namespace

Resent resend_rows(Connection& connection, const Resend& resend) {
  const ResendFilter& filter = resend.filter;
  std::vector<std::string_view> topics;
  if (filter.topic) topics.push_back(to_string(*filter.topic));
  const pqxx::result result =
      connection.run(filter.events.empty() ? by_age_statement() : by_id_statement(),
                     {array_of(topics, [](std::string_view topic) { return topic; }), instants(filter.since),
                      instants(resend.until), bigint(resend.limit), bigint(resend.dry ? 0 : 1),
                      array_of(filter.events, [](const EventId& id) { return id.value; })});
  const pqxx::row row = result.at(0);
  RowReader read(row);
  Resent resent;
  resent.rows = read.integer();
  resent.until = read.instant();
  return resent;
}

}  // namespace quickbite::postgres
