#include "services/runtime/request_log.h"

#include <optional>
#include <utility>

namespace quickbite::runtime {

void RequestLog::observe(const http::Served& served, bool probe, Instant now) {
  const bool failed = served.status >= 500 && !probe;
  if (!failed) {
    if (!logger_.logs(log::Level::kDebug)) return;
    return logger_.debug("request", {{"method", served.method}, {"route", served.route}, {"status", served.status},
                                     {"took_us", served.took.us}, {"trace_id", served.trace}});
  }
  std::int64_t skipped = 0;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(second_, now.us / 1'000'000) != now.us / 1'000'000) logged_ = 0;
    if (++logged_ > kFailuresLoggedASecond) {
      ++skipped_;
      return;
    }
    skipped = std::exchange(skipped_, 0);
  }
  logger_.warning("a request failed", {{"method", served.method}, {"route", served.route}, {"status", served.status},
                                       {"took_us", served.took.us}, {"trace_id", served.trace}, {"not_logged", skipped}});
}

}  // namespace quickbite::runtime
