#include "domain/message/line.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>

namespace quickbite {
namespace {

Line line(std::string sku, std::int64_t quantity) {
  return {Sku(std::move(sku)), Quantity(quantity)};
}

Lines lines(const std::vector<std::pair<int, std::int64_t>>& raw) {
  std::vector<Line> result;
  for (const auto& [sku, quantity] : raw)
    result.push_back(line("sku" + std::to_string(sku % 4), quantity));
  return result;
}

TEST(Summed, LinesOfOneSkuBecomeOneAndStandInOrder) {
  EXPECT_EQ(summed({line("fries", 1), line("burger", 2), line("fries", 3)}),
            (Lines{line("burger", 2), line("fries", 4)}));
}

TEST(Summed, NoLinesStayNoLines) {
  EXPECT_TRUE(summed({}).empty());
}

TEST(Summed, AnAbsurdSumStaysFarAboveTheCapInsteadOfOverflowing) {
  constexpr auto kGreatest = std::numeric_limits<std::int64_t>::max();
  const Lines sums = summed({line("burger", kGreatest), line("burger", kGreatest)});
  ASSERT_EQ(sums.size(), 1u);
  EXPECT_GT(sums[0].quantity.value, 1000 * kQuantityMax);
  const Lines least = summed({line("burger", std::numeric_limits<std::int64_t>::min())});
  EXPECT_LT(least[0].quantity.value, -1000 * kQuantityMax);
}

using Raw = std::vector<std::pair<int, std::int64_t>>;

RC_GTEST_PROP(Summed, SummingTwiceIsSummingOnce, (Raw raw)) {
  const Lines once = summed(lines(raw));
  RC_ASSERT(summed(once) == once);
}

RC_GTEST_PROP(Summed, TheOrderOfTheLinesDoesNotMatter, (Raw raw)) {
  Raw reversed(raw.rbegin(), raw.rend());
  RC_ASSERT(summed(lines(raw)) == summed(lines(reversed)));
}

RC_GTEST_PROP(Summed, EverySkuIsThereOnceWithItsSum, ()) {
  const auto raw = *rc::gen::container<Raw>(
      rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange<std::int64_t>(1, kQuantityMax)));
  std::map<Sku, std::int64_t> model;
  for (const Line& each : lines(raw)) model[each.sku] += each.quantity.value;
  std::vector<Line> expected;
  for (const auto& [sku, sum] : model) expected.push_back({sku, Quantity(sum)});
  RC_ASSERT(summed(lines(raw)) == expected);
}

}  // namespace
}  // namespace quickbite
