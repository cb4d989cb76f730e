// The PostgreSQL that a run uses: the one that QUICKBITE_POSTGRES names, or a private cluster; and the databases on it.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/postgres/migrate.h"
#include "services/live/postgres_cluster.h"

namespace quickbite::live {

class PostgresServer {
 public:
  // QUICKBITE_POSTGRES, where it is set, is libpq's connection string of a superuser (or whoever may make roles and
  // databases) of an existing server; `options` count only where it is not. Errors: PostgresCluster::start's.
  static absl::StatusOr<std::unique_ptr<PostgresServer>> open(const PostgresOptions& options);

  std::string superuser_connection() const;
  // To one of the databases that make_databases makes, as its owner or as the service.
  std::string owner_connection(postgres::Service service) const;
  std::string app_connection(postgres::Service service) const;

  // Makes and migrates both databases, where they are not there and up to date; `prefix` counts from then on.
  absl::Status make_databases(const std::string& prefix = "quickbite");

  PostgresCluster* cluster() { return cluster_.get(); }  // null where the server is somebody else's

 private:
  PostgresServer() = default;
  std::string connection(const std::string& database, std::string_view role) const;

  std::string existing_;
  std::unique_ptr<PostgresCluster> cluster_;
  std::string prefix_ = "quickbite";
};

}  // namespace quickbite::live
