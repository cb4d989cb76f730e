// One real PostgreSQL for all tests of an executable, with both databases migrated, and a way to look behind the adapter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/ledger_session.h"
#include "adapters/postgres/migrate.h"
#include "services/live/postgres_server.h"

namespace quickbite {

class RealPostgres {
 public:
  // Started when it is first asked for; ends with the process. Aborts, saying why, where there is none to be had.
  static RealPostgres& instance();

  live::PostgresServer& server() { return *server_; }
  postgres::SessionOptions session(postgres::Service service, const std::string& name = "test") const;

  // Empties every table but the register of migrations.
  void clear();

  // Runs SQL as the owner, or as the service.
  pqxx::result as_owner(postgres::Service service, const std::string& sql);
  pqxx::result as_service(postgres::Service service, const std::string& sql);
  pqxx::result as_superuser(const std::string& sql);
  // The first field of the first row.
  std::string one(postgres::Service service, const std::string& sql);

  // What the session of that application_name is doing: "idle", "idle in transaction", "active", "waits for a lock", or ""
  // where there is none.
  std::string activity(const std::string& application_name);

 private:
  RealPostgres();

  std::unique_ptr<live::PostgresServer> server_;
};

}  // namespace quickbite
