#include "domain/port/policy.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

namespace quickbite {
namespace {

TEST(Backoff, DoublesFromTheBaseToTheCapAndFallsIntoTheUpperHalf) {
  const Limits limits;  // 10 ms, 1 s
  const std::vector<std::int64_t> waits = {10'000,  20'000,  40'000,    80'000,   160'000,
                                           320'000, 640'000, 1'000'000, 1'000'000};
  for (std::size_t attempt = 1; attempt <= waits.size(); ++attempt) {
    for (std::uint64_t salt = 0; salt < 100; ++salt) {
      const std::int64_t wait = backoff(limits, static_cast<std::int64_t>(attempt), salt).us;
      EXPECT_GE(wait, waits[attempt - 1] / 2);
      EXPECT_LE(wait, waits[attempt - 1]);
    }
  }
}

TEST(Backoff, TwoThatFailedTogetherDoNotMeetAgain) {
  std::set<std::int64_t> waits;
  for (std::uint64_t salt = 0; salt < 50; ++salt)
    waits.insert(backoff(Limits{}, 5, 80'001 * salt).us);
  EXPECT_GT(waits.size(), 45u);
}

TEST(Backoff, IsNeverNothingWhereTheBaseIsSomething) {
  Limits limits;
  limits.backoff_base = microseconds(1);
  EXPECT_EQ(backoff(limits, 1, 0), microseconds(1));
}

TEST(Backoff, IsTheSameForTheSameSalt) {
  EXPECT_EQ(backoff(Limits{}, 3, 7), backoff(Limits{}, 3, 7));
}

RC_GTEST_PROP(Backoff, StaysWithinTheCapForAnyLimitsAndAttempt,
              (std::int64_t base, std::int64_t cap, std::int64_t attempt, std::uint64_t salt)) {
  Limits limits;
  limits.backoff_base = microseconds(base);
  limits.backoff_cap = microseconds(cap);
  const std::int64_t wait = backoff(limits, attempt, salt).us;
  RC_ASSERT(wait >= 0);
  RC_ASSERT(wait <= std::max<std::int64_t>(cap, 0));
}

TEST(Backoff, AGreatAttemptAndAGreatCapDoNotOverflow) {
  constexpr auto kGreatest = std::numeric_limits<std::int64_t>::max();
  Limits limits;
  limits.backoff_cap = microseconds(kGreatest);
  EXPECT_GE(backoff(limits, kGreatest, 1).us, kGreatest / 2);
}

TEST(Retention, OutlivesTheLongerOfTheTopicsByAWeek) {
  EXPECT_EQ(retention_needed(seconds(10), seconds(3)), seconds(10) + kWeek);
  EXPECT_EQ(retention_needed(seconds(3), seconds(10)), seconds(10) + kWeek);
}

TEST(Retention, OfTheDefaultsIsEnoughForTopicsThatKeepAWeek) {
  EXPECT_GE(Limits{}.retention, retention_needed(kWeek, kWeek));
}

}  // namespace
}  // namespace quickbite
