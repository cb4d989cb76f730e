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
  app.add_option("--inventory-ca", flags.inventory_tls.ca_file,
                 "TLS: file of the CA that Inventory's certificate is of (PEM); none: no TLS")
      ->envname("QUICKBITE_INVENTORY_CA");
  app.add_option("--inventory-certificate", flags.inventory_tls.certificate_file, "TLS: file of the certificate to show to Inventory (PEM)")
      ->envname("QUICKBITE_INVENTORY_CERTIFICATE");
  app.add_option("--inventory-key", flags.inventory_tls.key_file, "TLS: file of its key (PEM)")->envname("QUICKBITE_INVENTORY_KEY");
  app.add_option("--inventory-name", flags.inventory_tls.server_name, "TLS: the name that Inventory's certificate must be for (default: the host)")
      ->envname("QUICKBITE_INVENTORY_NAME");
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

absl::StatusOr<rpc::ClientOptions> Addresses::inventory_grpc() const {
  absl::StatusOr<std::string> target =
      known(flags_.inventory_grpc, running_.inventory_grpc, "Inventory", "inventory-grpc", "QUICKBITE_INVENTORY");
  if (!target.ok()) return target.status();
  return rpc::ClientOptions{*std::move(target), flags_.inventory_tls};
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
