#include "sim/shrink/strikes.h"

#include <gtest/gtest.h>

#include "sim/plan/parse.h"

namespace quickbite::sim {
namespace {

Strike load(std::uint32_t nth, Verdict verdict, Duration length = {}) {
  return {Role::kIntake, 0, Verb::kLoad, Phase::kPartly, nth, verdict, length};
}

TEST(Strikes, ARuleDoesNotCountTheMomentsThatAnEarlierOneTakesButADelayTakesNone) {
  const std::vector<Rule> rules = rules_of({load(1, Verdict::kCrash), load(3, Verdict::kSerialization),
                                            load(3, Verdict::kDelay, milliseconds(2)), load(4, Verdict::kDelay, milliseconds(5))});
  ASSERT_EQ(rules.size(), 4u);
  EXPECT_EQ(rules[0].nth, 1u);
  EXPECT_EQ(rules[1].nth, 2u);
  EXPECT_EQ(rules[2].nth, 3u);
  EXPECT_EQ(rules[3].nth, 3u);
  EXPECT_EQ(rules[3].length, milliseconds(5));
}

TEST(Strikes, TwoOfOneMomentGoOneAfterTheOtherUnlessOneIsADelay) {
  std::vector<Strike> strikes = {load(2, Verdict::kDelay, milliseconds(1)), load(2, Verdict::kCrash), load(2, Verdict::kDisconnect),
                                 load(2, Verdict::kDelay, milliseconds(9))};
  put_in_order(strikes);
  EXPECT_EQ(strikes, (std::vector{load(2, Verdict::kCrash), load(3, Verdict::kDisconnect),
                                  load(2, Verdict::kDelay, milliseconds(1)), load(3, Verdict::kDelay, milliseconds(9))}));
}

TEST(Strikes, MergedDelaysLastAsLongAsTheyDidOneByOne) {
  std::vector<Strike> strikes = {load(1, Verdict::kDelay, milliseconds(1)), load(2, Verdict::kCrash),
                                 load(3, Verdict::kDelay, milliseconds(2)), load(4, Verdict::kDelay, milliseconds(4))};
  const std::vector<Strike> before = strikes;
  EXPECT_FALSE(merge_delays(strikes, 1, 0, 4)) << "a crash is no delay";
  EXPECT_FALSE(merge_delays(strikes, 0, 0, 2)) << "there is no other";
  EXPECT_EQ(strikes, before);
  EXPECT_TRUE(merge_delays(strikes, 2, 2, 4));
  EXPECT_EQ(strikes, (std::vector{load(1, Verdict::kDelay, milliseconds(1)), load(2, Verdict::kCrash), load(3, Verdict::kDelay, milliseconds(6))}));
  EXPECT_TRUE(merge_delays(strikes, 0, 0, 3));
  EXPECT_EQ(strikes, (std::vector{load(1, Verdict::kDelay, milliseconds(7)), load(2, Verdict::kCrash)}));
}

TEST(Strikes, NoMergedDelayIsLongerThanARuleMaySay) {
  std::vector<Strike> strikes = {load(1, Verdict::kDelay, kDelayMax), load(2, Verdict::kDelay, milliseconds(1))};
  EXPECT_TRUE(merge_delays(strikes, 1, 0, 2));
  EXPECT_EQ(strikes, (std::vector{load(2, Verdict::kDelay, kDelayMax)}));
}

}  // namespace
}  // namespace quickbite::sim
