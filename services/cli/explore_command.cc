#include "services/cli/explore_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/cli/durations.h"
#include "services/cli/exploring.h"
#include "services/cli/progress.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

struct Flags {
  sim::ExploreBounds bounds;
  std::string time;
  std::uint64_t memory_mb = 4096;
  std::string scenario;
  bool json = false;
};

void print_sometimes(const ExploringReport& report) {
  std::cout << "happened: ";
  for (std::size_t i = 0; i < report.sometimes.size(); ++i)
    std::cout << (i > 0 ? " · " : "") << report.sometimes[i];
  std::cout << "\n";
}

void print_finding(const ExploringReport& report, const Paint& paint) {
  std::cout << "\n"
            << paint(Colour::kRed, absl::StrCat("Broken: ", report.property)) << "  " << report.what
            << "\n";
  if (!report.doubts.empty()) std::cout << "  doubtful: " << report.doubts << "\n";
  std::cout << "  the shortest way there:\n";
  for (const std::string& step : report.steps) std::cout << "    " << step << "\n";
  if (report.scenario.empty()) {
    std::cout << "  no calm scenario shows it\n";
  } else {
    std::cout << "  as a scenario (./quickbite replay FILE):\n\n" << report.scenario;
  }
}

void print_report(const ExploringReport& report) {
  const Paint paint(STDOUT_FILENO);
  std::cout << summary(report);
  print_sometimes(report);
  if (report.code != ExitCode::kHeld) return print_finding(report, paint);
  if (report.finished) {
    std::cout << paint(Colour::kGreen,
                       "Every interleaving within these bounds was looked at: all properties held.")
              << "\n";
  } else {
    std::cout << paint(Colour::kYellow, absl::StrCat("Stopped by ", report.stopped,
                                                     ": all properties held on every way of up to ",
                                                     report.progress.depth, " transitions."))
              << "\n";
  }
}

ExitCode run(const Flags& flags) {
  ExploringOptions options{flags.bounds, absl::InfiniteDuration(), flags.memory_mb << 20};
  if (!flags.time.empty() && !parse_time(flags.time, options.time)) return ExitCode::kUsage;
  options.bounds.bytes_max = options.memory_max;
  Progress progress("states", 0);
  const ExploringReport report =
      run_explore(options, [&](const sim::ExploreProgress& at) { progress.update(at.states); });
  progress.finish();
  if (!flags.scenario.empty() && !report.scenario.empty()) {
    std::ofstream file(flags.scenario);
    file << report.scenario << std::flush;
    if (!file) std::cerr << "quickbite: cannot write " << flags.scenario << "\n";
  }
  if (flags.json)
    std::cout << to_json(report) << std::endl;
  else
    print_report(report);
  std::cout << std::flush;
  return report.code;
}

}  // namespace

Action declare_explore(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  sim::ExploreBounds& bounds = flags->bounds;
  app.add_option("--orders", bounds.orders, "orders, of a client each (default: 2)")
      ->check(CLI::Range(1, 8));
  app.add_option("--crashes", bounds.crashes, "crashes of a process (default: 1)")
      ->check(CLI::Range(0, 8));
  app.add_option("--duplicates", bounds.duplicates, "messages that arrive twice (default: 1)")
      ->check(CLI::Range(0, 8));
  app.add_option("--in-doubt", bounds.in_doubt, "commits in doubt (default: 0)")
      ->check(CLI::Range(0, 8));
  app.add_option("--timers", bounds.timers, "timers that fire early (default: 1)")
      ->check(CLI::Range(0, 8));
  app.add_flag("--expiry", bounds.expiry,
               "every order is past its deadline: it expires wherever the sweeper's timer fires early");
  app.add_option("--states", bounds.states_max, "stop at so many states");
  app.add_option("--time", flags->time, "stop after this time, such as 90s or 10m");
  app.add_option("--memory", flags->memory_mb, "stop at so many MiB (default: 4096)")
      ->check(CLI::PositiveNumber);
  app.add_option("--scenario", flags->scenario, "write a counterexample to this file");
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
