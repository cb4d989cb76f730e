#include "sim/world/explore_world.h"

#include <gtest/gtest.h>

#include "sim/plan/print.h"

namespace quickbite::sim {
namespace {

TEST(ExploreWorld, AnOrderOfDeliveriesThatACalmRunDoesNotHaveIsBroughtAboutByADelay) {
  const auto shows = [](const Outcome& outcome) {
    return outcome.ending == Ending::kHeld && outcome.covered.test(static_cast<std::size_t>(Sometimes::kReservationAfterExpiry));
  };
  ExploreBounds bounds;
  bounds.orders = 1;
  bounds.expiry = true;
  const Plan plan = explored_plan(bounds);
  MemoDecoder decoder;
  ASSERT_FALSE(shows(run_plan(plan, {}, {}, decoder)));
  const auto found = brought_about(plan, shows);
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->rules.size(), 1u) << print_plan(*found);
  EXPECT_EQ(found->rules[0].verdict, Verdict::kDelay);
  EXPECT_TRUE(shows(run_plan(*found, {}, {}, decoder))) << print_plan(*found);
}

}  // namespace
}  // namespace quickbite::sim
