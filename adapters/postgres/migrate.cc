#include "adapters/postgres/migrate.h"

#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/migrations.h"
#include "adapters/postgres/reading.h"

namespace quickbite::postgres {
namespace {

// Any constant will do, as long as it stays: advisory locks are a database's own.
constexpr const char* kMigrationLock = "7165428346590418";

constexpr const char* kCreateRegister =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  version bigint PRIMARY KEY CHECK (version >= 1),"
    "  name text NOT NULL,"
    "  checksum text NOT NULL,"  // SHA-256 of the file, in hex
    "  applied_at timestamptz NOT NULL DEFAULT now())";

struct Migration {
  std::int64_t version;
  std::string name;
  std::string sql;
};

std::vector<Migration> migrations_of(Service service) {
  std::vector<Migration> out;
  for (std::size_t i = 0; i < kMigrationCount; ++i) {
    const EmbeddedMigration& migration = kMigrations[i];
    if (migration.service != to_string(service)) continue;
    out.push_back({std::strtoll(migration.version, nullptr, 10), migration.name, migration.sql});
  }
  return out;
}

std::string checksum(AdminConnection& database, const std::string& sql) {
  const pqxx::result result =
      database.run(absl::StrCat("SELECT encode(sha256(convert_to(", database.quote(sql), ", 'UTF8')), 'hex')"));
  return std::string(RowReader(result.at(0)).text());
}

// Nobody may edit what has been applied: another database has the old text.
absl::Status check_applied(AdminConnection& database, const Migration& migration) {
  const pqxx::result result =
      database.run(absl::StrCat("SELECT name, checksum FROM schema_migrations WHERE version = ", migration.version));
  if (result.empty()) {
    return absl::FailedPreconditionError(
        absl::StrFormat("migration %04d_%s was never applied here, though later ones were", migration.version,
                        migration.name));
  }
  const pqxx::row row = result.at(0);
  RowReader read(row);
  const std::string name(read.text());
  if (read.text() == checksum(database, migration.sql)) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrFormat(
      "migration %04d was applied here as \"%s\" and has been changed since: write a new migration instead",
      migration.version, name));
}

AppliedMigration apply(AdminConnection& database, const Migration& migration) {
  const auto start = std::chrono::steady_clock::now();
  // One simple query is one transaction (PostgreSQL manual 55.2.2.1): all of it, and its line in the register, or nothing.
  database.run(absl::StrCat("BEGIN;\n", migration.sql, "\n;INSERT INTO schema_migrations (version, name, checksum) VALUES (",
                            migration.version, ", ", database.quote(migration.name), ", '",
                            checksum(database, migration.sql), "');\nCOMMIT;"));
  const auto took = std::chrono::steady_clock::now() - start;
  return {migration.version, migration.name, std::chrono::duration_cast<std::chrono::milliseconds>(took).count()};
}

}  // namespace

std::int64_t version_in(AdminConnection& database) {
  // Two statements: the second does not parse where there is no such table.
  if (database.run("SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND tablename = 'schema_migrations'")
          .empty()) {
    return 0;
  }
  const pqxx::result result = database.run("SELECT coalesce(max(version), 0) FROM public.schema_migrations");
  return RowReader(result.at(0)).integer();
}

std::string_view to_string(Service service) { return service == Service::kOrders ? "orders" : "inventory"; }

std::string app_role(Service service) { return absl::StrCat("quickbite_", std::string(to_string(service))); }

std::string database_name(Service service, std::string_view prefix) {
  return absl::StrCat(std::string(prefix), "_", std::string(to_string(service)));
}

SchemaRange schema_range(Service service) {
  const std::vector<Migration> migrations = migrations_of(service);
  // The least that the statements of this version need: 0004 added the relays' leases.
  return {4, migrations.empty() ? 0 : migrations.back().version};
}

std::vector<std::string> pending_migrations(Service service, std::int64_t version) {
  std::vector<std::string> names;
  for (const Migration& migration : migrations_of(service)) {
    if (migration.version > version) names.push_back(absl::StrFormat("%04d_%s", migration.version, migration.name));
  }
  return names;
}

std::string to_string(const MigrationReport& report) {
  const std::string service(to_string(report.service));
  std::string out;
  for (const AppliedMigration& migration : report.applied) {
    absl::StrAppendFormat(&out, "%s: applied %04d_%s (%d ms)\n", service, migration.version, migration.name,
                          migration.took_ms);
  }
  if (report.after > report.known) {
    absl::StrAppendFormat(&out, "%s: schema version %d, newer than this program's %d; nothing to do\n", service,
                          report.after, report.known);
  } else {
    absl::StrAppendFormat(&out, "%s: schema version %d%s\n", service, report.after,
                          report.applied.empty() ? ", nothing to do" : "");
  }
  return out;
}

absl::StatusOr<MigrationReport> migrate(const std::string& owner_connection, Service service) {
  const std::string doing = absl::StrCat("migrating ", std::string(to_string(service)));
  return with_status(doing, [&]() -> absl::StatusOr<MigrationReport> {
    AdminConnection database(owner_connection);
    database.run("SET lock_timeout = 0");  // waits for another migration as long as it takes
    database.run(absl::StrCat("SELECT pg_advisory_lock(", kMigrationLock, ")"));
    database.run(absl::StrCat("SET lock_timeout = '10s';", kCreateRegister));
    const std::vector<Migration> migrations = migrations_of(service);
    MigrationReport report{service, version_in(database), 0, schema_range(service).max, {}};
    for (const Migration& migration : migrations) {
      if (migration.version > report.before) {
        report.applied.push_back(apply(database, migration));
      } else if (const absl::Status status = check_applied(database, migration); !status.ok()) {
        return status;
      }
    }
    report.after = version_in(database);
    return report;
  });
}

absl::StatusOr<std::int64_t> schema_version(const std::string& connection) {
  return with_status("asking for the schema's version", [&]() -> absl::StatusOr<std::int64_t> {
    AdminConnection database(connection);
    return version_in(database);
  });
}

}  // namespace quickbite::postgres
