// Exploring in a process of its own: a CHECK that fails there is a result like any other.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/cli/exit_code.h"
#include "sim/world/explore_world.h"

namespace quickbite::cli {

struct ExploringOptions {
  sim::ExploreBounds bounds;
  absl::Duration time = absl::InfiniteDuration();
  std::uint64_t memory_max = std::uint64_t{4} << 30;  // bytes, of the whole process
};

struct ExploringReport {
  ExitCode code = ExitCode::kHeld;
  sim::ExploreProgress progress;
  absl::Duration took;
  std::uint64_t memory = 0;  // bytes, at most
  bool finished = false;     // every state within the bounds
  std::string stopped;       // by what, where it did not finish: "the time", "the memory", …
  std::vector<std::string> sometimes;  // facts that happened
  std::string property;                // that broke, or empty
  std::string what;
  std::string doubts;              // of the counterexample
  std::vector<std::string> steps;  // of the counterexample, a line each
  std::string scenario;            // the counterexample as a file, or empty
};

ExploringReport run_explore(const ExploringOptions& options,
                            const std::function<void(const sim::ExploreProgress&)>& progress);

// The object that `explore --json` and `bench explore --json` print.
std::string to_json(const ExploringReport& report);

// The numbers, for a person.
std::string summary(const ExploringReport& report);

double states_per_s(const ExploringReport& report);

}  // namespace quickbite::cli
