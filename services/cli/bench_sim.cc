#include "services/cli/bench_sim.h"

#include <ctime>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "sim/world/hundred.h"
#include "sim/world/run_plan.h"

namespace quickbite::cli {
namespace {

constexpr double kOrdersPerRun = 100;

double cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Bench {
 public:
  Bench(const SimBenchOptions& options, const std::function<void(std::uint64_t runs)>& progress)
      : options_(options), progress_(progress) {}

  SimBench run() {
    const double cold_begun = cpu_seconds();
    pass();
    const double cold = cpu_seconds() - cold_begun;
    result_.runs_per_s_cold = static_cast<double>(result_.runs) / cold;
    const std::uint64_t cold_runs = result_.runs;
    const double warm_begun = cpu_seconds();
    const absl::Time wall_begun = absl::Now();
    while (cpu_seconds() - warm_begun < options_.seconds && result_.failure.empty()) pass();
    const double warm_runs = static_cast<double>(result_.runs - cold_runs);
    result_.runs_per_s_warm = warm_runs / (cpu_seconds() - warm_begun);
    result_.runs_per_s_wall = warm_runs / absl::ToDoubleSeconds(absl::Now() - wall_begun);
    result_.orders_per_s = result_.runs_per_s_warm * kOrdersPerRun;
    result_.events_per_run = static_cast<double>(events_) / static_cast<double>(result_.runs);
    return std::move(result_);
  }

 private:
  void pass() {
    for (std::uint64_t seed = 1; seed <= options_.seeds && result_.failure.empty(); ++seed) {
      const sim::Drawn drawn = sim::draw_hundred(seed);
      const sim::Outcome outcome = sim::run_plan(drawn.plan, drawn.options, limits_, decoder_);
      ++result_.runs;
      events_ += outcome.events;
      if (outcome.ending != sim::Ending::kHeld) {
        result_.failure = absl::StrCat("seed ", seed, ": ", outcome.property, " ", outcome.what);
      }
      if (result_.runs % 16 == 0) progress_(result_.runs);
    }
  }

  const SimBenchOptions& options_;
  const std::function<void(std::uint64_t runs)>& progress_;
  const sim::RunLimits limits_{.fingerprint = false};
  sim::MemoDecoder decoder_;
  std::uint64_t events_ = 0;
  SimBench result_;
};

}  // namespace

SimBench bench_sim(const SimBenchOptions& options,
                   const std::function<void(std::uint64_t runs)>& progress) {
  return Bench(options, progress).run();
}

}  // namespace quickbite::cli
