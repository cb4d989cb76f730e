// Sweeping seeds: each is a run of its own, drawn and simulated in worker processes; what they
// found and covered, added up.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "services/cli/exit_code.h"
#include "sim/world/sweep.h"

namespace quickbite::cli {

struct SweepOptions {
  std::uint64_t first = 1;
  std::uint64_t count = 0;
  int jobs = 1;
  absl::Time until = absl::InfiniteFuture();
  absl::Duration budget = absl::Seconds(30);  // of one run: then it hangs
  bool hashes = false;
  bool keep_going = false;  // after a finding, too
};

// What a run may draw, to be counted.
struct Trait {
  std::string_view name;
  bool (*has)(const sim::Drawn& drawn);
};
std::span<const Trait> traits();
inline constexpr std::size_t kTraitsMax = 64;

// Sums over runs. Travels from process to process as it stands.
struct Tally {
  std::uint64_t runs = 0;
  std::uint64_t events = 0;
  std::uint64_t requests = 0;                             // that clients wanted answered
  std::uint64_t run_twice = 0;                            // and gave the same hash
  sim::Given given;                                       // verdicts and crashes
  std::array<std::uint64_t, sim::kFactsMax> sometimes{};  // runs in which the fact happened
  std::array<std::uint64_t, kTraitsMax> drawn{};          // runs that drew the trait

  void add(const Tally& other);
};

struct SweepFinding {
  std::uint64_t seed = 0;
  ExitCode code = ExitCode::kHeld;
  std::string property;  // or empty
  std::string what;
};

struct SweepReport {
  Tally tally;
  std::vector<SweepFinding> findings;                           // by seed
  std::vector<std::pair<std::uint64_t, std::uint64_t>> hashes;  // (seed, hash) by seed
  std::uint64_t done = 0;  // seeds, those that ended their worker among them
  absl::Duration took;
};

// Without keep_going it ends with the first finding: every seed before it has been run.
SweepReport sweep(const SweepOptions& options,
                  const std::function<void(std::uint64_t done)>& progress);

// The crashes that can happen and did not, and the facts that never were: what the sweep proves
// nothing about.
std::vector<std::string> never_seen(const Tally& tally);

// What a run's ending is to whoever called; of a plan without rules and expectations.
ExitCode code_of(sim::Ending ending);

}  // namespace quickbite::cli
