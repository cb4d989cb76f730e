#include "sim/kernel/choices.h"

#include <array>
#include <cstdint>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace quickbite::sim {
namespace {

constexpr Site kHere{1};
constexpr Site kThere{2};

RC_GTEST_PROP(Draws, StayBelowTheirBound, (std::uint64_t seed, std::uint64_t subject, std::uint32_t n)) {
  const Draws draws(seed);
  if (n == 0) n = 1;
  RC_ASSERT(draws.below(n, kHere, subject) < n);
}

RC_GTEST_PROP(Draws, TellSeedsSitesSubjectsAndOrdinalsApart, (std::uint64_t seed, std::uint64_t subject, std::uint32_t ordinal)) {
  const std::uint64_t bits = Draws(seed).bits(kHere, subject, ordinal);
  RC_ASSERT(bits == Draws(seed).bits(kHere, subject, ordinal));
  RC_ASSERT(bits != Draws(seed + 1).bits(kHere, subject, ordinal));
  RC_ASSERT(bits != Draws(seed).bits(kThere, subject, ordinal));
  RC_ASSERT(bits != Draws(seed).bits(kHere, subject + 1, ordinal));
  RC_ASSERT(bits != Draws(seed).bits(kHere, subject, ordinal + 1));
}

// How often each of ten outcomes comes, over 100,000 draws that `draw(i)` makes: 10,000 each, and a deviation above five times
// √(100,000 · 0.1 · 0.9) = 95 is no accident.
template <class Draw>
void expect_uniform(Draw draw) {
  std::array<std::int32_t, 10> counts{};
  for (std::uint32_t i = 0; i < 100'000; ++i) ++counts.at(draw(i));
  for (const std::int32_t count : counts) {
    EXPECT_GT(count, 10'000 - 475);
    EXPECT_LT(count, 10'000 + 475);
  }
}

TEST(Draws, AreUniformOverSeedsSubjectsAndOrdinals) {
  const Draws draws(42);
  expect_uniform([](std::uint32_t i) { return Draws(i).below(10, kHere, 7); });
  expect_uniform([&](std::uint32_t i) { return draws.below(10, kHere, i); });
  expect_uniform([&](std::uint32_t i) { return draws.below(10, kHere, subject_of(7, i)); });
  expect_uniform([&](std::uint32_t i) { return draws.below(10, kHere, 7, i); });
  expect_uniform([&](std::uint32_t i) { return draws.below(10, Site{static_cast<std::uint16_t>(i % 65536)}, 7, i / 65536); });
}

TEST(Draws, OfTwoSitesAreIndependent) {
  // Whether both say "less than half" agrees in half of the cases: 50,000, deviation √(100,000 / 4) = 158.
  const Draws draws(42);
  std::int32_t agree = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    agree += draws.below(2, kHere, i) == draws.below(2, kThere, i) ? 1 : 0;
  }
  EXPECT_GT(agree, 50'000 - 790);
  EXPECT_LT(agree, 50'000 + 790);
}

TEST(Draws, TakeAChanceAsOftenAsAsked) {
  const Draws draws(42);
  std::int32_t taken = 0;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    EXPECT_FALSE(draws.chance(0, kHere, i));
    EXPECT_TRUE(draws.chance(1'000'000, kHere, i));
    taken += draws.chance(50'000, kHere, i) ? 1 : 0;
  }
  EXPECT_GT(taken, 5'000 - 345);
  EXPECT_LT(taken, 5'000 + 345);
}

TEST(Subject, DependsOnTheOrderOfItsNames) {
  EXPECT_NE(subject_of(1, 2), subject_of(2, 1));
  EXPECT_NE(subject_of(1, 2, 3), subject_of(1, 3, 2));
  EXPECT_NE(subject_of(1), subject_of(1, 1));
}

}  // namespace
}  // namespace quickbite::sim
