#include "services/cli/sim_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/cli/durations.h"
#include "services/cli/progress.h"
#include "services/cli/sweep.h"
#include "services/cli/sweep_text.h"
#include "services/cli/terminal.h"
#include "services/cli/workers.h"

namespace quickbite::cli {
namespace {

// The standard sweep, and from how many seeds on a cell that never fired is a failure of the sweep.
constexpr std::uint64_t kStandardSeeds = 10'000;

struct Flags {
  std::optional<std::uint64_t> seeds;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> time;
  int jobs = cores();
  bool json = false;
  bool hash = false;
  bool keep_going = false;
  bool trace = false;
};

// What the flags say together; none, having said why, where they make no sense.
std::optional<SweepOptions> options_of(const Flags& flags) {
  SweepOptions options;
  options.first = flags.seed.value_or(1);
  options.count = flags.seeds.value_or(flags.seed ? 1 : kStandardSeeds);
  options.jobs = static_cast<int>(
      std::clamp<std::uint64_t>(options.count / 8, 1, static_cast<std::uint64_t>(flags.jobs)));
  options.hashes = flags.hash;
  options.keep_going = flags.keep_going;
  if (!flags.time) return options;
  absl::Duration time;
  if (!parse_time(*flags.time, time)) return std::nullopt;
  options.until = absl::Now() + time;
  if (!flags.seeds) options.count = UINT64_MAX;
  options.jobs = flags.jobs;
  return options;
}

ExitCode verdict_on(const SweepOptions& options, const SweepReport& report) {
  ExitCode code = ExitCode::kHeld;
  for (const SweepFinding& finding : report.findings) code = worse(code, finding.code);
  if (code == ExitCode::kHeld && options.count >= kStandardSeeds && report.done >= kStandardSeeds &&
      !never_seen(report.tally).empty()) {
    return ExitCode::kFailed;
  }
  return code;
}

void print_headline(const SweepOptions& options, const SweepReport& report) {
  const double rate = static_cast<double>(report.done) / absl::ToDoubleSeconds(report.took);
  std::cout << "\n"
            << with_commas(report.done) << " runs from seed " << options.first << " on in "
            << for_people(report.took) << " (" << with_commas(static_cast<std::uint64_t>(rate))
            << "/s on " << options.jobs << " cores): " << with_commas(report.tally.requests)
            << " requests, " << with_commas(report.tally.events) << " events; "
            << with_commas(report.tally.run_twice) << " were run twice and gave the same hash\n";
}

void print_verdict(const SweepReport& report, ExitCode code, const Paint& paint) {
  for (const SweepFinding& finding : report.findings) std::cout << "\n" << story(finding, paint);
  if (code == ExitCode::kHeld) std::cout << paint(Colour::kGreen, "All properties held.") << "\n";
  if (code == ExitCode::kFailed) {
    std::cout << paint(Colour::kRed,
                       "All properties held, but the sweep proves too little. Never happened:")
              << "\n";
    for (const std::string& name : never_seen(report.tally)) std::cout << "  " << name << "\n";
  }
}

ExitCode run_sweep(const Flags& flags) {
  const std::optional<SweepOptions> options = options_of(flags);
  if (!options) return ExitCode::kUsage;
  Progress progress("seeds", flags.time && !flags.seeds ? 0 : options->count);
  const SweepReport report = sweep(*options, [&](std::uint64_t done) { progress.update(done); });
  progress.finish();
  const ExitCode code = verdict_on(*options, report);
  if (flags.json) {
    std::cout << to_json(*options, report) << std::endl;
    return code;
  }
  if (flags.hash) {
    for (const auto& [seed, hash] : report.hashes)
      std::cout << absl::StrFormat("%d %016x\n", seed, hash);
    for (const SweepFinding& finding : report.findings)
      std::cerr << story(finding, Paint(STDERR_FILENO));
    std::cout << std::flush;
    return code;
  }
  const Paint paint(STDOUT_FILENO);
  if (options->count > 1) std::cout << tables(report.tally, paint);
  print_headline(*options, report);
  print_verdict(report, code, paint);
  std::cout << std::flush;
  return code;
}

// One seed, step by step, in this process.
ExitCode run_trace(std::uint64_t seed) {
  sim::MemoDecoder decoder;
  const sim::Drawn drawn = sim::draw(seed);
  std::cout << "seed " << seed << ": " << sim::describe(drawn) << "\n";
  const sim::Outcome outcome =
      sim::run_plan(drawn.plan, drawn.options, {}, decoder,
                    [](Instant at, const std::string& to, const std::string& what) {
                      std::cout << absl::StrFormat("%9.3f ms  %-24s %s\n",
                                                   static_cast<double>(at.us) / 1000, to, what);
                    });
  const ExitCode code = code_of(outcome.ending);
  if (code == ExitCode::kHeld)
    std::cout << "All properties held.\n";
  else
    std::cout << story({seed, code, outcome.property, outcome.what}, Paint(STDOUT_FILENO));
  std::cout << std::flush;
  return code;
}

ExitCode run(const Flags& flags) {
  if (!flags.trace) return run_sweep(flags);
  if (flags.seed && !flags.seeds && !flags.json && !flags.hash) return run_trace(*flags.seed);
  std::cerr << "quickbite: --trace is for one --seed, and goes with neither --json nor --hash\n";
  return ExitCode::kUsage;
}

}  // namespace

Action declare_sim(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--seeds", flags->seeds,
                 absl::StrCat("how many seeds (default ", kStandardSeeds, "; 1 with --seed)"))
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", flags->seed, "the first seed (default 1)");
  app.add_option("--jobs", flags->jobs, "worker processes (default: one for each core)")
      ->check(CLI::Range(1, 1024));
  app.add_option("--time", flags->time, "begin no more seeds after this time, such as 90s or 5m");
  app.add_flag("--keep-going", flags->keep_going, "do not stop at the first finding");
  app.add_flag("--hash", flags->hash, "print the trace hash of each seed, and nothing else");
  app.add_flag("--trace", flags->trace, "tell every step of one --seed");
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
