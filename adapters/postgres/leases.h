// Leases of the outbox's shards (domain/port/lease.h), as both schemas have them.
#pragma once

#include "adapters/postgres/connection.h"
#include "domain/port/lease.h"

namespace quickbite::postgres {

// Under an open transaction, which is then the only one that renews until it ends. Its commit is waited for, whatever the session's
// settings: an epoch must not be given twice.
Lease renew_lease(Connection& connection, const Renewal& renewal);

// Under an open transaction: every lease is gone, every shard free. Waits for the marks that are under way, and those that come
// after it wait for its transaction.
void end_leases(Connection& connection);

}  // namespace quickbite::postgres
