// Draws: every random number of a run is H(seed, site, subject, ordinal), so that a draw added or a step removed shifts no
// other. Integer arithmetic only.
#pragma once

#include <cstdint>

#include "domain/base/hash.h"

namespace quickbite::sim {

// Where in the code a choice is made: a permanent number from the system's one table of sites.
enum class Site : std::uint16_t {};

// What the choice is about: a hash of causal names (who, which attempt), never an index into a queue.
using Subject = std::uint64_t;

class Draws {
 public:
  explicit constexpr Draws(std::uint64_t seed) : seed_(scramble(seed + 0x9E3779B97F4A7C15)) {}

  // 64 uniform bits.
  constexpr std::uint64_t bits(Site site, Subject subject, std::uint32_t ordinal = 0) const {
    const std::uint64_t where = (std::uint64_t{static_cast<std::uint16_t>(site)} << 32) | ordinal;
    return scramble(scramble(seed_ ^ subject) + where * 0x9E3779B97F4A7C15);
  }

  // Uniform in [0, n), n > 0; the bias of n / 2^32 is below what any sweep can see.
  constexpr std::uint32_t below(std::uint32_t n, Site site, Subject subject, std::uint32_t ordinal = 0) const {
    return static_cast<std::uint32_t>(((bits(site, subject, ordinal) >> 32) * n) >> 32);
  }

  // True in `ppm` of a million cases.
  constexpr bool chance(std::uint32_t ppm, Site site, Subject subject, std::uint32_t ordinal = 0) const {
    return ppm != 0 && below(1'000'000, site, subject, ordinal) >= 1'000'000 - ppm;
  }

 private:
  std::uint64_t seed_;
};

constexpr Subject subject_of(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  return scramble(scramble(scramble(a) ^ b) ^ c);
}

}  // namespace quickbite::sim
