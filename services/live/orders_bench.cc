#include "services/live/orders_bench.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/live/data_folder.h"
#include "services/live/load.h"
#include "services/live/pgbench.h"
#include "services/live/process_times.h"
#include "services/live/sql.h"
#include "services/live/stack.h"

namespace quickbite::live {
namespace {

constexpr int kSkus = 20;
constexpr std::int64_t kStock = 1'000'000'000;
constexpr double kSlowRate = 200;
constexpr int kSlowCustomers = 64;

// What both services have used since it was made, or since the last call.
class CpuMeter {
 public:
  CpuMeter(pid_t orders, pid_t inventory) : orders_(orders), inventory_(inventory) {}

  struct Used {
    absl::Duration orders;
    absl::Duration inventory;
  };
  Used lap() {
    const Used now{cpu_time(orders_), cpu_time(inventory_)};
    const Used used{now.orders - last_.orders, now.inventory - last_.inventory};
    last_ = now;
    return used;
  }

 private:
  pid_t orders_;
  pid_t inventory_;
  Used last_;
};

double per_1000(absl::Duration cpu, std::int64_t orders) {
  return absl::ToDoubleSeconds(cpu) * 1000 / static_cast<double>(std::max<std::int64_t>(orders, 1));
}

class Bench {
 public:
  Bench(const OrdersBenchOptions& options, const Interrupt& interrupt, Stack& stack)
      : options_(options), interrupt_(interrupt), stack_(stack) {
    for (int i = 0; i < kSkus; ++i) skus_.push_back(absl::StrCat("dish-", i));
  }

  absl::Status stock_up() {
    for (const std::string& sku : skus_) {
      if (const absl::Status stocked = stack_.add_stock(sku, kStock); !stocked.ok()) return stocked;
    }
    return absl::OkStatus();
  }

  absl::Status saturate() {
    CpuMeter meter(stack_.orders().pid(), stack_.inventory().pid());
    CpuMeter::Used used;
    const auto measured = load(options_.customers, 0, [&] { used = meter.lap(); });
    if (!measured.ok()) return measured.status();
    result_.completed_per_s = static_cast<double>(measured->completed) / absl::ToDoubleSeconds(measured->measured);
    result_.p50 = measured->p50;
    result_.p99 = measured->p99;
    result_.orders_cpu_s_per_1000 = per_1000(used.orders, measured->completed);
    result_.inventory_cpu_s_per_1000 = per_1000(used.inventory, measured->completed);
    result_.cpu_s_per_1000 = result_.orders_cpu_s_per_1000 + result_.inventory_cpu_s_per_1000;
    result_.looks_per_order = static_cast<double>(measured->asked) / static_cast<double>(std::max<std::int64_t>(measured->completed, 1));
    return absl::OkStatus();
  }

  absl::Status go_slowly() {
    const auto measured = load(kSlowCustomers, kSlowRate, [] {});
    if (!measured.ok()) return measured.status();
    result_.p50_at_200 = measured->p50;
    result_.p99_at_200 = measured->p99;
    return absl::OkStatus();
  }

  absl::Status compare() {
    const auto tps = run_pgbench(stack_.postgres(), stack_.folder(), options_.duration);
    if (!tps.ok()) return tps.status();
    result_.pgbench_tps = *tps;
    return absl::OkStatus();
  }

  // What was measured has to be true: no order is open, and each confirmed one is reserved.
  absl::Status check() const {
    const auto confirmed = sql_number(stack_.orders_database(), "SELECT count(*) FROM orders WHERE status = 'CONFIRMED'");
    const auto all = sql_number(stack_.orders_database(), "SELECT count(*) FROM orders");
    const auto reserved = sql_number(stack_.inventory_database(), "SELECT count(*) FROM reservations WHERE state = 'RESERVED'");
    for (const auto* number : {&confirmed, &all, &reserved}) {
      if (!number->ok()) return number->status();
    }
    if (*confirmed == *all && *all == *reserved) return absl::OkStatus();
    return absl::FailedPreconditionError(
        absl::StrCat(*all, " orders, ", *confirmed, " confirmed, ", *reserved, " reserved"));
  }

  const OrdersBench& result() const { return result_; }

 private:
  absl::StatusOr<LoadResult> load(int customers, double rate, const std::function<void()>& at_measuring) const {
    LoadOptions wanted;
    wanted.port = stack_.orders_port();
    wanted.customers = customers;
    wanted.rate = rate;
    wanted.duration = options_.duration;
    wanted.skus = skus_;
    return run_load(wanted, interrupt_, at_measuring);
  }

  const OrdersBenchOptions& options_;
  const Interrupt& interrupt_;
  Stack& stack_;
  std::vector<std::string> skus_;
  OrdersBench result_;
};

}  // namespace

absl::StatusOr<OrdersBench> bench_orders(const OrdersBenchOptions& options, const Interrupt& interrupt,
                                         const std::function<void(const std::string& what)>& told) {
  const auto folder = DataFolder::take(options.folder);
  if (!folder.ok()) return folder.status();
  StackOptions wanted;
  wanted.folder = folder->path();
  told("starting PostgreSQL, the broker and the services");
  auto stack = Stack::start(wanted, interrupt, [](const std::string&, absl::Duration) {});
  if (!stack.ok()) return stack.status();
  Bench bench(options, interrupt, **stack);
  using Part = absl::Status (Bench::*)();
  constexpr std::pair<const char*, Part> kParts[] = {{"putting dishes in stock", &Bench::stock_up},
                                                     {"as many orders as it takes", &Bench::saturate},
                                                     {"200 orders a second", &Bench::go_slowly},
                                                     {"pgbench", &Bench::compare}};
  for (const auto& [what, part] : kParts) {
    told(what);
    if (const absl::Status done = (bench.*part)(); !done.ok()) return done;
  }
  if (const absl::Status true_ = bench.check(); !true_.ok()) return true_;
  return bench.result();
}

}  // namespace quickbite::live
