// RateLimit: how often one subject may ask: a token bucket each (RFC 2697 describes one), with time as an argument.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "domain/base/time.h"
#include "domain/port/http.h"

namespace quickbite::api {

class RateLimit {
 public:
  struct Options {
    std::int64_t per_second = 0;           // on average; 0: no limit
    std::int64_t burst = 1;                // at once, after a pause; from 1
    std::size_t subjects_max = 10'000;     // remembered; who is forgotten begins anew with a full bucket
  };

  explicit RateLimit(const Options& options) : options_(options) {}

  // Takes one token: nullopt, or how long it takes until there is one. Time that runs backwards gives none, and takes none.
  std::optional<Duration> take(std::string_view subject, Instant now);

  bool limits() const { return options_.per_second > 0; }
  std::size_t subjects() const { return buckets_.size(); }

 private:
  // A bucket as the one number that says all: when it was, or will be, full again (GCRA, ITU-T I.371).
  Duration interval() const { return microseconds(1'000'000 / options_.per_second); }
  void forget_some(Instant now);

  Options options_;
  std::map<std::string, Instant, std::less<>> buckets_;  // those that are not full, and some that are by now
};

// 429 with Retry-After, in whole seconds.
HttpAnswer too_many_requests(Duration wait);

}  // namespace quickbite::api
