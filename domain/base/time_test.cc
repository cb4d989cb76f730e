#include "domain/base/time.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace quickbite {
namespace {

TEST(Rfc3339, TheEpochAndItsNeighbours) {
  EXPECT_EQ(to_rfc3339(Instant{0}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(Instant{1}), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(to_rfc3339(Instant{-1}), "1969-12-31T23:59:59.999999Z");
}

TEST(Rfc3339, LeapYearsAreThoseOfTheGregorianCalendar) {
  EXPECT_EQ(to_rfc3339(Instant{951'782'400'000'000}), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(Instant{1'709'251'199'123'456}), "2024-02-29T23:59:59.123456Z");
  EXPECT_EQ(to_rfc3339(Instant{4'107'542'400'000'000}), "2100-03-01T00:00:00.000000Z");
}

TEST(Rfc3339, WhatLiesOutsideOfFourDigitYearsIsToldAsTheNearestInside) {
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(to_rfc3339(Instant{Limits::min()}), "0000-01-01T00:00:00.000000Z");
  EXPECT_EQ(to_rfc3339(Instant{Limits::max()}), "9999-12-31T23:59:59.999999Z");
}

RC_GTEST_PROP(Rfc3339, LaterInstantsHaveGreaterTexts, ()) {
  const auto moment =
      rc::gen::inRange<std::int64_t>(-60'000'000'000'000'000, 250'000'000'000'000'000);
  const std::int64_t a = *moment;
  const std::int64_t b = *moment;
  RC_ASSERT((a <=> b) == (to_rfc3339(Instant{a}) <=> to_rfc3339(Instant{b})));
}

// Counts the days by walking through the years: slow, and unlike the closed form.
RC_GTEST_PROP(Rfc3339, TheDateIsWhatCountingDaysGives, ()) {
  const auto day = *rc::gen::inRange<std::int64_t>(0, 100'000);
  std::int64_t rest = day;
  int year = 1970;
  const auto leap = [](int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); };
  while (rest >= (leap(year) ? 366 : 365)) rest -= leap(year++) ? 366 : 365;
  int month = 1;
  const auto length = [&](int m) {
    return m == 2 ? (leap(year) ? 29 : 28) : m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
  };
  while (rest >= length(month)) rest -= length(month++);
  char expected[40];
  std::snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month,
                static_cast<int>(rest) + 1);
  RC_ASSERT(to_rfc3339(Instant{day * 86'400'000'000}).substr(0, 10) == expected);
}

}  // namespace
}  // namespace quickbite
