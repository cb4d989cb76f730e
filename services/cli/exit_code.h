// What the quickbite command's exit codes mean. The same for every subcommand, for ever: scripts
// and CI rely on them.
#pragma once

namespace quickbite::cli {

enum class ExitCode : int {
  kHeld = 0,       // all held
  kFailed = 1,     // it could not be done, or what was done proves too little: stderr says which
  kUsage = 2,      // wrong flags or bad input: where, and what was expected
  kSafety = 10,    // a safety property broke, or an expectation of a scenario
  kLiveness = 11,  // a liveness property broke
  kCrash = 12,     // a CHECK failed, a process crashed or hung
  kNondeterminism = 13,  // the same seed gave two different runs
};

// Of several, the one to end with: what matters most to whoever has to look.
constexpr ExitCode worse(ExitCode a, ExitCode b) {
  constexpr ExitCode kOrder[] = {ExitCode::kCrash,    ExitCode::kNondeterminism, ExitCode::kSafety,
                                 ExitCode::kLiveness, ExitCode::kUsage,          ExitCode::kFailed};
  for (const ExitCode code : kOrder) {
    if (a == code || b == code) return code;
  }
  return ExitCode::kHeld;
}

}  // namespace quickbite::cli
