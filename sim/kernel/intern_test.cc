#include "sim/kernel/intern.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/kernel/fingerprints.h"
#include "sim/kernel/lists.h"

namespace quickbite::sim::exploring {
namespace {

RC_GTEST_PROP(IdMap, HoldsWhatAMapHolds, (const std::vector<std::uint16_t>& keys)) {
  IdMap ids;
  std::map<std::uint64_t, Id> map;
  for (const std::uint16_t key : keys) {
    const std::uint64_t wide = std::uint64_t{key} % 512 + 1;
    if (map.emplace(wide, static_cast<Id>(map.size() + 1)).second) ids.insert(wide, static_cast<Id>(map.size()));
  }
  RC_ASSERT(ids.size() == map.size());
  for (std::uint64_t key = 1; key <= 512; ++key) {
    const auto at = map.find(key);
    RC_ASSERT(ids.find(key) == (at == map.end() ? 0 : at->second));
  }
}

TEST(Interner, NumbersValuesInTheOrderOfFirstSight) {
  Interner<std::string> interner;
  EXPECT_EQ(interner.id("b"), 1U);
  EXPECT_EQ(interner.id("a"), 2U);
  EXPECT_EQ(interner.id("b"), 1U);
  EXPECT_EQ(interner[1], "b");
  EXPECT_EQ(interner[2], "a");
}

TEST(Interner, TellsScopesApart) {
  Interner<std::string> interner;
  EXPECT_NE(interner.id("a", 1), interner.id("a", 2));
  EXPECT_EQ(interner.size(), 2U);
}

TEST(Interner, KeepsTenThousandValuesApart) {
  Interner<std::uint32_t> interner;
  for (std::uint32_t i = 0; i < 10'000; ++i) ASSERT_EQ(interner.id(i * i), i + 1);
  for (std::uint32_t i = 0; i < 10'000; ++i) ASSERT_EQ(interner.id(i * i), i + 1);
  for (std::uint32_t i = 0; i < 10'000; ++i) ASSERT_EQ(interner[i + 1], i * i);
}

// Values that encode alike are one, and the first stands for all.
struct Rounded {
  std::uint32_t exact;
  std::uint32_t tens() const { return exact / 10; }
  auto fields() const { return std::tuple(tens()); }
};

TEST(Interner, LetsTheFirstValueRepresentAllThatEncodeLikeIt) {
  Interner<Rounded> interner;
  const Id first = interner.id(Rounded{12});
  EXPECT_EQ(interner.id(Rounded{17}), first);
  EXPECT_EQ(interner[1].exact, 12U);
}

std::vector<Id> content(const Lists& lists, Id list) {
  std::vector<Id> values;
  for (std::size_t i = 0; i < lists.length(list); ++i) values.push_back(lists.at(list, i));
  return values;
}

RC_GTEST_PROP(Lists, DoWhatVectorsDo, (const std::vector<std::uint8_t>& moves)) {
  Lists lists;
  std::map<std::vector<Id>, Id> seen{{{}, 0}};
  std::vector<Id> fifo;
  std::vector<Id> sorted;
  Id fifo_id = 0;
  Id sorted_id = 0;
  for (const std::uint8_t move : moves) {
    const Id value = move % 4 + 1;
    if (move % 3 == 0 && !fifo.empty()) {
      RC_ASSERT(lists.head(fifo_id) == fifo.front());
      fifo.erase(fifo.begin());
      fifo_id = lists.tail(fifo_id);
      const std::size_t at = move % sorted.size();
      sorted.erase(sorted.begin() + static_cast<std::ptrdiff_t>(at));
      sorted_id = lists.without(sorted_id, at);
    } else if (move % 7 == 6) {
      std::erase(fifo, value);
      fifo_id = lists.filter(fifo_id, [&](Id each) { return each == value; });
      sorted.resize(fifo.size());
      sorted_id = 0;
      for (const Id each : sorted) sorted_id = lists.insert(sorted_id, each);
    } else {
      fifo.push_back(value);
      fifo_id = lists.append(fifo_id, value);
      sorted.insert(std::ranges::upper_bound(sorted, value), value);
      sorted_id = lists.insert(sorted_id, value);
    }
    RC_ASSERT(content(lists, fifo_id) == fifo);
    RC_ASSERT(content(lists, sorted_id) == sorted);
    // Equal content, equal id, and the other way round.
    RC_ASSERT(seen.emplace(fifo, fifo_id).first->second == fifo_id);
    RC_ASSERT(seen.emplace(sorted, sorted_id).first->second == sorted_id);
  }
  RC_ASSERT(lists.size() + 1 >= seen.size());
}

TEST(Fingerprints, AreASet) {
  Fingerprints fingerprints;
  std::set<std::uint64_t> set;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const std::uint64_t fingerprint = scramble(i % 30'000);
    ASSERT_EQ(fingerprints.contains(fingerprint), set.contains(fingerprint));
    ASSERT_EQ(fingerprints.insert(fingerprint), set.insert(fingerprint).second);
  }
  EXPECT_EQ(fingerprints.size(), set.size());
  for (std::uint64_t i = 30'000; i < 60'000; ++i) ASSERT_FALSE(fingerprints.contains(scramble(i)));
  EXPECT_LT(fingerprints.bytes(), 16 * fingerprints.size());
}

TEST(Fingerprints, HoldNumbersThatCrowdTogether) {
  Fingerprints fingerprints;
  for (std::uint64_t i = 0; i < 1'000; ++i) ASSERT_TRUE(fingerprints.insert(0xFFFFFFFFFFFFFFFF - i));
  for (std::uint64_t i = 0; i < 1'000; ++i) ASSERT_FALSE(fingerprints.insert(0xFFFFFFFFFFFFFFFF - i));
}

TEST(Fingerprints, BoundTheChanceOfACollision) {
  EXPECT_EQ(collision_log2(1), -63);           // 1/2^65 is below
  EXPECT_EQ(collision_log2(1'000'000), -25);   // 2^40/2^65
  EXPECT_EQ(collision_log2(1 << 20), -23);     // rounded up
}

}  // namespace
}  // namespace quickbite::sim::exploring
