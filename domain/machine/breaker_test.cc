#include "domain/machine/breaker.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace quickbite {
namespace {

constexpr MenuPolicy kPolicy{milliseconds(500), 3, milliseconds(400), milliseconds(1000)};

Instant at(std::int64_t ms) { return Instant{milliseconds(ms).us}; }

// Fails as often as it takes; says when the pause ends.
Instant open_at(Breaker& breaker, Instant now) {
  for (std::int64_t i = 0; i < kPolicy.failures; ++i) breaker.failed(now);
  return now + breaker.left(now);
}

TEST(Breaker, IsClosedUntilSoManyFailuresInARow) {
  Breaker breaker(kPolicy, 0);
  EXPECT_EQ(breaker.state(at(0)), BreakerState::kClosed);
  breaker.failed(at(0));
  breaker.failed(at(1));
  EXPECT_TRUE(breaker.allows(at(1)));
  breaker.failed(at(2));
  EXPECT_EQ(breaker.state(at(2)), BreakerState::kOpen);
  EXPECT_FALSE(breaker.allows(at(2)));
}

TEST(Breaker, ASuccessForgetsTheFailuresBefore) {
  Breaker breaker(kPolicy, 0);
  breaker.failed(at(0));
  breaker.failed(at(0));
  breaker.succeeded();
  breaker.failed(at(0));
  breaker.failed(at(0));
  EXPECT_EQ(breaker.state(at(0)), BreakerState::kClosed);
}

TEST(Breaker, AfterItsPauseItAllowsAProbe) {
  Breaker breaker(kPolicy, 0);
  const Instant until = open_at(breaker, at(10));
  EXPECT_GE(until, at(10) + milliseconds(200));
  EXPECT_LE(until, at(10) + milliseconds(400));
  EXPECT_EQ(breaker.state(until + microseconds(-1)), BreakerState::kOpen);
  EXPECT_EQ(breaker.left(until + microseconds(-1)), microseconds(1));
  EXPECT_EQ(breaker.state(until), BreakerState::kHalfOpen);
  EXPECT_TRUE(breaker.allows(until));
  EXPECT_EQ(breaker.left(until), Duration{});
}

TEST(Breaker, AProbeThatSucceedsClosesIt) {
  Breaker breaker(kPolicy, 0);
  const Instant until = open_at(breaker, at(0));
  breaker.succeeded();
  EXPECT_EQ(breaker.state(until), BreakerState::kClosed);
  EXPECT_EQ(open_at(breaker, until) - until, until - at(0)) << "the first pause again, not a longer one";
}

TEST(Breaker, OneProbeThatFailsOpensItForLonger) {
  Breaker breaker(kPolicy, 0);
  Instant now = open_at(breaker, at(0));
  std::vector<std::int64_t> pauses = {now.us};
  for (int i = 0; i < 3; ++i) {
    breaker.failed(now);
    EXPECT_EQ(breaker.state(now), BreakerState::kOpen);
    pauses.push_back(breaker.left(now).us);
    now = now + breaker.left(now);
  }
  EXPECT_GT(pauses[1], pauses[0]);
  EXPECT_GT(pauses[2], pauses[1]);
  EXPECT_EQ(pauses[3], pauses[2]) << "the cap";
  EXPECT_LE(pauses[3], kPolicy.pause_cap.us);
}

TEST(Breaker, TwoReplicasDoNotProbeTogether) {
  Breaker one(kPolicy, 1);
  Breaker other(kPolicy, 2);
  EXPECT_NE(open_at(one, at(0)), open_at(other, at(0)));
}

RC_GTEST_PROP(Breaker, NeverRefusesForLongerThanTheCap, (const std::vector<bool>& calls, std::uint64_t salt)) {
  Breaker breaker(kPolicy, salt);
  Instant now = at(0);
  for (const bool succeeds : calls) {
    RC_ASSERT(breaker.left(now) <= kPolicy.pause_cap);
    now = now + breaker.left(now);
    RC_ASSERT(breaker.allows(now));
    if (succeeds) {
      breaker.succeeded();
    } else {
      breaker.failed(now);
    }
  }
}

}  // namespace
}  // namespace quickbite
