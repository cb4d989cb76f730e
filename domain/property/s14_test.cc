#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// One order each: CONFIRMED, rejected, cancelled after CONFIRMED.
Scene settled() {
  Scene scene;
  scene.restock("burger", 5);
  scene.place(1, {line("burger", 2)});
  scene.place(2, {line("shake", 1)});
  scene.place(3, {line("burger", 1)});
  scene.settle();
  scene.cancel(3);
  scene.settle();
  return scene;
}

TEST(S14, HoldsForConfirmedRejectedAndCancelledOrders) {
  Scene scene = settled();
  EXPECT_EQ(scene.inventory.reservations.find(order_id(1))->state, ReservationState::kReserved);
  EXPECT_EQ(scene.inventory.reservations.find(order_id(2))->state, ReservationState::kRejected);
  EXPECT_EQ(scene.inventory.reservations.find(order_id(3))->state, ReservationState::kReleased);
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S14, TripsWhereACancelledOrderHoldsStock) {
  Scene scene = settled();
  OrderRow& row = scene.orders.orders[order_id(1)];
  row.status = OrderStatus::kCancelled;
  row.reason = CancelReason::kCustomer;
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

TEST(S14, TripsWhereAnOrderIsConfirmedWithNothingReserved) {
  Scene scene = settled();
  scene.orders.orders[order_id(2)].status = OrderStatus::kConfirmed;
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

TEST(S14, TripsWhereAPendingOrderHoldsStock) {
  Scene scene = settled();
  scene.orders.orders[order_id(1)].status = OrderStatus::kPending;
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

TEST(S14, TripsWhereOnlyPartOfAnOrderIsReserved) {
  Scene scene = settled();
  scene.orders.orders[order_id(1)].lines.push_back(line("fries", 1));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

TEST(S14, TripsWhereStockIsHeldForNoOrder) {
  Scene scene = settled();
  scene.orders.orders.erase(order_id(1));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

}  // namespace
}  // namespace quickbite::property
