// Retention: what both schemas lose when it is old enough: rows of the outbox that were sent, and dedupe rows.
#pragma once

#include "adapters/postgres/connection.h"
#include "domain/port/ledger.h"

namespace quickbite::postgres {

// One statement, and so one transaction.
Pruned prune_rows(Connection& connection, const Prune& prune);

}  // namespace quickbite::postgres
