// Addresses: where an operator's command finds the system: as its flags and the environment say, else what a running
// `quickbite up` serves.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/grpc/client.h"
#include "adapters/postgres/migrate.h"
#include "adapters/postgres/session_options.h"
#include "services/live/data_folder.h"

namespace CLI {
class App;
}

namespace quickbite::cli {

struct AddressFlags {
  std::string orders;     // databases
  std::string inventory;
  std::string inventory_grpc;  // HOST:PORT
  rpc::ClientTls inventory_tls;
  std::string data_dir;        // of the `quickbite up` to ask
  std::string log;             // where to write down what was changed
};

// Declares --orders and --inventory.
void declare_databases(CLI::App& app, AddressFlags& flags);
// Declares --inventory-grpc, and by which files it is called with TLS.
void declare_inventory_grpc(CLI::App& app, AddressFlags& flags);
// Declares --data-dir.
void declare_data_dir(CLI::App& app, AddressFlags& flags);
// Declares --log.
void declare_log(CLI::App& app, AddressFlags& flags);

class Addresses {
 public:
  explicit Addresses(AddressFlags flags);

  // InvalidArgument, saying what to do, where nobody knows it.
  absl::StatusOr<std::string> database(postgres::Service service) const;
  absl::StatusOr<rpc::ClientOptions> inventory_grpc() const;

  bool knows_database(postgres::Service service) const { return database(service).ok(); }

  // For the port's sessions.
  absl::StatusOr<postgres::SessionOptions> session(postgres::Service service) const;

  // The file for what was changed; empty: stderr.
  std::string log() const;

 private:
  AddressFlags flags_;
  live::Serving running_;  // empty where none runs
};

}  // namespace quickbite::cli
