// Rows of the outbox that are to be sent again.
#pragma once

#include "adapters/postgres/connection.h"
#include "domain/port/resend.h"

namespace quickbite::postgres {

// One statement, and so one transaction.
Resent resend_rows(Connection& connection, const Resend& resend);

}  // namespace quickbite::postgres
