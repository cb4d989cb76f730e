#include "sim/kernel/explore.h"

#include <gtest/gtest.h>

#include "sim/kernel/toy_bank.h"

namespace quickbite::sim {
namespace {

using toy::Options;
using Bank = toy::Bank<>;

Explored<Bank> explore_bank(const Options& config, ExploreOptions<Bank> options) {
  return explore<Bank>(config, Bank::parts(config), Bank::initial(config), std::move(options));
}

TEST(Explore, FindsAShortestWayToBookTwice) {
  const Options config{.clients = 1, .store_dedupes = false};
  const auto explored = explore_bank(config, {.budgets = {1, 1, 1, 0}, .timer_budget = toy::kTimers});
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kSafety);
  EXPECT_EQ(explored.counterexample->finding.property, "once");
  EXPECT_EQ(explored.counterexample->doubts, "");
  std::string text;
  for (const auto& step : explored.counterexample->steps) text += step.text + "\n--\n";
  EXPECT_EQ(text,
            "client 2 asks\nbook for 2\nbooked for 2 [crash]\n--\n"
            "timer: client 2 grows impatient\n--\n"
            "client 2 asks\nbook for 2\nbooked for 2\n--\n");
}

TEST(Explore, FinishesWhereAllIsWell) {
  const Options config{.clients = 2};
  const auto explored = explore_bank(config, {.budgets = {1, 1, 1, 1}, .timer_budget = toy::kTimers});
  EXPECT_FALSE(explored.counterexample);
  EXPECT_TRUE(explored.finished());
  EXPECT_EQ(explored.progress.states, 1104);
}

}  // namespace
}  // namespace quickbite::sim
