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
#include "services/cli/json_text.h"
#include "services/cli/progress.h"
#include "services/cli/sweep.h"
#include "services/cli/sweep_text.h"
#include "services/cli/terminal.h"
#include "services/cli/workers.h"
#include "sim/plan/print.h"
#include "sim/shrink/shrink.h"

namespace quickbite::cli {
namespace {

// The standard sweep, and from how many seeds on a cell that never fired is a failure of the sweep.
constexpr std::uint64_t kStandardSeeds = 10'000;

constexpr absl::Duration kShrinkingMost = absl::Minutes(5);

struct Flags {
  std::optional<std::uint64_t> seeds;
  std::optional<std::uint64_t> seed;
  std::optional<std::string> time;
  int jobs = cores();
  bool json = false;
  bool hash = false;
  bool keep_going = false;
  bool trace = false;
  bool shrink = false;
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

// What broke in `outcome`, as the story of a run tells it.
SweepFinding finding_of(std::uint64_t seed, const sim::Outcome& outcome) {
  return {seed, code_of(outcome.ending), outcome.property, outcome.what};
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
    std::cout << story(finding_of(seed, outcome), Paint(STDOUT_FILENO));
  std::cout << std::flush;
  return code;
}

sim::Shrunk shrink_seed(const sim::Drawn& drawn, const sim::Outcome& found, sim::Codec& codec) {
  Progress progress("runs", 0);
  const absl::Time until = absl::Now() + kShrinkingMost;
  return sim::shrink(
      drawn, [&](const sim::Outcome& outcome) { return outcome.ending == found.ending && outcome.property == found.property; },
      codec, [&](std::uint64_t runs, std::size_t left) {
        progress.update(runs, absl::StrCat(left, " acts and faults left"));
        return absl::Now() < until;
      });
}

// A small plan that breaks the same property as a seed does.
ExitCode run_shrink(std::uint64_t seed, bool as_json) {
  sim::MemoDecoder decoder;
  const sim::Drawn drawn = sim::draw(seed);
  sim::RunLimits limits;
  limits.records = sim::Records::kStrikes;
  const sim::Outcome found = sim::run_plan(drawn.plan, drawn.options, limits, decoder);
  const ExitCode code = code_of(found.ending);
  JsonText json;
  json.member("seed", seed);
  json.member("property", found.property);
  json.member("what", found.what);
  if (code == ExitCode::kHeld) {
    std::cout << (as_json ? json.take() : absl::StrCat("seed ", seed, ": all properties hold, so that there is nothing to shrink.")) << std::endl;
    return code;
  }
  sim::Shrunk shrunk = shrink_seed(drawn, found, decoder);
  sim::Plan& plan = shrunk.drawn.plan;
  plan.title = absl::StrCat("Seed ", seed, ", shrunk: ", found.property, ", ", found.what);
  if (as_json) {
    json.member("runs", shrunk.runs);
    json.member("stopped", shrunk.stopped);
    json.member("fragile", plan.seed.has_value());
    json.member("standard_options", shrunk.standard);
    json.member("scenario", sim::print_plan(plan));
    std::cout << json.take() << std::endl;
    return code;
  }
  const auto delays = static_cast<std::size_t>(
      std::ranges::count_if(plan.rules, [](const sim::Rule& rule) { return rule.verdict == sim::Verdict::kDelay; }));
  const Paint paint(STDOUT_FILENO);
  std::cout << story(finding_of(seed, found), paint) << "\nShrunk in " << with_commas(shrunk.runs) << " runs: of "
            << drawn.plan.acts.size() << " acts and " << found.strikes.size() << " faults " << plan.acts.size() << " and "
            << plan.rules.size() - delays << " are left" << (delays == 0 ? "" : absl::StrCat(", with ", delays, delays == 1 ? " delay" : " delays"))
            << ".\n";
  if (shrunk.stopped) std::cout << "It was stopped after " << for_people(kShrinkingMost) << ": there may be less to find.\n";
  if (plan.seed) std::cout << "It still needs its seed, for choices that no rule can say: it is fragile.\n";
  if (shrunk.standard) {
    std::cout << "As a scenario (./quickbite replay FILE):\n\n";
  } else {
    std::cout << "It needs what was drawn beside the plan, which a scenario cannot say: "
              << sim::describe(shrunk.drawn) << "\n\n";
  }
  std::cout << sim::print_plan(plan) << std::flush;
  return code;
}

ExitCode run(const Flags& flags) {
  if (!flags.trace && !flags.shrink) return run_sweep(flags);
  const bool one = flags.seed && !flags.seeds && !flags.hash && !flags.time && !flags.keep_going && !(flags.trace && flags.shrink);
  if (one && flags.shrink) return run_shrink(*flags.seed, flags.json);
  if (one && !flags.json) return run_trace(*flags.seed);
  std::cerr << "quickbite: --trace and --shrink are for one --seed alone, one of them at a time; --shrink takes --json too\n";
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
  app.add_flag("--shrink", flags->shrink, "find a small plan that breaks what one --seed breaks");
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
