// Times on the command line.
#pragma once

#include <string>

#include "absl/time/time.h"

namespace quickbite::cli {

// "90s", "5m", "1h30m", or plain seconds; above 0. False, having told stderr what was expected,
// where it is none.
bool parse_time(const std::string& text, absl::Duration& time);

}  // namespace quickbite::cli
