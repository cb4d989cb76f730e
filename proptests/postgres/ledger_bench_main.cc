// quickbite-ledger-bench [SECONDS]: orders stored a second through the ledger port, by batch size, beside what pgbench commits on
// the same private cluster in the same run (32 clients, prepared, BEGIN, two INSERTs, COMMIT), fsync on.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/ledger_session.h"
#include "proptests/postgres/rows.h"
#include "services/live/postgres_server.h"

namespace quickbite {
namespace {

using postgres::Service;
using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const absl::Status& status) {
  std::fprintf(stderr, "quickbite-ledger-bench: %s\n", std::string(status.message()).c_str());
  std::exit(1);
}

double cpu_s() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

struct Figures {
  double orders_per_s = 0;
  double transaction_ms = 0;
  double cpu_ms_per_1000 = 0;  // of this process
};

OrdersLedger::Writes placed(std::uint64_t first, std::uint64_t count) {
  OrdersLedger::Writes writes;
  for (std::uint64_t n = first; n < first + count; ++n) {
    writes.inserted.push_back(order_row(n * 7919));
    writes.inserted.back().id = OrderId(uuid_v5(uuid_of(1), std::to_string(n)));
    const OrderRow& order = writes.inserted.back();
    const EventId event(uuid_v5(order.id.value, "OrderCreated"));
    writes.history.push_back({order.id, Version(1), {}, OrderStatus::kPending, {}, event, order.created_at});
    writes.outbox.push_back(outbox_row(n, to_string(order.id.value)));
    writes.outbox.back().id = event;
    writes.outbox.back().payload = Bytes(std::string(180, 'x'));
  }
  return writes;
}

// What Intake does: load, decide (here: nothing is known), store.
Figures store_batches(postgres::OrdersLedgerSession& session, std::uint64_t& next, std::uint64_t batch, double seconds) {
  std::uint64_t transactions = 0;
  const double cpu_before = cpu_s();
  const auto start = Clock::now();
  double elapsed = 0;
  while (elapsed < seconds) {
    OrdersLedger::Writes writes = placed(next, batch);
    next += batch;
    OrdersLedger::Keys keys;
    for (const OrderRow& row : writes.inserted) keys.orders.push_back(row.id);
    std::sort(keys.orders.begin(), keys.orders.end());
    const auto answer = session.load({std::move(keys), LockMode::kForUpdate});
    const auto* loaded = std::get_if<Loaded<OrdersLedger>>(&answer);
    if (loaded == nullptr || !std::holds_alternative<Stored>(session.store({loaded->token, {std::move(writes)}}))) {
      fail(absl::InternalError("the ledger did not store: " + session.health().trouble));
    }
    ++transactions;
    elapsed = std::chrono::duration<double>(Clock::now() - start).count();
  }
  const auto orders = static_cast<double>(transactions * batch);
  return {orders / elapsed, 1000 * elapsed / static_cast<double>(transactions), 1e6 * (cpu_s() - cpu_before) / orders};
}

double pgbench_tps(live::PostgresCluster& cluster, const std::string& folder, double seconds) {
  postgres::AdminConnection(cluster.superuser_connection())
      .run("CREATE TABLE IF NOT EXISTS bench_orders (id uuid PRIMARY KEY, body text);"
           "CREATE TABLE IF NOT EXISTS bench_outbox (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)");
  const std::string script = folder + "/pgbench.sql";
  std::ofstream(script) << "BEGIN;\nINSERT INTO bench_orders VALUES (gen_random_uuid(), repeat('x', 150));\n"
                           "INSERT INTO bench_outbox (body) VALUES (repeat('x', 180));\nCOMMIT;\n";
  const std::string log = folder + "/pgbench.log";
  const auto code = live::run_to_end(
      {{cluster.binaries() + "/pgbench", "-n", "-M", "prepared", "-c", "32", "-j", "2", "-T",
        absl::StrCat(static_cast<int>(seconds)), "-f", script, "-h", cluster.data_directory(), "-p",
        absl::StrCat(cluster.port()), "-U", "postgres", "postgres"},
       "/", log, {}, SIGKILL},
      absl::Seconds(seconds + 60));
  if (!code.ok()) fail(code.status());
  std::ifstream in(log);
  double tps = 0;
  for (std::string line; std::getline(in, line);) {
    if (absl::StartsWith(line, "tps = ")) (void)absl::SimpleAtod(line.substr(6, line.find(' ', 6) - 6), &tps);
  }
  return tps;
}

void run(const std::string& folder, double seconds) {
  live::PostgresOptions options;
  options.folder = folder;
  auto server = live::PostgresServer::open(options);
  if (!server.ok()) fail(server.status());
  if ((*server)->cluster() == nullptr) fail(absl::FailedPreconditionError("unset QUICKBITE_POSTGRES: pgbench runs on a private cluster"));
  if (const absl::Status made = (*server)->make_databases(); !made.ok()) fail(made);
  postgres::SessionOptions session_options;
  session_options.connection = (*server)->app_connection(Service::kOrders);
  postgres::OrdersLedgerSession session(session_options);
  std::uint64_t next = 1;
  const double tps = pgbench_tps(*(*server)->cluster(), folder, seconds);
  std::printf("pgbench, 32 clients                %9.0f transactions/s\n", tps);
  for (const std::uint64_t batch : {1, 10, 50, 200}) {
    const Figures figures = store_batches(session, next, batch, seconds);
    std::printf("ledger, 1 connection, batch %4d   %9.0f orders/s  %5.2f of pgbench  %7.2f ms a transaction  %6.1f ms CPU per 1000\n",
                static_cast<int>(batch), figures.orders_per_s, tps > 0 ? figures.orders_per_s / tps : 0,
                figures.transaction_ms, figures.cpu_ms_per_1000);
  }
}

}  // namespace
}  // namespace quickbite

int main(int argc, char** argv) {
  std::string folder = (std::filesystem::temp_directory_path() / "quickbite-ledger-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  chmod(folder.c_str(), 0755);
  quickbite::run(folder, argc > 1 ? std::atof(argv[1]) : 5);
  std::filesystem::remove_all(folder);
}
