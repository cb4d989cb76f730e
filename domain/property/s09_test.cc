#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Two orders are on their way, and the database may refuse them both for ever.
Scene refusable() {
  Scene scene;
  scene.restock("burger", 5);
  for (const int n : {1, 2}) {
    scene.place(n, {line("burger", 2)});
    scene.relay(Service::kOrders);
    scene.ghosts.refusable.push_back(order_id(n));
  }
  std::sort(scene.ghosts.refusable.begin(), scene.ghosts.refusable.end());
  return scene;
}

TEST(S9, HoldsWhereOneRecordIsAppliedAndAnotherDeadLettered) {
  Scene scene = refusable();
  scene.deliver(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  scene.refuse(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S9, TripsWhereAnAppliedRecordIsDeadLettered) {
  Scene scene = refusable();
  scene.deliver(Service::kInventory);
  scene.position = {};
  scene.refuse(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S9"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S9"));
}

TEST(S9, TripsWhereADeadLetteredRecordIsApplied) {
  Scene scene = refusable();
  scene.refuse(Service::kInventory);
  scene.position = {};
  scene.deliver(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S9"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S9"));
}

TEST(S9, TripsInOrdersToo) {
  Scene scene = refusable();
  scene.deliver(Service::kInventory);
  scene.relay(Service::kInventory);
  scene.refuse(Service::kOrders);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  scene.position[0] = 0;
  scene.deliver(Service::kOrders);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S9"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S9"));
}

}  // namespace
}  // namespace quickbite::property
