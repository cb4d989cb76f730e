#include "proptests/postgres/real_postgres.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace quickbite {
namespace {

using postgres::Service;

std::string temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "quickbite-postgres-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return {};
  chmod(pattern.c_str(), 0755);  // PostgreSQL runs as another user, where we are root
  return pattern;
}

void die_unless(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "no PostgreSQL to test with: %s\n", std::string(status.message()).c_str());
  std::abort();
}

// Ends the server before the folder goes, and both before the process does.
class Shutdown : public testing::Environment {
 public:
  Shutdown(std::unique_ptr<live::PostgresServer>& server, std::string folder, std::string prefix)
      : server_(server), folder_(std::move(folder)), prefix_(std::move(prefix)) {}
  void TearDown() override {
    if (server_->cluster() == nullptr) drop_databases();
    server_.reset();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }

 private:
  void drop_databases() {
    postgres::AdminConnection server(server_->superuser_connection());
    for (const Service service : {Service::kOrders, Service::kInventory}) {
      server.run(absl::StrCat("DROP DATABASE IF EXISTS ", postgres::database_name(service, prefix_), " WITH (FORCE)"));
    }
  }

  std::unique_ptr<live::PostgresServer>& server_;
  std::string folder_;
  std::string prefix_;
};

}  // namespace

RealPostgres& RealPostgres::instance() {
  static RealPostgres* postgres = new RealPostgres();
  return *postgres;
}

RealPostgres::RealPostgres() {
  live::PostgresOptions options;
  options.folder = temporary_folder();
  options.fsync = false;  // the folder does not outlive the test
  auto server = live::PostgresServer::open(options);
  die_unless(server.status());
  server_ = *std::move(server);
  const std::string prefix = absl::StrCat("quickbite_test_", getpid());
  die_unless(server_->make_databases(prefix));
  testing::AddGlobalTestEnvironment(new Shutdown(server_, options.folder, prefix));
}

postgres::SessionOptions RealPostgres::session(Service service, const std::string& name) const {
  postgres::SessionOptions options;
  options.connection = server_->app_connection(service);
  options.application_name = name;
  return options;
}

void RealPostgres::clear() {
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    as_owner(service, "TRUNCATE outbox_leases; UPDATE outbox_claims SET epoch = 0");
  }
  as_owner(Service::kOrders, "TRUNCATE orders, order_history, processed_events, outbox_events, swept");
  as_owner(Service::kInventory, "TRUNCATE stock, reservations, stock_movements, processed_events, outbox_events, swept");
}

pqxx::result RealPostgres::as_owner(Service service, const std::string& sql) {
  return postgres::AdminConnection(server_->owner_connection(service)).run(sql);
}

pqxx::result RealPostgres::as_service(Service service, const std::string& sql) {
  return postgres::AdminConnection(server_->app_connection(service)).run(sql);
}

pqxx::result RealPostgres::as_superuser(const std::string& sql) {
  return postgres::AdminConnection(server_->superuser_connection()).run(sql);
}

std::string RealPostgres::one(Service service, const std::string& sql) {
  return as_owner(service, sql).at(0).at(0).c_str();
}

std::string RealPostgres::activity(const std::string& application_name) {
  const pqxx::result result = as_superuser(absl::StrCat(
      "SELECT CASE WHEN wait_event_type = 'Lock' THEN 'waits for a lock' ELSE state END"
      " FROM pg_stat_activity WHERE application_name = '", application_name, "'"));
  return result.empty() ? "" : result.at(0).at(0).c_str();
}

}  // namespace quickbite
