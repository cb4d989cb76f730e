// pgbench beside our own figures: what the same PostgreSQL does when two rows are inserted and
// committed, by 32 clients that do nothing else.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/live/postgres_server.h"

namespace quickbite::live {

// Transactions a second: BEGIN, an order and an outbox row inserted, COMMIT; 32 clients, prepared
// statements. Makes the database quickbite_bench, and drops it; our own databases have been made.
absl::StatusOr<double> run_pgbench(PostgresServer& postgres, const std::string& folder, absl::Duration duration);

}  // namespace quickbite::live
