// Replaying scenarios: each in a process of its own, so that one that crashes or hangs is a result
// like any other.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/cli/exit_code.h"
#include "services/cli/scenario_file.h"

namespace quickbite::cli {

struct Replayed {
  ExitCode code = ExitCode::kHeld;
  std::string property;  // that broke, or empty
  std::string what;      // a sentence, or empty where all held
  int line = 0;          // of the rule or expectation that is to blame, or 0
  std::uint64_t trace_hash = 0;
  std::uint64_t events = 0;
  std::int64_t took_us = 0;  // of virtual time
};

struct ReplayOptions {
  bool trace = false;
  absl::Duration budget = absl::Seconds(60);  // of one scenario
  int jobs = 1;
};

// A result for each file, in their order. `told` gets the trace, line by line, of file after file.
std::vector<Replayed> replay(
    const std::vector<ScenarioFile>& files, const ReplayOptions& options,
    const std::function<void(std::size_t file, std::string_view line)>& told);

}  // namespace quickbite::cli
