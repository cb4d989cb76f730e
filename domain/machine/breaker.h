// Breaker: whether somebody who has failed to answer is asked again (Nygard, Release It!, "Circuit Breaker").
//
//   Closed              + success  → Closed, nothing counted
//   Closed, n failures  + failure  → Closed, n + 1; at the policy's limit Open for the first pause
//   Open                + its pause is over → HalfOpen: the next call is a probe
//   HalfOpen            + success  → Closed
//   HalfOpen            + failure  → Open, for the next longer pause
//
// Only one call at a time is told to it, so that a probe is alone. Time comes in; nothing happens by itself.
#pragma once

#include <cstdint>
#include <tuple>

#include "domain/base/time.h"
#include "domain/port/menu.h"

namespace quickbite {

enum class BreakerState : std::uint8_t { kClosed, kOpen, kHalfOpen };

class Breaker {
 public:
  // `salt` spreads the pauses of different replicas.
  Breaker(const MenuPolicy& policy, std::uint64_t salt) : policy_(policy), salt_(salt) {}

  BreakerState state(Instant now) const;
  bool allows(Instant now) const { return state(now) != BreakerState::kOpen; }

  // How the call ended that `allows` allowed; `now` is when it did.
  void succeeded();
  void failed(Instant now);

  // How long until a call is allowed again; zero where one is.
  Duration left(Instant now) const;

  auto fields() const { return std::tie(failures_, pauses_, until_); }

 private:
  MenuPolicy policy_;
  std::uint64_t salt_;
  std::int64_t failures_ = 0;  // in a row, while closed
  std::int64_t pauses_ = 0;    // in a row; 0: closed
  Instant until_;              // the end of the last pause
};

}  // namespace quickbite
