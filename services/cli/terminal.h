// What a person sees: colours only where there is a terminal, and numbers that can be read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace quickbite::cli {

// True where the file descriptor is a terminal.
bool is_terminal(int fd);

enum class Colour : std::uint8_t { kRed, kGreen, kYellow, kBold, kDim };

// Paints for one stream: as it is told, or not at all where the stream is no terminal or NO_COLOR
// is set (no-color.org).
class Paint {
 public:
  explicit Paint(int fd);
  std::string operator()(Colour colour, std::string_view text) const;

 private:
  bool on_;
};

std::string with_commas(std::uint64_t number);  // "1,234,567"
std::string for_people(absl::Duration time);    // "8 ms", "4.2 s", "3 min 20 s", "1 h 5 min"

}  // namespace quickbite::cli
