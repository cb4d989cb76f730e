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

TEST(L1, HoldsWhereEverythingIsSent) {
  Scene scene = settled();
  EXPECT_THAT(tripped_final(scene), IsEmpty());
}

TEST(L1, HoldsWhereWhatIsLeftIsParkedOrBehindAParkedRowOfItsKey) {
  Scene scene = settled();
  scene.cancel(1);
  scene.orders.outbox.begin()->second.sent.reset();
  scene.orders.outbox.begin()->second.parked = true;
  EXPECT_THAT(tripped_final(scene), IsEmpty());
}

TEST(L1, TripsOnARowThatWaits) {
  Scene scene = settled();
  scene.orders.outbox.begin()->second.sent.reset();
  EXPECT_THAT(tripped_final(scene), ElementsAre("L1"));
}

TEST(L1, TripsOnARowThatWaitsBesideAParkedRowOfAnotherKey) {
  Scene scene = settled();
  auto row = scene.orders.outbox.begin();
  row->second.parked = true;
  (++row)->second.sent.reset();
  EXPECT_THAT(tripped_final(scene), ElementsAre("L1"));
}

}  // namespace
}  // namespace quickbite::property
