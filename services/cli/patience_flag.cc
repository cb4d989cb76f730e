#include "services/cli/patience_flag.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace quickbite::cli {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(500);

}  // namespace

void declare_patience(CLI::App& app, std::string& text) {
  app.add_option("--patience", text, "how long to wait for a server that is not there yet, as 2m (default: not at all)")
      ->envname("QUICKBITE_PATIENCE");
}

absl::Status patiently(const std::string& text, const std::function<absl::Status()>& work) {
  absl::Duration patience;
  if (!text.empty() && !absl::ParseDuration(text, &patience)) {
    return absl::InvalidArgumentError(absl::StrCat("--patience: expected a time, as 90s or 2m, found '", text, "'"));
  }
  std::string told;
  for (const absl::Time begin = absl::Now();; absl::SleepFor(kPause)) {
    absl::Status done = work();
    if (!absl::IsUnavailable(done) || absl::Now() - begin >= patience) return done;
    // Once for every reason, so that a log tells what was waited for.
    if (told == done.message()) continue;
    told = std::string(done.message());
    std::cerr << "quickbite: waiting: " << told << std::endl;
  }
}

}  // namespace quickbite::cli
