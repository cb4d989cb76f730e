// Leases of the outbox's shards (domain/port/lease.h), as both schemas have them.
#pragma once

#include "adapters/postgres/connection.h"
#include "domain/port/lease.h"

namespace quickbite::postgres {

// Under an open transaction, which is then the only one that renews until it ends. Its commit is waited for, whatever the session's
// settings: an epoch must not be given twice.
Lease renew_lease(Connection& connection, const Renewal& renewal);

}  // namespace quickbite::postgres
