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

TEST(L2, TripsOnARecordThatNobodyHandled) {
  Scene scene = settled();
  scene.produce(Topic::kInventory, event_of(InventoryReserved{order_id(1)}));
  EXPECT_THAT(tripped_final(scene), ElementsAre("L2"));
}

TEST(L2, TripsWhereNothingWasEverCommitted) {
  Scene scene = settled();
  scene.committed = {};
  EXPECT_THAT(tripped_final(scene), ElementsAre("L2"));
}

TEST(L2, HoldsForADeadLetterTopicWhichNobodyReads) {
  Scene scene = settled();
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.settle();
  ASSERT_EQ(scene.log_of(Topic::kOrdersDeadLetter).size(), 1u);
  EXPECT_THAT(tripped_final(scene), IsEmpty());
}

}  // namespace
}  // namespace quickbite::property
