// What a state costs. The rate is printed, since it depends on the machine; what must hold is memory, and that the system's own
// code runs for a small part of the transitions only.
#include <chrono>
#include <cstdint>
#include <iostream>

#include <gtest/gtest.h>

#include "sim/kernel/explore.h"
#include "sim/kernel/toy_bank.h"

namespace quickbite::sim {
namespace {

TEST(ExploreCost, IsFewBytesAndHardlyAnyStepsOfTheSystem) {
  using Bank = toy::Bank<>;
  const toy::Options config{.clients = 6, .forgets = true};
  ExploreOptions<Bank> options{.budgets = {1, 1, 1, 1}, .timer_budget = toy::kTimers};
  options.states_max = 50'000;
  const auto begin = std::chrono::steady_clock::now();
  const auto explored = explore<Bank>(config, Bank::parts(config), Bank::initial(config), options);
  const auto took = std::chrono::steady_clock::now() - begin;
  const ExploreProgress& progress = explored.progress;
  EXPECT_EQ(explored.stopped, Stopped::kStates);
  EXPECT_LT(progress.bytes_per_state, 80U);
  EXPECT_LT(progress.deliveries * 100, progress.transitions);
  EXPECT_LT(progress.collision_log2, -32);

  const auto us = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count()) + 1;
  std::cout << progress.states * 1'000'000 / us << " states/s, " << progress.transitions * 1'000'000 / us
            << " transitions/s, " << progress.bytes_per_state << " bytes/state, " << progress.deliveries
            << " distinct steps\n";
}

}  // namespace
}  // namespace quickbite::sim
