// The hundred-order run, timed on one core.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace quickbite::cli {

struct SimBenchOptions {
  std::uint64_t seeds = 200;  // of one pass
  double seconds = 10;        // of CPU time, for the warm passes
};

// Rates are per second of CPU time, so that what else the machine does takes nothing from them; on
// an idle core that is a second on the wall.
struct SimBench {
  double runs_per_s_cold = 0;  // the first pass over the seeds, with empty caches
  double runs_per_s_warm = 0;  // the passes after it
  double runs_per_s_wall = 0;  // warm, by the wall clock
  double events_per_run = 0;
  double orders_per_s = 0;  // warm
  std::uint64_t runs = 0;
  std::string failure;  // of a run that did not hold; empty where all did
};

SimBench bench_sim(const SimBenchOptions& options,
                   const std::function<void(std::uint64_t runs)>& progress);

}  // namespace quickbite::cli
