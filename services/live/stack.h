// Stack: the whole real system on this machine: PostgreSQL, Kafka, Inventory and Orders, each a
// process of its own, started in that order and ended in the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/postgres/migrate.h"
#include "domain/base/ids.h"
#include "services/live/child.h"
#include "services/live/kafka_server.h"
#include "services/live/postgres_server.h"

namespace quickbite::live {

struct Port {
  std::uint16_t number = 0;  // 0: any that is free
  bool exact = false;        // one that is taken is an error, not a reason to take another
};

struct StackOptions {
  std::string folder;  // made where missing: data, logs
  Port http;
  Port postgres;
  Port kafka;
  bool fsync = true;   // of a private PostgreSQL; false loses data when the machine crashes
  // Begins with empty databases, where both servers are ours: a broker of ours begins with an empty
  // log, and rows about another would be about nothing.
  bool fresh = true;
  std::string app;         // folder of the phone app that Orders serves; "": none
  std::string app_status;  // the origin that its status page asks; "": none
  std::vector<std::string> service_flags;  // further flags of both services; they win over the stack's own
  std::vector<std::string> orders_flags;   // of Orders alone
  std::vector<std::string> service_environment;  // "NAME=value", of both services
  absl::Duration ready_timeout = absl::Seconds(40);
};

class Stack {
 public:
  // Told of each thing that is there now, and how long it took.
  using Told = std::function<void(const std::string& what, absl::Duration took)>;

  // Returns when both services are ready. Errors are PostgresCluster's, KafkaServer's and Child's.
  static absl::StatusOr<std::unique_ptr<Stack>> start(const StackOptions& options, const Interrupt& interrupt,
                                                      const Told& told);
  ~Stack();  // stop()

  // Orders, Inventory, the broker, PostgreSQL: each in order; killed where it does not end.
  void stop();

  PostgresServer& postgres() { return *postgres_; }
  KafkaServer& kafka() { return *kafka_; }
  Child& orders() { return *orders_; }
  Child& inventory() { return *inventory_; }
  std::uint16_t orders_port() const { return orders_port_; }
  std::uint16_t inventory_port() const { return inventory_port_; }
  std::uint16_t inventory_grpc_port() const { return inventory_grpc_port_; }
  const std::string& folder() const { return options_.folder; }
  std::string url() const;  // of the API, without a path

  // Connections that may look at everything.
  std::string orders_database() const;
  std::string inventory_database() const;

  // The same for a person: by TCP, so that any user of this machine can use it.
  std::string outside_connection(postgres::Service service) const;

  // A further replica of Orders on that port, with the flags of the first; not started yet. It must end before the stack.
  absl::StatusOr<std::unique_ptr<Child>> another_orders(std::uint16_t port) const;

  // Adds so many to what Inventory has of it, by asking Inventory, which has to run.
  absl::Status add_stock(const std::string& sku, std::int64_t quantity);

 private:
  explicit Stack(StackOptions options) : options_(std::move(options)) {}
  absl::Status start_postgres();
  absl::Status start_kafka(const Interrupt& interrupt);
  absl::Status make_databases();
  std::string describe_postgres() const;
  std::string describe_kafka() const;
  std::string describe_services() const;
  absl::Status start_services(const Interrupt& interrupt);
  absl::Status launch_orders();
  absl::StatusOr<std::unique_ptr<Child>> make_service(std::string_view name, std::string_view title,
                                                      postgres::Service schema, std::uint16_t port,
                                                      const std::vector<std::string>& flags, std::string_view log) const;
  std::vector<std::string> orders_flags() const;

  StackOptions options_;
  std::unique_ptr<PostgresServer> postgres_;
  std::unique_ptr<KafkaServer> kafka_;
  std::unique_ptr<Child> inventory_;
  std::unique_ptr<Child> orders_;
  std::uint16_t orders_port_ = 0;
  std::uint16_t inventory_port_ = 0;
  std::uint16_t inventory_grpc_port_ = 0;
};

}  // namespace quickbite::live
