// The hundred-order run: the fixed workload by which the simulator's speed is measured (docs/performance.md).
#pragma once

#include <cstdint>

#include "sim/world/run_plan.h"
#include "sim/world/sweep.h"

namespace quickbite::sim {

// 100 orders of one line, exponential gaps of mean 10 ms; messages take 1–10 ms, 5 % are sent twice; 0.2–1 ms a statement;
// Orders, Inventory and the broker each crash with exponential mean 1 s and are down for 20 ms; static membership; clients
// retry after 60 ms. It ends when all are CONFIRMED or CANCELLED and everything is at rest.
Drawn draw_hundred(std::uint64_t seed);

}  // namespace quickbite::sim
