// Load: many customers who order over HTTP and wait (long-poll) until their order is CONFIRMED, on kept
// connections, by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/live/patience.h"

namespace quickbite::live {

struct LoadOptions {
  std::uint16_t port = 0;
  int customers = 256;  // each has one order at a time, and a connection of its own
  // Orders a second, evenly spaced, whether or not the earlier ones are done; an order that finds
  // no customer free waits for one, and that counts. 0: each customer orders as soon as the last
  // order is done.
  double rate = 0;
  absl::Duration warm_up = absl::Seconds(2);  // not measured
  absl::Duration duration = absl::Seconds(10);
  std::vector<std::string> skus;              // one a customer, in turn
};

struct LoadResult {
  std::int64_t completed = 0;  // orders that became CONFIRMED in the measured time
  std::int64_t asked = 0;      // GETs in that time
  absl::Duration measured;
  // From the moment of the POST (with a rate: from when it was due) to the answer that says
  // CONFIRMED, of the completed ones.
  absl::Duration p50;
  absl::Duration p99;
};

// Runs for warm_up + duration, then waits until no order is open. `at_measuring` is called when the
// measured time begins, and again when it ends. An answer that is no 201, 200 or 304, a broken
// connection, an order that is cancelled, or one that is open for a minute is an error.
absl::StatusOr<LoadResult> run_load(const LoadOptions& options, const Interrupt& interrupt,
                                    const std::function<void()>& at_measuring);

}  // namespace quickbite::live
