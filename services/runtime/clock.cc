#include "services/runtime/clock.h"

#include <chrono>

namespace quickbite::runtime {
namespace {

template <class Point>
std::int64_t us(Point point) {
  return std::chrono::duration_cast<std::chrono::microseconds>(point.time_since_epoch()).count();
}

}  // namespace

Instant steady_unix_now() {
  static const std::int64_t offset = us(std::chrono::system_clock::now()) - us(std::chrono::steady_clock::now());
  return Instant{us(std::chrono::steady_clock::now()) + offset};
}

}  // namespace quickbite::runtime
