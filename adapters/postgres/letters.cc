#include "adapters/postgres/letters.h"

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/binary.h"
#include "adapters/postgres/outbox.h"
#include "adapters/postgres/reading.h"
#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"

namespace quickbite::postgres {
namespace {

// A condition that is not there is an empty array.
const Statement& letters_statement() {
  static const Statement statement{
      "letters",
      absl::StrCat("SELECT ", outbox_columns(), ", sent_partition, sent_offset, parked",
                   " FROM outbox_events WHERE type = 'DeadLetter' AND seq > $8::bigint"
                   " AND (cardinality($1::uuid[]) = 0 OR event_id = ANY ($1::uuid[]))"
                   " AND (cardinality($2::text[]) = 0 OR topic = ANY ($2::text[]))"
                   " AND (cardinality($3::bytea[]) = 0 OR ($3::bytea[])[1] = substring("
                   "  header_values[array_position(header_names, 'dlq-reason'::bytea)] FOR octet_length(($3::bytea[])[1])))"
                   " AND (cardinality($4::bytea[]) = 0 OR key = ($4::bytea[])[1])"
                   " AND (cardinality($5::bytea[]) = 0 OR position(($5::bytea[])[1] IN payload) > 0"
                   "  OR position(($5::bytea[])[1] IN key) > 0)"
                   " AND (cardinality($6::timestamptz[]) = 0 OR created_at >= ($6::timestamptz[])[1])"
                   " AND (cardinality($7::timestamptz[]) = 0 OR created_at < ($7::timestamptz[])[1])"
                   " ORDER BY seq LIMIT $9::bigint")};
  return statement;
}

const Statement& redrives_statement() {
  static const Statement statement{
      "redrives", absl::StrCat("SELECT e.at, o.event_id, o.type, o.topic, ", microseconds_of("o.created_at"),
                               ", o.sent_partition, o.sent_offset, o.parked"
                               " FROM unnest($1::bigint[], $2::uuid[]) AS e (at, event_id) JOIN outbox_events o USING (event_id)"
                               " ORDER BY e.at")};
  return statement;
}

const Statement& outcomes_statement() {
  static const Statement statement{
      "outcomes", absl::StrCat("SELECT event_id, topic, kafka_partition, kafka_offset, handled, ", microseconds_of("at"),
                               " FROM processed_events WHERE event_id = ANY ($1::uuid[])")};
  return statement;
}

template <class T>
std::vector<T> maybe(const std::optional<T>& value) {
  return value ? std::vector<T>{*value} : std::vector<T>{};
}
std::string texts(const std::vector<std::string>& values) {
  return array_of(values, [](const std::string& value) { return Raw{value}; });
}
std::string instants(const std::optional<Instant>& value) {
  return array_of(maybe(value), [](Instant instant) { return instant; });
}

std::vector<std::string> parameters_of(const FindLetters& find) {
  const LetterFilter& filter = find.filter;
  std::vector<std::string_view> topics;
  if (filter.topic) topics.push_back(to_string(dead_letter_topic(*filter.topic)));
  const auto unless_empty = [](const std::string& text) {
    return text.empty() ? std::vector<std::string>{} : std::vector<std::string>{text};
  };
  return {array_of(filter.ids, [](const EventId& id) { return id.value; }),
          array_of(topics, [](std::string_view topic) { return topic; }),
          texts(unless_empty(filter.reason)),
          texts(maybe(filter.key)),
          texts(unless_empty(filter.text)),
          instants(filter.since),
          instants(filter.until),
          bigint(find.after.value),
          bigint(find.limit)};
}

std::vector<LetterFound> read_letters(Connection& connection, const FindLetters& find) {
  std::vector<LetterFound> letters;
  for (const pqxx::row& result : connection.run(letters_statement(), parameters_of(find))) {
    RowReader read(result);
    LetterFound found;
    found.letter = read_outbox_row(read);
    found.letter.sent = read_sent(read);
    found.letter.parked = read.text() == "t";
    letters.push_back(std::move(found));
  }
  return letters;
}

void read_redrives(Connection& connection, std::vector<LetterFound>& letters) {
  std::vector<std::int64_t> places;  // in the order of letters, then of their redrives
  std::vector<EventId> ids;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    for (std::int64_t nth = 1; nth <= kRedrivesMax; ++nth) {
      places.push_back(static_cast<std::int64_t>(i) * (kRedrivesMax + 1) + nth);
      ids.push_back(redrive_id(letters[i].letter.id, nth));
    }
  }
  const auto results = connection.run(redrives_statement(), {array_of(places, [](std::int64_t place) { return place; }),
                                                             array_of(ids, [](const EventId& id) { return id.value; })});
  for (const pqxx::row& result : results) {
    RowReader read(result);
    LetterFound& found = letters[static_cast<std::size_t>(read.integer() / (kRedrivesMax + 1))];
    found.redrives.push_back(read_announcement(read));
  }
}

void read_outcomes(Connection& connection, std::vector<LetterFound>& letters) {
  FlatMap<EventId, std::vector<LetterFound*>> of;
  for (LetterFound& found : letters) {
    if (const auto event = event_of_letter(found.letter)) of[*event].push_back(&found);
  }
  std::vector<EventId> events;
  for (const auto& [event, found] : of) events.push_back(event);
  const auto results =
      connection.run(outcomes_statement(), {array_of(events, [](const EventId& id) { return id.value; })});
  for (const pqxx::row& result : results) {
    RowReader read(result);
    const ProcessedRow row = read_processed(read);
    for (LetterFound* found : *of.find(row.id)) found->handled = row;
  }
}

}  // namespace

LettersFound find_letters(Connection& connection, const FindLetters& find) {
  LettersFound out{read_letters(connection, find)};
  if (out.letters.empty()) return out;
  read_redrives(connection, out.letters);
  read_outcomes(connection, out.letters);
  return out;
}

}  // namespace quickbite::postgres
