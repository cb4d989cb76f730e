#include "services/live/stack.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/client.h"
#include "adapters/postgres/migrate.h"
#include "domain/inventory/restock.h"
#include "services/live/http_client.h"
#include "services/live/postgres_files.h"
#include "services/live/programs.h"
#include "services/live/sql.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::live {
namespace {

using postgres::Service;

// The embedded broker's rebalances take the session timeout less one second, so a short one is
// wanted; but it lets the first join of a group wait for 3 s, and within those a member that may be
// silent for less is thrown out again. (A real broker takes none below 6 s unless told so, as ours is.)
constexpr const char* kOwnSessionTimeout = "3500ms";

constexpr absl::Duration kPortPatience = absl::Seconds(2);

// Of those that were asked for. What a killed run had started may take a moment to let its ports go.
absl::Status ports_are_free(const StackOptions& options, const Interrupt& interrupt) {
  return await(interrupt, kPortPatience, [&]() -> absl::Status {
    for (const Port& port : {options.http, options.postgres, options.kafka}) {
      if (!port.exact || free_loopback_port(port.number) == port.number) continue;
      return absl::AlreadyExistsError(absl::StrCat("port ", port.number, " of 127.0.0.1 is taken"));
    }
    return absl::OkStatus();
  });
}

// What to say where a port is not the one that was wished for.
std::string taken(const Port& wish, std::uint16_t got) {
  return wish.number == 0 || wish.number == got ? "" : absl::StrCat(" (", wish.number, " is taken)");
}

absl::Status ready_at(std::uint16_t port) {
  const absl::StatusOr<HttpAnswer> answer = HttpClient(port, absl::Seconds(2)).get("/readyz");
  if (!answer.ok()) return answer.status();
  return answer->status == 200 ? absl::OkStatus() : absl::UnavailableError(answer->body);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Stack>> Stack::start(const StackOptions& options, const Interrupt& interrupt,
                                                    const Told& told) {
  std::unique_ptr<Stack> stack(new Stack(options));
  const auto timed = [&](const std::function<absl::Status()>& work, const std::function<std::string()>& what) {
    const absl::Time begin = absl::Now();
    absl::Status done = interrupt.raised() ? absl::CancelledError("interrupted") : work();
    if (done.ok()) told(what(), absl::Now() - begin);
    return done;
  };
  absl::Status status = ports_are_free(options, interrupt);
  if (status.ok()) {
    status = timed([&] { return stack->start_postgres(); }, [&] { return stack->describe_postgres(); });
  }
  if (status.ok()) {
    status = timed([&] { return stack->start_kafka(interrupt); }, [&] { return stack->describe_kafka(); });
  }
  if (status.ok()) {
    status = timed([&] { return stack->make_databases(); },
                   [] { return std::string("databases quickbite_orders and quickbite_inventory, migrated"); });
  }
  if (status.ok()) {
    status = timed([&] { return stack->start_services(interrupt); },
                   [&] { return stack->describe_services(); });
  }
  if (!status.ok()) return status;
  return stack;
}

Stack::~Stack() { stop(); }

void Stack::stop() {
  for (Child* service : {orders_.get(), inventory_.get()}) {
    if (service != nullptr) service->signal(SIGTERM);  // both drain at once
  }
  for (Child* service : {orders_.get(), inventory_.get(), kafka_ == nullptr ? nullptr : kafka_->process()}) {
    if (service != nullptr) service->stop().status().IgnoreError();  // killed where it did not end
  }
  if (postgres_ != nullptr && postgres_->cluster() != nullptr) postgres_->cluster()->stop().IgnoreError();
}

// --- Starting -------------------------------------------------------------------------------------

absl::Status Stack::start_postgres() {
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", options_.folder, ": ", error.message()));
  PostgresOptions wanted;
  wanted.folder = absl::StrCat(options_.folder, "/postgres");
  wanted.port = options_.postgres.number;
  wanted.port_exact = options_.postgres.exact;
  wanted.fsync = options_.fsync;
  auto opened = PostgresServer::open(wanted);
  if (!opened.ok()) return opened.status();
  postgres_ = *std::move(opened);
  return absl::OkStatus();
}

absl::Status Stack::start_kafka(const Interrupt& interrupt) {
  KafkaOptions wanted;
  wanted.folder = options_.folder;
  wanted.port = options_.kafka.number;
  wanted.port_exact = options_.kafka.exact;
  auto opened = KafkaServer::open(wanted, interrupt);
  if (!opened.ok()) return opened.status();
  kafka_ = *std::move(opened);
  return absl::OkStatus();
}

absl::Status Stack::make_databases() {
  const bool ours = postgres_->cluster() != nullptr && kafka_->process() != nullptr;
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    if (!ours || !options_.fresh) break;
    const absl::Status dropped =
        sql_run(postgres_->superuser_connection(),
                absl::StrCat("DROP DATABASE IF EXISTS ", postgres::database_name(service), " WITH (FORCE)"));
    if (!dropped.ok()) return dropped;
  }
  return postgres_->make_databases();
}

absl::Status Stack::start_services(const Interrupt& interrupt) {
  orders_port_ = options_.http.exact ? options_.http.number : free_loopback_port(options_.http.number);
  inventory_port_ = free_loopback_port(0);
  inventory_grpc_port_ = free_loopback_port(0);
  auto inventory = make_service("inventory", "Inventory", Service::kInventory, inventory_port_,
                                {absl::StrCat("--grpc-port=", inventory_grpc_port_)}, "inventory");
  if (!inventory.ok()) return inventory.status();
  inventory_ = *std::move(inventory);
  if (const absl::Status launched = inventory_->launch(); !launched.ok()) return launched;
  if (const absl::Status launched = launch_orders(); !launched.ok()) return launched;
  if (const absl::Status ready = inventory_->await_ready(interrupt); !ready.ok()) return ready;
  absl::Status ready = orders_->await_ready(interrupt);
  // Whoever named a port is told that it is taken, anybody else gets another.
  for (int attempt = 1; attempt < kPortAttempts && !ready.ok(); ++attempt) {
    const bool taken = absl::StrContains(ready.message(), std::strerror(EADDRINUSE));  // the end of its log
    if (options_.http.exact || orders_->running() || !taken) break;
    orders_port_ = free_loopback_port(options_.http.number);
    if (const absl::Status launched = launch_orders(); !launched.ok()) return launched;
    ready = orders_->await_ready(interrupt);
  }
  return ready;
}

absl::Status Stack::launch_orders() {
  auto orders = make_service("orders", "Orders", Service::kOrders, orders_port_, orders_flags(), "orders");
  if (!orders.ok()) return orders.status();
  orders_ = *std::move(orders);
  return orders_->launch();
}

absl::StatusOr<std::unique_ptr<Child>> Stack::another_orders(std::uint16_t port) const {
  return make_service("orders", "Orders", Service::kOrders, port, orders_flags(), absl::StrCat("orders-", port));
}

std::vector<std::string> Stack::orders_flags() const {
  std::vector<std::string> flags{absl::StrCat("--inventory=127.0.0.1:", inventory_grpc_port_)};
  if (!options_.app.empty()) flags.push_back(absl::StrCat("--app=", options_.app));
  if (!options_.app.empty() && !options_.app_status.empty()) flags.push_back(absl::StrCat("--app-status=", options_.app_status));
  flags.insert(flags.end(), options_.orders_flags.begin(), options_.orders_flags.end());
  return flags;
}

absl::StatusOr<std::unique_ptr<Child>> Stack::make_service(std::string_view name, std::string_view title, Service schema,
                                                           std::uint16_t port, const std::vector<std::string>& flags,
                                                           std::string_view log) const {
  const absl::StatusOr<std::string> program = find_program(absl::StrCat("quickbite-", std::string(name)));
  if (!program.ok()) return program.status();
  ChildOptions child;
  child.name = std::string(title);
  child.command = {*program, absl::StrCat("--http-port=", port), absl::StrCat("--kafka=", kafka_->bootstrap())};
  child.command.insert(child.command.end(), flags.begin(), flags.end());
  if (kafka_->process() != nullptr) {
    child.command.push_back(absl::StrCat("--kafka-session-timeout=", kOwnSessionTimeout));
  }
  child.command.insert(child.command.end(), options_.service_flags.begin(), options_.service_flags.end());
  // Not on the command line, which every user of this machine can read: it may hold a password.
  child.environment = {absl::StrCat("QUICKBITE_DATABASE=", postgres_->app_connection(schema))};
  child.environment.insert(child.environment.end(), options_.service_environment.begin(), options_.service_environment.end());
  child.log_path = absl::StrCat(options_.folder, "/", std::string(log), ".log");
  child.ready = [port] { return ready_at(port); };
  child.ready_timeout = options_.ready_timeout;
  return std::make_unique<Child>(std::move(child));
}

// --- What there is --------------------------------------------------------------------------------

std::string Stack::describe_postgres() const {
  PostgresCluster* cluster = postgres_->cluster();
  if (cluster == nullptr) return "PostgreSQL, the one that QUICKBITE_POSTGRES names";
  return absl::StrCat("PostgreSQL, a private one, on 127.0.0.1:", cluster->port(),
                      taken(options_.postgres, cluster->port()));
}

std::string Stack::describe_kafka() const {
  return absl::StrCat(kafka_->describe(), kafka_->process() == nullptr ? "" : taken(options_.kafka, kafka_->port()));
}

std::string Stack::describe_services() const {
  return absl::StrCat("Inventory and Orders, ready; the API is ", url(), taken(options_.http, orders_port_),
                      ", Inventory's gRPC 127.0.0.1:", inventory_grpc_port_);
}

std::string Stack::url() const { return absl::StrCat("http://127.0.0.1:", orders_port_); }

std::string Stack::orders_database() const { return postgres_->owner_connection(Service::kOrders); }
std::string Stack::inventory_database() const { return postgres_->owner_connection(Service::kInventory); }

std::string Stack::outside_connection(Service service) const {
  PostgresCluster* cluster = postgres_->cluster();
  if (cluster == nullptr) return postgres_->owner_connection(service);
  return cluster->tcp_connection(postgres::database_name(service), postgres::kOwnerRole);
}

absl::Status Stack::add_stock(const std::string& sku, std::int64_t quantity) {
  auto inventory = rpc::Client::make({absl::StrCat("127.0.0.1:", inventory_grpc_port_), {}});
  if (!inventory.ok()) return inventory.status();
  const Restock restock{EventId{runtime::random_uuid()}, Sku(sku), Quantity(quantity)};
  return (*inventory)->restock(restock, absl::Seconds(10)).status();
}

}  // namespace quickbite::live
