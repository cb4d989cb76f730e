#include "domain/api/rate_limit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace quickbite::api {
namespace {

constexpr std::string_view kOne = "u1";
constexpr std::string_view kOther = "u2";
constexpr Instant kNow{1'000'000'000};

TEST(RateLimit, LetsABurstPassAndThenOneAtATime) {
  RateLimit limit({.per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.take(kOne, kNow), std::nullopt) << i;
  EXPECT_EQ(limit.take(kOne, kNow), milliseconds(100));
  EXPECT_EQ(limit.take(kOne, kNow + milliseconds(99)), milliseconds(1));
  EXPECT_EQ(limit.take(kOne, kNow + milliseconds(100)), std::nullopt);
  EXPECT_EQ(limit.take(kOne, kNow + milliseconds(100)), milliseconds(100));
}

TEST(RateLimit, GivesABurstBackAfterAPause) {
  RateLimit limit({.per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.take(kOne, kNow));
  const Instant later = kNow + seconds(1);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.take(kOne, later)) << i;
  EXPECT_TRUE(limit.take(kOne, later)) << "never more than the burst";
}

TEST(RateLimit, IsEachSubjectsOwn) {
  RateLimit limit({.per_second = 1, .burst = 1});
  EXPECT_FALSE(limit.take(kOne, kNow));
  EXPECT_TRUE(limit.take(kOne, kNow));
  EXPECT_FALSE(limit.take(kOther, kNow));
}

TEST(RateLimit, OfNothingIsNone) {
  RateLimit limit({});
  for (int i = 0; i < 1000; ++i) ASSERT_FALSE(limit.take(kOne, kNow));
  EXPECT_EQ(limit.subjects(), 0u);
}

TEST(RateLimit, RemembersNoMoreSubjectsThanItMay) {
  RateLimit limit({.per_second = 1, .burst = 1, .subjects_max = 3});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limit.take(std::to_string(i), kNow + milliseconds(i)));
  EXPECT_EQ(limit.subjects(), 3u);
  EXPECT_TRUE(limit.take("99", kNow + milliseconds(99)));
  EXPECT_FALSE(limit.take(kOne, kNow + seconds(10)));
  EXPECT_EQ(limit.subjects(), 1u) << "whose buckets are full are forgotten together";
}

// Whatever the times: within any second no more than the burst and a second's worth pass.
RC_GTEST_PROP(RateLimit, IsKeptHoweverRequestsCome, ()) {
  const auto per_second = *rc::gen::inRange<std::int64_t>(1, 50);
  const auto burst = *rc::gen::inRange<std::int64_t>(1, 20);
  const auto gaps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 200));
  RateLimit limit({.per_second = per_second, .burst = burst});
  Instant now = kNow;
  std::vector<Instant> passed;
  for (const int gap : gaps) {
    now = now + milliseconds(gap);
    if (!limit.take(kOne, now)) passed.push_back(now);
  }
  for (std::size_t i = 0; i < passed.size(); ++i) {
    std::int64_t within = 0;
    for (std::size_t j = i; j < passed.size() && passed[j] < passed[i] + seconds(1); ++j) ++within;
    RC_ASSERT(within <= burst + per_second + 1);
  }
}

TEST(TooManyRequests, SaysWhenToAskAgain) {
  const HttpAnswer answer = too_many_requests(milliseconds(1001));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(header(answer.headers, "Retry-After"), "2");
  EXPECT_EQ(header(too_many_requests(microseconds(1)).headers, "Retry-After"), "1");
}

}  // namespace
}  // namespace quickbite::api
