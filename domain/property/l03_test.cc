#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scene settled() {
  Scene scene;
  scene.restock("burger", 5);
  scene.place(1, {line("burger", 2)});
  scene.place(2, {line("shake", 1)});
  scene.settle();
  return scene;
}

TEST(L3, HoldsWhereEveryOrderIsConfirmedOrCancelled) {
  Scene scene = settled();
  EXPECT_THAT(tripped_final(scene), IsEmpty());
}

TEST(L3, TripsOnAnOrderThatIsStillPending) {
  Scene scene = settled();
  scene.orders.orders[order_id(2)].status = OrderStatus::kPending;
  EXPECT_THAT(tripped_final(scene), ElementsAre("L3"));
}

}  // namespace
}  // namespace quickbite::property
