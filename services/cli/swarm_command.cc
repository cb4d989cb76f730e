#include "services/cli/swarm_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/cli/patience_flag.h"
#include "services/cli/progress.h"
#include "services/cli/swarm.h"
#include "services/cli/sweep_text.h"
#include "services/cli/terminal.h"
#include "services/cli/workers.h"

namespace quickbite::cli {
namespace {

constexpr std::size_t kMissingShown = 5;

struct Flags {
  std::string database;
  std::string patience;
  SwarmPlan plan{"swarm", 1, 0, 1, 10'000};
  std::uint64_t shard = 0;
  int jobs = cores();
  bool json = false;
};

ExitCode failed(const absl::Status& status) {
  std::cerr << "quickbite: " << status.message() << "\n";
  return absl::IsInvalidArgument(status) ? ExitCode::kUsage : ExitCode::kFailed;
}

ExitCode work(const Flags& flags) {
  if (flags.shard >= flags.plan.shards) {
    return failed(absl::InvalidArgumentError(
        absl::StrCat("--shard: expected a number below --shards, which is ", flags.plan.shards, ", found ", flags.shard)));
  }
  std::uint64_t total = 0;
  for (const SeedRange& chunk : chunks_of(flags.plan, flags.shard)) total += chunk.count;
  Progress progress("seeds", total);
  const absl::Status done = patiently(flags.patience, [&] {
    return work_on_shard(flags.database, flags.plan, flags.shard, flags.jobs, [&](std::uint64_t count) { progress.update(count); });
  });
  progress.finish();
  if (!done.ok()) return failed(done);
  std::cout << "shard " << flags.shard << " of " << flags.plan.shards << ": all of its " << with_commas(total)
            << " seeds are written down\n" << std::flush;
  return ExitCode::kHeld;
}

void print(const SwarmReport& report, ExitCode code) {
  const Paint paint(STDOUT_FILENO);
  std::cout << tables(report.sweep.tally, paint) << "\n"
            << "swarm " << report.plan.name << ": " << with_commas(report.sweep.done) << " of " << with_commas(report.plan.seeds)
            << " seeds from " << report.plan.first << " on, by " << report.plan.shards << " shards\n";
  for (const SweepFinding& finding : report.sweep.findings) std::cout << "\n" << story(finding, paint);
  for (std::size_t i = 0; i < report.missing.size() && i < kMissingShown; ++i) {
    std::cout << "missing: " << with_commas(report.missing[i].count) << " seeds from " << report.missing[i].first << " on\n";
  }
  if (report.missing.size() > kMissingShown) std::cout << "missing: " << report.missing.size() - kMissingShown << " chunks more\n";
  if (code == ExitCode::kHeld) std::cout << paint(Colour::kGreen, "All properties held.") << "\n";
}

ExitCode report(const Flags& flags) {
  const absl::StatusOr<SwarmReport> found = report_swarm(flags.database, flags.plan.name);
  if (!found.ok()) return failed(found.status());
  ExitCode code = found->missing.empty() ? ExitCode::kHeld : ExitCode::kFailed;
  for (const SweepFinding& finding : found->sweep.findings) code = worse(code, finding.code);
  if (flags.json) {
    SweepOptions options;
    options.first = found->plan.first;
    options.count = found->plan.seeds;
    options.jobs = static_cast<int>(found->plan.shards);
    std::cout << to_json(options, found->sweep) << "\n";
  } else {
    print(*found, code);
  }
  std::cout << std::flush;
  return code;
}

void declare_common(CLI::App& sub, Flags& flags) {
  sub.add_option("--database", flags.database, "where the swarm keeps its books: a connection string or URL of libpq")
      ->envname("QUICKBITE_SWARM_DATABASE")
      ->required();
  sub.add_option("--name", flags.plan.name, "of the swarm: its workers and its report share it (default swarm)");
}

}  // namespace

Action declare_swarm(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.require_subcommand(1);
  CLI::App* sub_work = app.add_subcommand("work", "Run one shard of the seeds; begun again, what is missing of it");
  declare_common(*sub_work, *flags);
  sub_work->add_option("--seeds", flags->plan.seeds, "of the whole swarm")->required()->check(CLI::PositiveNumber);
  sub_work->add_option("--seed", flags->plan.first, "the first seed (default 1)");
  sub_work->add_option("--shards", flags->plan.shards, "into how many the seeds are divided (default 1)")->check(CLI::Range(1, 1'000'000));
  sub_work->add_option("--shard", flags->shard, "which one this is, from 0")->envname("JOB_COMPLETION_INDEX");
  sub_work->add_option("--chunk", flags->plan.chunk, "seeds that are written down together (default 10000)")->check(CLI::Range(1, 10'000'000));
  sub_work->add_option("--jobs", flags->jobs, "worker processes (default: one for each core)")->check(CLI::Range(1, 1024));
  declare_patience(*sub_work, flags->patience);
  CLI::App* sub_report = app.add_subcommand("report", "Sum up what all workers have found");
  declare_common(*sub_report, *flags);
  sub_report->add_flag("--json", flags->json, "print one JSON object");
  sub_report->footer("The code is that of a sweep over all the seeds; 1 where some are still missing.");
  return [flags, sub_work] { return sub_work->parsed() ? work(*flags) : report(*flags); };
}

}  // namespace quickbite::cli
