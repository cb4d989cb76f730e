#include "services/cli/bench_command.h"

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "services/cli/bench_orders.h"
#include "services/cli/bench_sim.h"
#include "services/cli/exploring.h"
#include "services/cli/json_text.h"
#include "services/cli/progress.h"

namespace quickbite::cli {
namespace {

// --- bench sim ---

struct SimFlags {
  SimBenchOptions options;
  bool json = false;
};

std::string to_json(const SimBench& bench) {
  JsonText json;
  json.member("runs_per_s_cold", bench.runs_per_s_cold);
  json.member("runs_per_s_warm", bench.runs_per_s_warm);
  json.member("runs_per_s_wall", bench.runs_per_s_wall);
  json.member("events_per_run", bench.events_per_run);
  json.member("orders_per_s", bench.orders_per_s);
  json.member("runs", bench.runs);
  return json.take();
}

ExitCode run_sim(const SimFlags& flags) {
  Progress progress("runs", 0);
  const SimBench bench =
      bench_sim(flags.options, [&](std::uint64_t runs) { progress.update(runs); });
  progress.finish();
  if (!bench.failure.empty()) {
    std::cerr << "quickbite: a run did not hold: " << bench.failure << "\n";
    return ExitCode::kSafety;
  }
  if (flags.json) {
    std::cout << to_json(bench) << std::endl;
    return ExitCode::kHeld;
  }
  std::cout << "The hundred-order run, on one core, a second being one of CPU time:\n"
            << absl::StrFormat("  %12.0f runs/s cold: the first pass over %d seeds\n",
                               bench.runs_per_s_cold, flags.options.seeds)
            << absl::StrFormat("  %12.0f runs/s warm (%.0f by the wall clock)\n",
                               bench.runs_per_s_warm, bench.runs_per_s_wall)
            << absl::StrFormat("  %12.0f orders/s warm\n", bench.orders_per_s)
            << absl::StrFormat("  %12.0f events a run\n", bench.events_per_run) << std::flush;
  return ExitCode::kHeld;
}

Action declare_sim_bench(CLI::App& app) {
  auto flags = std::make_shared<SimFlags>();
  app.add_option("--seeds", flags->options.seeds, "seeds of one pass (default: 200)")
      ->check(CLI::PositiveNumber);
  app.add_option("--seconds", flags->options.seconds,
                 "of CPU time for the warm passes (default: 10)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run_sim(*flags); };
}

// --- bench explore ---

struct ExploreFlags {
  std::uint64_t states = 1'000'000;
  bool json = false;
};

ExitCode run_explore_bench(const ExploreFlags& flags) {
  ExploringOptions options;
  options.bounds.states_max = flags.states;
  Progress progress("states", 0);
  const ExploringReport report =
      run_explore(options, [&](const sim::ExploreProgress& at) { progress.update(at.states); });
  progress.finish();
  if (report.code != ExitCode::kHeld)
    std::cerr << "quickbite: " << report.property << " " << report.what << "\n";
  std::cout << (flags.json ? to_json(report) + "\n" : summary(report)) << std::flush;
  return report.code;
}

Action declare_explore_bench(CLI::App& app) {
  auto flags = std::make_shared<ExploreFlags>();
  app.add_option("--states", flags->states, "stop at so many states (default: 1000000)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run_explore_bench(*flags); };
}

// What can be measured.
constexpr std::array kBenches = {
    Command{"sim", "The hundred-order run in the simulator", declare_sim_bench},
    Command{"explore", "The explorer on its standard bounds", declare_explore_bench},
    Command{"orders", "The real services over HTTP, beside pgbench on the same PostgreSQL", declare_orders_bench},
};

}  // namespace

Action declare_bench(CLI::App& app) {
  auto declared = std::make_shared<std::vector<std::pair<CLI::App*, Action>>>();
  for (const Command& bench : kBenches) {
    CLI::App* sub = app.add_subcommand(std::string(bench.name), std::string(bench.summary));
    declared->emplace_back(sub, bench.declare(*sub));
  }
  app.require_subcommand(1);
  return [declared] {
    for (const auto& [sub, action] : *declared) {
      if (sub->parsed()) return action();
    }
    return ExitCode::kUsage;
  };
}

}  // namespace quickbite::cli
