#include "services/cli/migrate_command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/postgres/migrate.h"
#include "services/cli/json_text.h"

namespace quickbite::cli {
namespace {

struct Flags {
  std::string orders;
  std::string inventory;
  std::string superuser;
  std::string database_prefix = "quickbite";
  bool json = false;
};

ExitCode failed(const absl::Status& status) {
  std::cerr << "quickbite: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? ExitCode::kUsage : ExitCode::kFailed;
}

// A password on a command line is seen by everybody on the machine: these come by the environment
// alone.
std::string secret(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

absl::Status make_roles_and_databases(const Flags& flags) {
  postgres::BootstrapOptions options;
  options.database_prefix = flags.database_prefix;
  options.owner_password = secret("QUICKBITE_OWNER_PASSWORD");
  options.orders_password = secret("QUICKBITE_ORDERS_PASSWORD");
  options.inventory_password = secret("QUICKBITE_INVENTORY_PASSWORD");
  return postgres::bootstrap(flags.superuser, options);
}

void print_json(const std::vector<postgres::MigrationReport>& reports) {
  JsonText json;
  for (const postgres::MigrationReport& report : reports) {
    json.open_object(postgres::to_string(report.service));
    json.member("before", report.before);
    json.member("after", report.after);
    json.member("known", report.known);
    json.open_array("applied");
    for (const postgres::AppliedMigration& migration : report.applied) {
      json.open_object();
      json.member("version", migration.version);
      json.member("name", migration.name);
      json.member("took_ms", migration.took_ms);
      json.close_object();
    }
    json.close_array();
    json.close_object();
  }
  std::cout << json.take() << std::endl;
}

ExitCode run(const Flags& flags) {
  if (flags.orders.empty() && flags.inventory.empty() && flags.superuser.empty()) {
    std::cerr << "quickbite: nothing to migrate; expected --orders, --inventory or --superuser\n";
    return ExitCode::kUsage;
  }
  if (!flags.superuser.empty()) {
    const absl::Status made = make_roles_and_databases(flags);
    if (!made.ok()) return failed(made);
  }
  std::vector<postgres::MigrationReport> reports;
  for (const postgres::Service service :
       {postgres::Service::kOrders, postgres::Service::kInventory}) {
    const std::string& connection =
        service == postgres::Service::kOrders ? flags.orders : flags.inventory;
    if (connection.empty()) continue;
    absl::StatusOr<postgres::MigrationReport> report = postgres::migrate(connection, service);
    if (!report.ok()) return failed(report.status());
    if (!flags.json) std::cout << to_string(*report) << std::flush;
    reports.push_back(*std::move(report));
  }
  if (flags.json) print_json(reports);
  return ExitCode::kHeld;
}

}  // namespace

Action declare_migrate(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--orders", flags->orders,
                 "the orders database, as its owner: a connection string or URL of libpq")
      ->envname("QUICKBITE_ORDERS_DATABASE");
  app.add_option("--inventory", flags->inventory, "the inventory database, likewise")
      ->envname("QUICKBITE_INVENTORY_DATABASE");
  app.add_option("--superuser", flags->superuser,
                 "first make the roles and databases that are missing, as this superuser")
      ->envname("QUICKBITE_SUPERUSER_DATABASE");
  app.add_option(
      "--database-prefix", flags->database_prefix,
      "what the names of the databases begin with, for --superuser (default: quickbite)");
  app.add_flag("--json", flags->json, "print one JSON object");
  app.footer(
      "Passwords of the roles to make are taken from QUICKBITE_OWNER_PASSWORD, "
      "QUICKBITE_ORDERS_PASSWORD and\n"
      "QUICKBITE_INVENTORY_PASSWORD.");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
