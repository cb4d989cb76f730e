// quickbite-retention-bench [ORDERS [SECONDS]]: shows that retention keeps up with a busy service, and that no table grows for it.
//
// Orders' database is filled with what ORDERS (1,000,000) orders leave that retention takes away, an outbox row and a dedupe row
// each: the oldest falls due at the start, the youngest SECONDS (300) later. For so long the real Sweeper, on its runner and its
// session, deletes what falls due, while as much comes in: rows are inserted, and marked as sent in a statement of its own, as the
// relay does. So every row is replaced once. Autovacuum is as PostgreSQL sets it: until it comes, new rows take new room. It fails
// where the sweeper falls behind, or where tables or indexes still grow in the second half, or have doubled. Inventory's tables,
// statement and machine are the same.
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "adapters/log/logger.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/ledger_session.h"
#include "domain/machine/service.h"
#include "services/live/postgres_server.h"
#include "services/runtime/settings.h"
#include "services/runtime/sweeping.h"

namespace quickbite {
namespace {

using postgres::AdminConnection;
using postgres::Service;

constexpr std::int64_t kBatch = 500;  // orders in one transaction, as a busy relay has them
constexpr absl::Duration kLagMax = absl::Seconds(5);
constexpr double kGrowthMax = 2;           // from the start to the end
constexpr double kLateGrowthMax = 1.1;     // in the second half of it

[[noreturn]] void fail(const std::string& why) {
  std::fprintf(stderr, "quickbite-retention-bench: %s\n", why.c_str());
  std::exit(1);
}

// Of generate_series(1, `count`) n, as large as real rows.
std::string insert(std::int64_t count, const std::string& at, const std::string& sent) {
  const std::string from = absl::StrCat(" FROM generate_series(1, ", count, ") n;");
  return absl::StrCat(
      "INSERT INTO processed_events SELECT gen_random_uuid(), 'inventory.v1', n % 12, n, 'APPLIED', ", at, from,
      "INSERT INTO outbox_events (event_id, shard, topic, key, type, payload, header_names, header_values, created_at,"
      " sent_partition, sent_offset, sent_at) SELECT gen_random_uuid(), n % 16, 'orders.v1',"
      " convert_to(gen_random_uuid()::text, 'UTF8'), 'OrderCreated', convert_to(repeat('x', 180), 'UTF8'),"
      " ARRAY[convert_to('traceparent', 'UTF8')], ARRAY[convert_to(repeat('0', 55), 'UTF8')], ", at, ", ", sent, from);
}

// What comes in while others fall due, at an even pace, on a thread of its own.
class Traffic {
 public:
  Traffic(const std::string& connection, std::int64_t orders, absl::Duration during)
      : database_(connection), batches_(orders / kBatch), pause_(during / batches_), thread_([this] { run(); }) {}
  ~Traffic() { thread_.join(); }
  std::int64_t orders() const { return done_.load() * kBatch; }
  bool ended() const { return done_.load() == batches_; }

 private:
  void run() {
    const absl::Time begin = absl::Now();
    for (std::int64_t i = 0; i < batches_; ++i) {
      absl::SleepFor(begin + i * pause_ - absl::Now());
      database_.run(insert(kBatch, "now()", "NULL, NULL, NULL"));
      database_.run("UPDATE outbox_events SET sent_partition = 1, sent_offset = seq, sent_at = now() WHERE sent_offset IS NULL");
      ++done_;
    }
  }

  AdminConnection database_;
  const std::int64_t batches_;
  const absl::Duration pause_;
  std::atomic<std::int64_t> done_{0};
  std::thread thread_;
};

struct Size {
  std::int64_t tables = 0;  // bytes
  std::int64_t indexes = 0;
  std::int64_t dead = 0;  // row versions, by the server's estimate
  absl::Duration lag;     // for how long the oldest row has been due
};

Size look(AdminConnection& database, absl::Duration keep) {
  const pqxx::row row = database.run(
      "SELECT sum(pg_table_size(relid))::bigint, sum(pg_indexes_size(relid))::bigint, sum(n_dead_tup)::bigint,"
      " (1e6 * extract(epoch FROM now() - least((SELECT min(at) FROM processed_events),"
      "   (SELECT min(coalesce(sent_at, created_at)) FROM outbox_events WHERE sent_offset IS NOT NULL))))::bigint"
      " FROM pg_stat_user_tables WHERE relname IN ('processed_events', 'outbox_events')").at(0);
  const absl::Duration age = absl::Microseconds(row[3].as<std::int64_t>());
  return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>(), row[2].as<std::int64_t>(), std::max(age - keep, absl::ZeroDuration())};
}

double mib(std::int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

void show(absl::Duration at, std::int64_t orders, const Size& size) {
  std::printf("%7.0f %12lld %11.1f %12.1f %12lld %9.1f\n", absl::ToDoubleSeconds(at), static_cast<long long>(orders), mib(size.tables),
              mib(size.indexes), static_cast<long long>(size.dead), absl::ToDoubleSeconds(size.lag));
  std::fflush(stdout);
}

runtime::ServiceSettings settings(const std::string& database, absl::Duration keep) {
  runtime::ServiceSettings settings;
  settings.name = "orders";
  settings.database = database;
  settings.limits.retention = microseconds(absl::ToInt64Microseconds(keep));
  return settings;
}

// True where it kept up, and nothing grew.
bool watch(live::PostgresServer& server, std::int64_t orders, absl::Duration during, absl::Duration keep) {
  AdminConnection owner(server.owner_connection(Service::kOrders));
  const absl::Time begin = absl::Now();
  const Size first = look(owner, keep);
  std::printf("seconds   new orders  tables MiB  indexes MiB  dead rows  seconds behind\n");
  show(absl::ZeroDuration(), 0, first);
  runtime::Sweeping<OrdersService, postgres::OrdersLedgerSession> sweeping(
      settings(server.app_connection(Service::kOrders), keep), log::Logger::to_stderr("bench", log::Level::kWarning), [] {});
  Size last = first, half = first;
  absl::Duration lag_max;
  {
    const Traffic traffic(server.app_connection(Service::kOrders), orders, during);
    sweeping.start();
    for (int i = 1; !traffic.ended(); ++i) {
      absl::SleepFor(std::min(absl::Seconds(1), begin + i * absl::Seconds(1) - absl::Now()));
      last = look(owner, keep);
      lag_max = std::max(lag_max, last.lag);
      if (2 * traffic.orders() <= orders) half = last;
      if (i % 20 == 0 || traffic.ended()) show(absl::Now() - begin, traffic.orders(), last);
    }
  }
  sweeping.stop(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  const auto grown = [](std::int64_t from, std::int64_t to) { return static_cast<double>(to) / static_cast<double>(from); };
  const double tables = grown(first.tables, last.tables), indexes = grown(first.indexes, last.indexes);
  const double tables_late = grown(half.tables, last.tables), indexes_late = grown(half.indexes, last.indexes);
  std::printf("\nTables are %.2f times, indexes %.2f times as large as at the start, and %.2f and %.2f times as at half-time;\n"
              "the sweeper was %.1f s behind at most.\n",
              tables, indexes, tables_late, indexes_late, absl::ToDoubleSeconds(lag_max));
  return std::max(tables, indexes) <= kGrowthMax && std::max(tables_late, indexes_late) <= kLateGrowthMax && lag_max <= kLagMax;
}

int run(const std::string& folder, std::int64_t orders, absl::Duration during) {
  live::PostgresOptions options;
  options.folder = folder;
  auto server = live::PostgresServer::open(options);
  if (!server.ok()) fail(std::string(server.status().message()));
  if ((*server)->cluster() == nullptr) fail("unset QUICKBITE_POSTGRES: this would fill another's server");
  if (const absl::Status made = (*server)->make_databases(); !made.ok()) fail(std::string(made.message()));
  const absl::Time begin = absl::Now();
  AdminConnection owner((*server)->owner_connection(Service::kOrders));
  const std::string at = absl::StrCat("now() + ", absl::ToDoubleSeconds(during), " * n / ", orders, " * interval '1 s'");
  owner.run(insert(orders, at, "1, n, " + at));
  owner.run("VACUUM ANALYZE");  // not of the table's first growth, but of its turnover is this about
  std::printf("%lld orders' rows in %.0f s.\n\n", static_cast<long long>(orders), absl::ToDoubleSeconds(absl::Now() - begin));
  return watch(**server, orders, during, absl::Now() - begin) ? 0 : 1;
}

}  // namespace
}  // namespace quickbite

int main(int argc, char** argv) {
  std::int64_t orders = 1'000'000, seconds = 300;
  if ((argc > 1 && !absl::SimpleAtoi(argv[1], &orders)) || (argc > 2 && !absl::SimpleAtoi(argv[2], &seconds)) || orders < 1000 || seconds < 1) {
    quickbite::fail("usage: quickbite-retention-bench [ORDERS [SECONDS]]");
  }
  std::string folder = (std::filesystem::temp_directory_path() / "quickbite-retention-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  chmod(folder.c_str(), 0755);
  const int code = quickbite::run(folder, orders, absl::Seconds(seconds));
  std::filesystem::remove_all(folder);
  return code;
}
