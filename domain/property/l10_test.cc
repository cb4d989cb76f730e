#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/port/dead_letter.h"
#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

// An order of instant 100 that has expired, of deadline 200.
Scene expired() {
  Scene scene;
  scene.place(1, {line("burger", 1)});
  OrderRow& row = scene.orders.orders[order_id(1)];
  row.created_at = Instant{100};
  row.deadline = Instant{200};
  row.status = OrderStatus::kCancelled;
  row.reason = CancelReason::kExpired;
  return scene;
}

Checked checked(Scene& scene, std::int64_t calm_from, std::int64_t bound) {
  View view = scene.view();
  view.calm = Calm{Instant{calm_from}, microseconds(bound)};
  return l10_full(view);
}

TEST(L10, TripsWhereAnOrderExpiredThoughNothingStoodInItsWayForLongEnough) {
  Scene scene = expired();
  EXPECT_TRUE(checked(scene, 0, 99));
  EXPECT_TRUE(checked(scene, 140, 59));
}

TEST(L10, HoldsWhereTheTimeWithoutFaultsWasTooShort) {
  Scene scene = expired();
  EXPECT_FALSE(checked(scene, 0, 100)) << "counted from when it was placed";
  EXPECT_FALSE(checked(scene, 140, 60)) << "counted from when the faults stopped";
  EXPECT_FALSE(checked(scene, 300, 0));
}

TEST(L10, HoldsForAnOrderThatItsCustomerCancelledOrInventoryRejected) {
  Scene scene = expired();
  for (const CancelReason reason : {CancelReason::kCustomer, CancelReason::kOutOfStock, CancelReason::kUnknownSku}) {
    scene.orders.orders[order_id(1)].reason = reason;
    EXPECT_FALSE(checked(scene, 0, 1));
  }
}

TEST(L10, HoldsForAnOrderOfWhichARecordWasForAnOperatorToSendAgain) {
  Scene scene = expired();
  OutboxRow& told = (scene.orders.outbox.end() - 1)->second;
  told.parked = true;
  EXPECT_FALSE(checked(scene, 0, 1));
  told.parked = false;
  EXPECT_TRUE(checked(scene, 0, 1));
  told.type = kDeadLetterType;
  EXPECT_FALSE(checked(scene, 0, 1));
}

TEST(L10, HoldsForAnOrderWhoseDeadLetterLiesInItsTopicAlone) {
  Scene scene = expired();
  const Record created{{Topic::kOrders, Scene::kOnly, to_string(order_id(1).value), Bytes("{}"), {}}, Offset(0)};
  scene.bury(Service::kInventory, created, "NOT_JSON");
  ASSERT_TRUE(scene.relay(Service::kInventory));
  scene.inventory.outbox = {};
  EXPECT_FALSE(checked(scene, 0, 1));
}

TEST(L10, SaysNothingWhereNobodyKnowsWhenTheFaultsStopped) {
  Scene scene = expired();
  EXPECT_FALSE(l10_full(scene.view()));
}

}  // namespace
}  // namespace quickbite::property
