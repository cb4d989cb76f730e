#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/message/event.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"
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

// Inventory has reserved an order that is PENDING, since what would tell Orders is a dead letter there.
struct Buried {
  Scene scene = settled();
  EventId event = event_of(InventoryReserved{order_id(1)}).id;
  Record record;

  Buried() {
    scene.orders.orders[order_id(1)].status = OrderStatus::kPending;
    const ProcessedRow handled = *scene.orders.processed.find(event);
    record = *record_at(scene.view(), handled.topic, handled.partition, handled.offset);
    scene.orders.processed.erase(event);
    scene.bury(Service::kOrders, record, "REFUSED 22001");
  }
};

TEST(S14, HoldsForAnOrderOfWhichADeadLetterTellsUntilThatIsHandled) {
  Buried buried;
  EXPECT_FALSE(s14_full(buried.scene.view()));
  buried.scene.mark(Service::kOrders, buried.event, buried.record, Handled::kApplied);
  EXPECT_TRUE(s14_full(buried.scene.view()));
}

TEST(S14, HoldsWhereTheDeadLetterLiesInItsTopicAloneSinceItsRowHasPassedItsRetention) {
  Buried buried;
  ASSERT_TRUE(buried.scene.relay(Service::kOrders));
  buried.scene.orders.outbox = {};
  buried.scene.orders.processed = {};
  EXPECT_FALSE(s14_full(buried.scene.view()));
  buried.scene.mark(Service::kOrders, buried.event, buried.record, Handled::kApplied);
  EXPECT_TRUE(s14_full(buried.scene.view()));
}

TEST(S14, TripsWhereOnlyPartOfAnOrderIsReserved) {
  Scene scene = settled();
  Lines& lines = scene.orders.orders[order_id(1)].lines;
  lines = {lines.front(), line("fries", 1)};
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

TEST(S14, TripsWhereStockIsHeldForNoOrder) {
  Scene scene = settled();
  scene.orders.orders.erase(order_id(1));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S14"));
}

}  // namespace
}  // namespace quickbite::property
