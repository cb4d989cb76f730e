#include "domain/machine/breaker.h"

#include "domain/port/policy.h"

namespace quickbite {

BreakerState Breaker::state(Instant now) const {
  if (pauses_ == 0) return BreakerState::kClosed;
  return now < until_ ? BreakerState::kOpen : BreakerState::kHalfOpen;
}

void Breaker::succeeded() {
  failures_ = 0;
  pauses_ = 0;
  until_ = {};
}

void Breaker::failed(Instant now) {
  if (pauses_ == 0 && ++failures_ < policy_.failures) return;
  failures_ = 0;
  ++pauses_;
  until_ = now + backoff(policy_.pause_base, policy_.pause_cap, pauses_, salt_);
}

Duration Breaker::left(Instant now) const {
  return state(now) == BreakerState::kOpen ? until_ - now : Duration{};
}

}  // namespace quickbite
