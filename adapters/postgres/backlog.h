// What a service's database is asked every few seconds: its schema's version, and what waits in its outbox.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/postgres/migrate.h"
#include "domain/base/time.h"
#include "domain/message/record.h"

namespace quickbite::postgres {

inline constexpr std::int64_t kBacklogMost = 100'000;  // rows that are counted; as many stand for "at least as many"

// Of the outbox rows that are not sent.
struct Backlog {
  Topic topic = Topic::kOrders;
  std::int64_t unsent = 0;  // rows that wait for the relay, or behind a parked row of their key
  std::int64_t parked = 0;  // rows that wait for an operator
  Duration oldest;          // the age of the oldest that is not parked, by the database's clock
};

struct Seen {
  std::int64_t schema_version = 0;
  std::vector<Backlog> backlogs;  // of topics with any such row; none where the schema is not in range
};

// Connects, asks, disconnects: two statements, of a second each at most. Errors as in migrate.h.
absl::StatusOr<Seen> look_at_database(const std::string& connection, const SchemaRange& range);

}  // namespace quickbite::postgres
