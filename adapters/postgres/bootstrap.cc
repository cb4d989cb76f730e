#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/migrate.h"
#include "adapters/postgres/reading.h"

namespace quickbite::postgres {
namespace {

constexpr const char* kBootstrapLock = "7165428346590417";

struct Role {
  std::string name;
  std::string password;
};

void ensure_role(AdminConnection& server, const Role& role) {
  const std::string name = server.quote_name(role.name);
  if (server.run(absl::StrCat("SELECT FROM pg_roles WHERE rolname = ", server.quote(role.name))).empty()) {
    server.run(absl::StrCat("CREATE ROLE ", name, " LOGIN"));
  }
  if (!role.password.empty()) {
    server.run(absl::StrCat("ALTER ROLE ", name, " PASSWORD ", server.quote(role.password)));
  }
}

// Byte order for text: the services sort by bytes too, so both lock and insert in the same order.
void ensure_database(AdminConnection& server, const std::string& database) {
  if (!server.run(absl::StrCat("SELECT FROM pg_database WHERE datname = ", server.quote(database))).empty()) return;
  server.run(absl::StrCat("CREATE DATABASE ", server.quote_name(database), " OWNER ", std::string(kOwnerRole),
                          " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"));
}

void restrict_database(AdminConnection& server, const std::string& database, const std::string& role) {
  const std::string name = server.quote_name(database);
  server.run(absl::StrCat("REVOKE ALL ON DATABASE ", name, " FROM PUBLIC"));
  server.run(absl::StrCat("GRANT CONNECT ON DATABASE ", name, " TO ", server.quote_name(role)));
}

}  // namespace

absl::Status bootstrap(const std::string& superuser_connection, const BootstrapOptions& options) {
  return with_status("making roles and databases", [&] {
    AdminConnection server(superuser_connection);
    server.run("SET lock_timeout = 0");  // waits for another bootstrap as long as it takes
    server.run(absl::StrCat("SELECT pg_advisory_lock(", kBootstrapLock, ")"));
    ensure_role(server, {std::string(kOwnerRole), options.owner_password});
    ensure_role(server, {app_role(Service::kOrders), options.orders_password});
    ensure_role(server, {app_role(Service::kInventory), options.inventory_password});
    for (const Service service : {Service::kOrders, Service::kInventory}) {
      const std::string database = database_name(service, options.database_prefix);
      ensure_database(server, database);
      restrict_database(server, database, app_role(service));
    }
    return absl::OkStatus();
  });
}

}  // namespace quickbite::postgres
