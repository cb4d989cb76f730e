// Making and changing the databases: roles and databases (bootstrap), then numbered migrations, then stock.
//
// Each function connects, does its work, and disconnects. Their errors:
//   kUnavailable         the server is not there, or is busy: try again
//   kFailedPrecondition  it is there, and is not what it should be (a migration changed after it was applied, a role missing)
//   kPermissionDenied    the connection's role may not do this
//   kInvalidArgument     it refused the data: a name that is too long, a quantity that is negative
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/base/ids.h"
#include "domain/inventory/reservation.h"

namespace quickbite::postgres {

enum class Service : std::uint8_t { kOrders, kInventory };

std::string_view to_string(Service service);  // orders, inventory

// Owns both databases and runs the migrations.
inline constexpr std::string_view kOwnerRole = "quickbite_owner";
// The service's own role: no DDL, and no more rights than the migrations grant. quickbite_orders, quickbite_inventory.
std::string app_role(Service service);
// <prefix>_orders, <prefix>_inventory.
std::string database_name(Service service, std::string_view prefix = "quickbite");

struct BootstrapOptions {
  std::string database_prefix = "quickbite";
  // A password is set where one is given; without any, the server must trust the connection or know it otherwise.
  std::string owner_password;
  std::string orders_password;
  std::string inventory_password;
};

// Makes the three roles and the two databases, where they are missing; needs a superuser, or a role with CREATEROLE and
// CREATEDB that may become the owner. Anybody but the three loses the right to connect. Idempotent, also when two run at once.
absl::Status bootstrap(const std::string& superuser_connection, const BootstrapOptions& options = {});

struct AppliedMigration {
  std::int64_t version = 0;
  std::string name;
  std::int64_t took_ms = 0;
};

struct MigrationReport {
  Service service = Service::kOrders;
  std::int64_t before = 0;  // schema versions; 0 is an empty database
  std::int64_t after = 0;
  std::int64_t known = 0;  // the newest that this binary has; `after` is above it where a newer one migrated before
  std::vector<AppliedMigration> applied;
};

// A line for each migration applied and one for the outcome, for a person.
std::string to_string(const MigrationReport& report);

// Applies what is missing, each in a transaction of its own, under an advisory lock: of several that run at once one works,
// and the others wait and find nothing to do. What was applied must be, byte for byte, what this binary has under its number.
absl::StatusOr<MigrationReport> migrate(const std::string& owner_connection, Service service);

// The version that the database is at; 0 where nothing was migrated yet. Any role may ask.
absl::StatusOr<std::int64_t> schema_version(const std::string& connection);

// The versions that this binary works with: expand in one release, contract two later.
struct SchemaRange {
  std::int64_t min = 0;
  std::int64_t max = 0;
};
SchemaRange schema_range(Service service);

// What `migrate` would apply to a database at `version`, by name: "0003_operators".
std::vector<std::string> pending_migrations(Service service, std::int64_t version);

// Adds `quantity` of `sku` as a movement of that kind (kSeed or kRestock) and makes the SKU's row where there is none. `id` is
// the act's: a second call with it does nothing and returns false. Uses the service's own role.
absl::StatusOr<bool> add_stock(const std::string& inventory_connection, const Sku& sku, Quantity quantity,
                               const EventId& id, MovementKind kind = MovementKind::kSeed);

}  // namespace quickbite::postgres
