#include "services/cli/terminal.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace quickbite::cli {
namespace {

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::kRed:
      return "\033[31m";
    case Colour::kGreen:
      return "\033[32m";
    case Colour::kYellow:
      return "\033[33m";
    case Colour::kBold:
      return "\033[1m";
    case Colour::kDim:
      return "\033[2m";
  }
  return "";
}

}  // namespace

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

Paint::Paint(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  on_ = is_terminal(fd) && (no_colour == nullptr || *no_colour == '\0');
}

std::string Paint::operator()(Colour colour, std::string_view text) const {
  if (!on_) return std::string(text);
  return std::string(code_of(colour)) + std::string(text) + "\033[0m";
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string for_people(absl::Duration time) {
  if (time < absl::Seconds(1)) return absl::StrCat(absl::ToInt64Milliseconds(time), " ms");
  if (time < absl::Seconds(10)) return absl::StrFormat("%.1f s", absl::ToDoubleSeconds(time));
  const std::int64_t seconds = absl::ToInt64Seconds(time);
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3600) return absl::StrCat(seconds / 60, " min ", seconds % 60, " s");
  return absl::StrCat(seconds / 3600, " h ", seconds % 3600 / 60, " min");
}

}  // namespace quickbite::cli
