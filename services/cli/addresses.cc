#include "services/cli/addresses.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/cli/up.h"

namespace quickbite::cli {
namespace {

absl::StatusOr<std::string> known(const std::string& flag, const std::string& running, const char* what, const char* name,
                                  const char* variable) {
  if (!flag.empty()) return flag;
  if (!running.empty()) return running;
  return absl::InvalidArgumentError(absl::StrCat("where is ", what, "? No `quickbite up` runs here; give --", name,
                                                 " or set ", variable));
}

}  // namespace

void declare_databases(CLI::App& app, AddressFlags& flags) {
  app.add_option("--orders", flags.orders, "the orders database: a connection string or URL of libpq (default: of a running `up`)")
      ->envname("QUICKBITE_ORDERS_DATABASE");
  app.add_option("--inventory", flags.inventory, "the inventory database, likewise")
      ->envname("QUICKBITE_INVENTORY_DATABASE");
}

void declare_inventory_grpc(CLI::App& app, AddressFlags& flags) {
  app.add_option("--inventory-grpc", flags.inventory_grpc, "HOST:PORT of Inventory's gRPC (default: of a running `up`)")
      ->envname("QUICKBITE_INVENTORY");
}

void declare_data_dir(CLI::App& app, AddressFlags& flags) {
  app.add_option("--data-dir", flags.data_dir, "folder of the `quickbite up` to find (default: as `up` has it)");
}

void declare_log(CLI::App& app, AddressFlags& flags) {
  app.add_option("--log", flags.log,
                 "file to write down in what is changed, one JSON object a line (default: operator.log in the folder of a "
                 "running `up`, else stderr)")
      ->envname("QUICKBITE_OPERATOR_LOG");
}

Addresses::Addresses(AddressFlags flags) : flags_(std::move(flags)) {
  const auto running = live::DataFolder::look(flags_.data_dir.empty() ? up_folder() : flags_.data_dir);
  if (running) running_ = *running;
}

absl::StatusOr<std::string> Addresses::database(postgres::Service service) const {
  if (service == postgres::Service::kOrders) {
    return known(flags_.orders, running_.orders_database, "the orders database", "orders", "QUICKBITE_ORDERS_DATABASE");
  }
  return known(flags_.inventory, running_.inventory_database, "the inventory database", "inventory",
               "QUICKBITE_INVENTORY_DATABASE");
}

absl::StatusOr<std::string> Addresses::inventory_grpc() const {
  return known(flags_.inventory_grpc, running_.inventory_grpc, "Inventory", "inventory-grpc", "QUICKBITE_INVENTORY");
}

absl::StatusOr<postgres::SessionOptions> Addresses::session(postgres::Service service) const {
  absl::StatusOr<std::string> connection = database(service);
  if (!connection.ok()) return connection.status();
  postgres::SessionOptions options;
  options.connection = *std::move(connection);
  options.application_name = "quickbite-operator";
  return options;
}

std::string Addresses::log() const {
  if (!flags_.log.empty()) return flags_.log;
  return running_.folder.empty() ? "" : running_.folder + "/operator.log";
}

}  // namespace quickbite::cli
