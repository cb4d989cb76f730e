#include "sim/world/event.h"

namespace quickbite::sim {

Event::Event(std::uint32_t f, Saying&& w)
    : from(f), what(std::move(w)), digest_(std::visit([&](const auto& said) { return digest_of(f, what.index(), said); }, what)) {}
Event::Event(const Event& other) : from(other.from), what(other.what), digest_(other.digest_) {}
Event::Event(Event&& other) noexcept : from(other.from), what(std::move(other.what)), digest_(other.digest_) {}
Event& Event::operator=(const Event& other) {
  from = other.from;
  what = other.what;
  digest_ = other.digest_;
  return *this;
}
Event& Event::operator=(Event&& other) noexcept {
  from = other.from;
  what = std::move(other.what);
  digest_ = other.digest_;
  return *this;
}

}  // namespace quickbite::sim
