#include "services/cli/durations.h"

#include <iostream>

namespace quickbite::cli {

bool parse_time(const std::string& text, absl::Duration& time) {
  const bool plain = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (absl::ParseDuration(plain ? text + "s" : text, &time) && time > absl::ZeroDuration())
    return true;
  std::cerr << "quickbite: '" << text << "' is no time; expected one such as 90s or 5m\n";
  return false;
}

}  // namespace quickbite::cli
