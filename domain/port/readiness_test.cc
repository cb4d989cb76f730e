#include "domain/port/readiness.h"

#include <gtest/gtest.h>

#include <array>

namespace quickbite {
namespace {

constexpr std::array<Need, kNeeds> kEach = {Need::kRunning, Need::kDatabase, Need::kSchema, Need::kBroker, Need::kPartitions};

Needs only(Need need) {
  Needs needs;
  needs.add(need);
  return needs;
}

TEST(Readiness, ComesWhenNothingIsMissing) {
  EXPECT_TRUE(waited_for({}, false).empty());
  EXPECT_TRUE(waited_for({}, true).empty());
}

TEST(Readiness, WaitsForEachOfItsNeedsAtFirst) {
  for (const Need need : kEach) EXPECT_EQ(waited_for(only(need), false), only(need)) << to_string(need);
  EXPECT_EQ(waited_for(Needs::all(), false), Needs::all());
}

// Orders takes orders while Kafka is away.
TEST(Readiness, OnceThereItIsNotLostForTheBroker) {
  EXPECT_TRUE(waited_for(only(Need::kBroker), true).empty());
  EXPECT_TRUE(waited_for(only(Need::kPartitions), true).empty());
}

TEST(Readiness, OnceThereItIsLostForTheDatabaseAndAtTheEnd) {
  for (const Need need : {Need::kRunning, Need::kDatabase, Need::kSchema}) {
    EXPECT_EQ(waited_for(only(need), true), only(need)) << to_string(need);
  }
}

TEST(Readiness, NeedsAreASet) {
  Needs needs = Needs::all();
  for (const Need need : kEach) {
    EXPECT_TRUE(needs.has(need)) << to_string(need);
    needs.remove(need);
    EXPECT_FALSE(needs.has(need)) << to_string(need);
  }
  EXPECT_TRUE(needs.empty());
}

}  // namespace
}  // namespace quickbite
