#include "sim/world/event.h"

namespace quickbite::sim {

Saying::Saying(const Saying&) = default;
Saying::Saying(Saying&&) noexcept = default;
Saying& Saying::operator=(const Saying&) = default;
Saying& Saying::operator=(Saying&&) noexcept = default;
Saying::~Saying() = default;

}  // namespace quickbite::sim
