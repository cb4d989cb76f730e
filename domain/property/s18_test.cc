#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Orders 1 and 2 are u1's.
Scene shown_to(const char* caller, int order) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.place(2, {line("burger", 2)});
  scene.delta.clear();
  scene.delta.add(OrderShown{order_id(1), Version(1), Version(), UserId("u1")});
  scene.delta.add(OrderShown{order_id(order), Version(1), Version(), UserId(caller)});
  return scene;
}

TEST(S18, HoldsWhereCallersAreShownTheirOwnOrders) {
  Scene scene = shown_to("u1", 2);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S18, TripsWhereOneIsShownAnothersOrder) {
  Scene scene = shown_to("u2", 2);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S18"));
}

TEST(S18, SaysNothingOfAnOrderThatDoesNotExist) {
  Scene scene = shown_to("u2", 3);
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "S11 speaks of those";
}

}  // namespace
}  // namespace quickbite::property
