// Hexadecimal, eight digits at a time.
#pragma once

#include <cstdint>

namespace quickbite {

// The low 32 bits as eight digits of lower case, the first one in the lowest byte.
constexpr std::uint64_t hex_digits(std::uint64_t bits) {
  std::uint64_t digits = ((bits >> 16) & 0xFFFF) | ((bits & 0xFFFF) << 32);
  digits = ((digits >> 8) & 0x0000'00FF'0000'00FF) | ((digits & 0x0000'00FF'0000'00FF) << 16);
  digits = ((digits >> 4) & 0x000F'000F'000F'000F) | ((digits & 0x000F'000F'000F'000F) << 8);
  const std::uint64_t letters = ((digits + 0x0606'0606'0606'0606) >> 4) & 0x0101'0101'0101'0101;
  return digits + 0x3030'3030'3030'3030 + letters * ('a' - '9' - 1);
}

}  // namespace quickbite
