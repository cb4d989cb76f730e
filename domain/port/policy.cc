#include "domain/port/policy.h"

#include <algorithm>

#include "domain/base/hash.h"

namespace quickbite {

Duration backoff(const Limits& limits, std::int64_t attempt, std::uint64_t salt) {
  return backoff(limits.backoff_base, limits.backoff_cap, attempt, salt);
}

Duration backoff(Duration base, Duration most, std::int64_t attempt, std::uint64_t salt) {
  const std::int64_t cap = std::max<std::int64_t>(most.us, 0);
  std::int64_t wait = std::clamp<std::int64_t>(base.us, 0, cap);
  for (std::int64_t i = 1; i < attempt && wait > 0 && wait < cap; ++i) {
    wait = wait > cap / 2 ? cap : wait * 2;
  }
  const std::int64_t least = wait - wait / 2;
  const auto spread = static_cast<std::uint64_t>(wait / 2) + 1;
  return microseconds(least + static_cast<std::int64_t>(scramble(salt) % spread));
}

Duration retention_needed(Duration topics, Duration dead_letters) {
  return std::max(topics, dead_letters) + kWeek;
}

}  // namespace quickbite
