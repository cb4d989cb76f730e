#include "domain/api/rate_limit.h"

#include <algorithm>
#include <string>
#include <vector>

#include "domain/api/api.h"

namespace quickbite::api {
namespace {

constexpr std::size_t kShare = 16;

}  // namespace

std::optional<Duration> RateLimit::take(std::string_view subject, Instant now) {
  if (options_.per_second == 0) return std::nullopt;
  const auto known = buckets_.find(subject);
  const Instant full = known == buckets_.end() ? now : std::max(known->second, now);
  const Duration behind = full - now;  // so much time's tokens are missing
  const Duration allowed = interval() * (options_.burst - 1);
  if (behind > allowed) return behind - allowed;
  if (known != buckets_.end()) {
    known->second = full + interval();
    return std::nullopt;
  }
  if (buckets_.size() >= options_.subjects_max) forget_some(now);
  buckets_.emplace(subject, full + interval());
  return std::nullopt;
}

// Those whose buckets are full by now need no entry; where there are none, a share of them goes that are next to that, so that
// not every newcomer makes us look at all.
void RateLimit::forget_some(Instant now) {
  if (std::erase_if(buckets_, [&](const auto& bucket) { return bucket.second <= now; }) > 0) return;
  std::vector<Instant> full;
  full.reserve(buckets_.size());
  for (const auto& [subject, at] : buckets_) full.push_back(at);
  const auto last = full.begin() + static_cast<std::ptrdiff_t>(full.size() / kShare);
  std::nth_element(full.begin(), last, full.end());
  std::erase_if(buckets_, [&](const auto& bucket) { return bucket.second <= *last; });
}

HttpAnswer too_many_requests(Duration wait) {
  HttpAnswer answer = problem("too-many-requests", 429, "Too many requests", "Nothing was done. Ask again after Retry-After.");
  answer.headers.push_back({"Retry-After", std::to_string(std::max<std::int64_t>((wait.us + 999'999) / 1'000'000, 1))});
  return answer;
}

}  // namespace quickbite::api
