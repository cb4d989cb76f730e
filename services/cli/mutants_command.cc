#include "services/cli/mutants_command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/cli/json_text.h"
#include "services/cli/mutants.h"
#include "services/cli/progress.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

struct Flags {
  std::vector<std::uint32_t> only;
  std::string source = QUICKBITE_SOURCE_DIR;
  std::uint64_t seeds = 10'000;
  bool json = false;
};

void put_hunt(JsonText& json, const Hunt& hunt) {
  json.member("killed", hunt.killed);
  json.member("property", hunt.property);
  json.member("seeds", hunt.seeds);
  json.member("seconds", hunt.seconds);
}

// Of each mutant: what the first ground says, whether all killed it, and each ground by itself.
void print_json(const std::vector<MutantResult>& results) {
  JsonText json;
  json.open_array("mutants");
  for (const MutantResult& result : results) {
    json.open_object();
    json.member("mutant", result.number);
    json.member("bug", result.bug);
    Hunt whole = result.hunts.front();
    whole.killed = result.killed();
    put_hunt(json, whole);
    json.open_array("grounds");
    for (const Hunt& hunt : result.hunts) {
      json.open_object();
      json.member("ground", hunt.ground);
      put_hunt(json, hunt);
      json.close_object();
    }
    json.close_array();
    json.close_object();
  }
  json.close_array();
  std::cout << json.take() << std::endl;
}

// A scenario by its name, a command as it is.
std::string short_ground(const std::string& ground) {
  return ground.ends_with(".scenario") ? std::filesystem::path(ground).stem().string() : ground;
}

void print_result(const MutantResult& result, const Paint& paint) {
  std::cout << paint(Colour::kBold, absl::StrFormat("%3d", result.number)) << "  " << result.bug << "\n";
  for (const Hunt& hunt : result.hunts) {
    const std::string property = hunt.killed ? hunt.property : "SURVIVED";
    const std::string padded = absl::StrFormat("%-9s", property);
    std::cout << "     " << (hunt.killed ? padded : paint(Colour::kRed, padded))
              << absl::StrFormat("%8s %s %8.1f s  %s", with_commas(hunt.seeds),
                                 hunt.ground.starts_with("explore") ? "states" : "seeds ", hunt.seconds,
                                 short_ground(hunt.ground))
              << "\n";
  }
  std::cout << std::flush;
}

// Those asked for; none, having said why, where that cannot be.
std::optional<std::vector<Mutant>> mutants_of(const Flags& flags) {
  absl::StatusOr<std::vector<Mutant>> all = read_mutants(flags.source + "/proptests/mutants");
  if (!all.ok()) {
    std::cerr << "quickbite: " << all.status().message() << "\n";
    return std::nullopt;
  }
  for (const std::uint32_t number : flags.only) {
    if (std::ranges::find(*all, number, &Mutant::number) != all->end()) continue;
    std::cerr << "quickbite: there is no mutant " << number << " in proptests/mutants\n";
    return std::nullopt;
  }
  if (flags.only.empty()) return *std::move(all);
  std::erase_if(*all, [&](const Mutant& mutant) {
    return std::ranges::count(flags.only, mutant.number) == 0;
  });
  return *std::move(all);
}

ExitCode run(const Flags& flags) {
  const auto mutants = mutants_of(flags);
  if (!mutants) return ExitCode::kUsage;
  const std::string folder = std::string(QUICKBITE_BINARY_DIR) + "/mutants";
  std::filesystem::create_directories(folder);
  Progress progress("mutants", mutants->size());
  std::uint64_t done = 0;
  MutantLab lab({flags.source, folder, flags.seeds, absl::Minutes(10),
                 [&](const std::string& doing) { progress.update(done, doing); }});
  const Paint paint(STDOUT_FILENO);
  std::vector<MutantResult> results;
  ExitCode code = ExitCode::kHeld;
  for (const Mutant& mutant : *mutants) {
    absl::StatusOr<MutantResult> result = lab.examine(mutant);
    ++done;
    progress.clear();
    if (!result.ok()) {
      std::cerr << "quickbite: mutant " << mutant.number << ": " << result.status().message()
                << "\n";
      code = ExitCode::kFailed;
      continue;
    }
    if (!result->killed()) code = ExitCode::kFailed;
    if (!flags.json) print_result(*result, paint);
    results.push_back(*std::move(result));
  }
  progress.finish();
  if (flags.json) print_json(results);
  return code;
}

}  // namespace

Action declare_mutants(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--only", flags->only,
                 "only the mutant of this number; may be given several times");
  app.add_option("--seeds", flags->seeds, "how many seeds `sim` tries at most (default: 10000)")
      ->check(CLI::PositiveNumber);
  app.add_option("--source", flags->source,
                 "root of the sources (default: those that this program was built from)");
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
