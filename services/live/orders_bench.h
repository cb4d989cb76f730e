// The speed of the real services, end to end, beside what the same PostgreSQL does by itself.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/live/patience.h"

namespace quickbite::live {

struct OrdersBenchOptions {
  std::string folder;  // of data and logs; taken as `quickbite up` takes it
  absl::Duration duration = absl::Seconds(10);  // of each of the three measurements
  int customers = 512;                          // at once, at saturation
};

struct OrdersBench {
  // At saturation: every customer orders again as soon as the last order is CONFIRMED.
  double completed_per_s = 0;
  absl::Duration p50;  // from POST to CONFIRMED
  absl::Duration p99;
  double cpu_s_per_1000 = 0;  // of Orders and Inventory together, for 1000 completed orders
  double orders_cpu_s_per_1000 = 0;
  double inventory_cpu_s_per_1000 = 0;
  double looks_per_order = 0;  // GETs
  // With 200 orders a second, evenly spaced.
  absl::Duration p50_at_200;
  absl::Duration p99_at_200;
  // pgbench on the same cluster, 32 clients: BEGIN, two INSERTs, COMMIT.
  double pgbench_tps = 0;
};

// Starts a stack of its own, measures, checks that every order that was confirmed is reserved, and
// ends it. `told` hears what is being done.
absl::StatusOr<OrdersBench> bench_orders(const OrdersBenchOptions& options, const Interrupt& interrupt,
                                         const std::function<void(const std::string& what)>& told);

}  // namespace quickbite::live
