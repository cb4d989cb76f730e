#include "services/live/postgres_server.h"

#include <cstdlib>
#include <utility>

#include "adapters/postgres/connection_string.h"

namespace quickbite::live {

absl::StatusOr<std::unique_ptr<PostgresServer>> PostgresServer::open(const PostgresOptions& options) {
  std::unique_ptr<PostgresServer> server(new PostgresServer());
  const char* existing = std::getenv("QUICKBITE_POSTGRES");
  if (existing != nullptr && *existing != '\0') {
    server->existing_ = existing;
    return server;
  }
  auto cluster = PostgresCluster::start(options);
  if (!cluster.ok()) return cluster.status();
  server->cluster_ = *std::move(cluster);
  return server;
}

std::string PostgresServer::superuser_connection() const {
  return cluster_ == nullptr ? existing_ : cluster_->superuser_connection();
}

std::string PostgresServer::connection(const std::string& database, std::string_view role) const {
  return cluster_ == nullptr ? postgres::with_database(existing_, database, role) : cluster_->connection(database, role);
}

std::string PostgresServer::owner_connection(postgres::Service service) const {
  return connection(postgres::database_name(service, prefix_), postgres::kOwnerRole);
}

std::string PostgresServer::app_connection(postgres::Service service) const {
  return connection(postgres::database_name(service, prefix_), postgres::app_role(service));
}

absl::Status PostgresServer::make_databases(const std::string& prefix) {
  prefix_ = prefix;
  postgres::BootstrapOptions options;
  options.database_prefix = prefix;
  if (const absl::Status made = postgres::bootstrap(superuser_connection(), options); !made.ok()) return made;
  for (const postgres::Service service : {postgres::Service::kOrders, postgres::Service::kInventory}) {
    const auto migrated = postgres::migrate(owner_connection(service), service);
    if (!migrated.ok()) return migrated.status();
  }
  return absl::OkStatus();
}

}  // namespace quickbite::live
