// RequestLog: HTTP requests in the log: every one at debug; those that failed here, 5xx, as warnings, some a second at most.
#pragma once

#include <cstdint>
#include <mutex>

#include "adapters/http/server.h"
#include "adapters/log/logger.h"

namespace quickbite::runtime {

inline constexpr std::int64_t kFailuresLoggedASecond = 10;  // an overloaded service has better things to do than to write

// Method, route, status, duration and trace; never a header, a query or a body. From any thread.
class RequestLog {
 public:
  explicit RequestLog(const log::Logger& logger) : logger_(logger) {}

  // `probe`: asked by machines all the time, so that its 503 is no news.
  void observe(const http::Served& served, bool probe, Instant now);

 private:
  const log::Logger logger_;
  std::mutex mutex_;
  std::int64_t second_ = 0;   // that the counts are of
  std::int64_t logged_ = 0;
  std::int64_t skipped_ = 0;  // since the last one that was logged
};

}  // namespace quickbite::runtime
