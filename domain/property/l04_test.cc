#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// CONFIRMED, cancelled after that, and cancelled before Inventory had heard of it.
Scene settled() {
  Scene scene;
  scene.restock("burger", 5);
  scene.place(1, {line("burger", 1)});
  scene.place(2, {line("burger", 1)});
  scene.settle();
  scene.cancel(2);
  scene.place(3, {line("burger", 1)});
  scene.cancel(3);
  scene.settle();
  return scene;
}

TEST(L4, HoldsWhereEveryReservationIsOfAnOrderThatStands) {
  Scene scene = settled();
  EXPECT_THAT(tripped_final(scene), IsEmpty());
}

TEST(L4, TripsWhereACancelledOrderStillHoldsStock) {
  Scene scene = settled();
  scene.inventory.reservations[order_id(2)].state = ReservationState::kReserved;
  EXPECT_THAT(tripped_final(scene), ElementsAre("L4"));
}

TEST(L4, TripsWhereStockIsHeldForNoOrder) {
  Scene scene = settled();
  scene.orders.orders.erase(order_id(1));
  EXPECT_THAT(tripped_final(scene), ElementsAre("L4"));
}

TEST(L4, HoldsWhereTheWordOfTheCancelIsParked) {
  Scene scene = settled();
  scene.cancel(1);
  EXPECT_THAT(tripped_final(scene), ElementsAre("L1"));
  (scene.orders.outbox.end() - 1)->second.parked = true;
  EXPECT_THAT(tripped_final(scene), IsEmpty());
}

TEST(L4, WhatIsHeldForAPendingOrderIsStillUnderWay) {
  Scene scene = settled();
  scene.orders.orders[order_id(1)].status = OrderStatus::kPending;
  EXPECT_THAT(tripped_final(scene), ElementsAre("L3"));
}

}  // namespace
}  // namespace quickbite::property
