// A connection for bootstrap and migrations: errors become absl::Status.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/postgres/pqxx_compat.h"

namespace quickbite::postgres {

// What the exception being handled says, after `doing` ("migrating orders to 2"). Call it inside a catch block.
absl::Status status_of_current_exception(const std::string& doing);

struct AdminConnection {
  // Throws what libpqxx throws. Waits for locks for at most 10 s, so that a migration never queues the whole service up
  // behind itself.
  explicit AdminConnection(const std::string& connection);

  pqxx::result run(const std::string& sql);
  std::string quote(const std::string& text);        // as a literal
  std::string quote_name(const std::string& name);   // as an identifier

  pqxx::connection connection;
  pqxx::quiet_errorhandler quiet;
};

// The version that the database's schema is at; 0 where nothing was migrated yet.
std::int64_t version_in(AdminConnection& database);

// Calls `work`, which returns absl::Status or absl::StatusOr, and turns what it throws into a status.
template <class Work>
auto with_status(const std::string& doing, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return status_of_current_exception(doing);
  }
}

}  // namespace quickbite::postgres
