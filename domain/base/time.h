// Instant and Duration: whole microseconds. Pure code is handed its `now`; it has no clock.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace quickbite {

struct Duration {
  std::int64_t us = 0;

  friend constexpr auto operator<=>(const Duration&, const Duration&) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.us + b.us}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.us - b.us}; }
  friend constexpr Duration operator*(Duration a, std::int64_t n) { return {a.us * n}; }
};

// Microseconds since the Unix epoch in production, since the start of the run in the simulator.
struct Instant {
  std::int64_t us = 0;

  friend constexpr auto operator<=>(const Instant&, const Instant&) = default;
  friend constexpr Instant operator+(Instant at, Duration d) { return {at.us + d.us}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.us - b.us}; }
};

// "2026-02-03T04:05:06.000007Z": RFC 3339 in UTC, always with microseconds, for the years 0000 to 9999. An instant outside
// of them is told as the nearest inside.
std::string to_rfc3339(Instant at);
inline constexpr std::size_t kRfc3339Bytes = 27;
// The same 27 characters, without a NUL, to `out`.
void write_rfc3339(Instant at, char* out);

constexpr Duration microseconds(std::int64_t n) { return {n}; }
constexpr Duration milliseconds(std::int64_t n) { return {n * 1000}; }
constexpr Duration seconds(std::int64_t n) { return {n * 1'000'000}; }

}  // namespace quickbite
