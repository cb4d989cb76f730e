#include "sim/world/event.h"

namespace quickbite::sim {

Event::Event(const Event& other) : from(other.from), what(other.what) {}
Event::Event(Event&& other) noexcept : from(other.from), what(std::move(other.what)) {}
Event& Event::operator=(const Event& other) {
  from = other.from;
  what = other.what;
  return *this;
}
Event& Event::operator=(Event&& other) noexcept {
  from = other.from;
  what = std::move(other.what);
  return *this;
}

}  // namespace quickbite::sim
