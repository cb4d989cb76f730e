#include "services/cli/migrate_command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/migrate.h"
#include "services/cli/addresses.h"
#include "services/cli/json_text.h"
#include "services/cli/operator_log.h"
#include "services/cli/patience_flag.h"

namespace quickbite::cli {
namespace {

struct Flags {
  AddressFlags addresses;
  std::string superuser;
  std::string database_prefix = "quickbite";
  bool status = false;
  std::string patience;
  bool json = false;
};

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

// --- status ---------------------------------------------------------------------------------------

struct Standing {
  postgres::Service service = postgres::Service::kOrders;
  std::int64_t version = 0;
  postgres::SchemaRange range;
  std::vector<std::string> pending;

  bool serves() const { return version >= range.min && version <= range.max; }
};

std::string words_of(const Standing& standing) {
  std::string out = absl::StrCat(std::string(postgres::to_string(standing.service)), ": schema version ", standing.version);
  if (standing.version > standing.range.max) {
    return absl::StrCat(out, ", newer than this program, which serves ", standing.range.min, " to ", standing.range.max, "\n");
  }
  if (standing.pending.empty()) return out + ", up to date\n";
  absl::StrAppend(&out, standing.serves() ? ", can be served" : ", too old to be served", "; `quickbite migrate` would apply ");
  for (const std::string& name : standing.pending) absl::StrAppend(&out, name == standing.pending.front() ? "" : ", ", name);
  return out + "\n";
}

void print_json(const std::vector<Standing>& all) {
  JsonText json;
  for (const Standing& standing : all) {
    json.open_object(postgres::to_string(standing.service));
    json.member("version", standing.version);
    json.member("served_from", standing.range.min);
    json.member("served_to", standing.range.max);
    json.member("serves", standing.serves());
    json.open_array("pending");
    for (const std::string& name : standing.pending) json.element(name);
    json.close_array();
    json.close_object();
  }
  std::cout << json.take() << std::endl;
}

// Looks, and changes nothing. kFailed where a database is not at this program's version.
ExitCode show_status(const Flags& flags) {
  const Addresses addresses(flags.addresses);
  std::vector<Standing> all;
  for (const postgres::Service service : {postgres::Service::kOrders, postgres::Service::kInventory}) {
    const absl::StatusOr<std::string> connection = addresses.database(service);
    if (!connection.ok()) return failed(connection.status());
    const absl::StatusOr<std::int64_t> version = postgres::schema_version(*connection);
    if (!version.ok()) {
      return failed(absl::Status(version.status().code(), absl::StrCat("the ", std::string(postgres::to_string(service)),
                                                                       " database: ", version.status().message())));
    }
    all.push_back({service, *version, postgres::schema_range(service), postgres::pending_migrations(service, *version)});
  }
  if (flags.json) print_json(all);
  ExitCode code = ExitCode::kHeld;
  for (const Standing& standing : all) {
    if (!flags.json) std::cout << words_of(standing);
    if (standing.version != standing.range.max) code = ExitCode::kFailed;
  }
  std::cout << std::flush;
  return code;
}

ExitCode run(const Flags& flags) {
  if (flags.status) return show_status(flags);
  if (flags.addresses.orders.empty() && flags.addresses.inventory.empty() && flags.superuser.empty()) {
    std::cerr << "quickbite: nothing to migrate; expected --orders, --inventory or --superuser\n";
    return ExitCode::kUsage;
  }
  if (!flags.superuser.empty()) {
    const absl::Status made = patiently(flags.patience, [&] { return make_roles_and_databases(flags); });
    if (!made.ok()) return failed(made);
  }
  std::vector<postgres::MigrationReport> reports;
  for (const postgres::Service service :
       {postgres::Service::kOrders, postgres::Service::kInventory}) {
    const std::string& connection =
        service == postgres::Service::kOrders ? flags.addresses.orders : flags.addresses.inventory;
    if (connection.empty()) continue;
    absl::StatusOr<postgres::MigrationReport> report;
    const absl::Status migrated = patiently(flags.patience, [&] {
      report = postgres::migrate(connection, service);
      return report.status();
    });
    if (!migrated.ok()) return failed(migrated);
    if (!flags.json) std::cout << to_string(*report) << std::flush;
    reports.push_back(*std::move(report));
  }
  if (flags.json) print_json(reports);
  return ExitCode::kHeld;
}

}  // namespace

Action declare_migrate(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--orders", flags->addresses.orders,
                 "the orders database, as its owner: a connection string or URL of libpq")
      ->envname("QUICKBITE_ORDERS_DATABASE");
  app.add_option("--inventory", flags->addresses.inventory, "the inventory database, likewise")
      ->envname("QUICKBITE_INVENTORY_DATABASE");
  app.add_option("--superuser", flags->superuser,
                 "first make the roles and databases that are missing, as this superuser")
      ->envname("QUICKBITE_SUPERUSER_DATABASE");
  app.add_option(
      "--database-prefix", flags->database_prefix,
      "what the names of the databases begin with, for --superuser (default: quickbite)");
  app.add_flag("--status", flags->status,
               "tell at which version the databases are (those of a running `up`, where none is named), and change nothing; 1 "
               "where one is not at this program's");
  declare_data_dir(app, flags->addresses);
  declare_patience(app, flags->patience);
  app.add_flag("--json", flags->json, "print one JSON object");
  app.footer(
      "Passwords of the roles to make are taken from QUICKBITE_OWNER_PASSWORD, "
      "QUICKBITE_ORDERS_PASSWORD and\n"
      "QUICKBITE_INVENTORY_PASSWORD.");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
