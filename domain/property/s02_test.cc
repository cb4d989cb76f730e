#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scene confirmed() {
  Scene scene;
  scene.restock("burger", 5);
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  scene.relay(Service::kInventory);
  scene.deliver(Service::kOrders);
  return scene;
}

// Moves order 1 as an event of Inventory would, whether or not the rules allow it.
void move(Scene& scene, OrderStatus status, std::optional<CancelReason> reason,
          std::int64_t versions = 1) {
  const EventId cause(Uuid{9, 9});
  OrderRow row = *scene.orders.orders.find(order_id(1));
  const OrderStatus before = row.status;
  row.status = status;
  row.reason = reason;
  row.version.value += versions;
  scene.delta.clear();
  scene.write(row);
  scene.append(HistoryRow{row.id, row.version, before, status, reason, cause, Instant{2}});
  scene.mark(Service::kOrders, cause, scene.log_of(Topic::kOrders).front(), Handled::kApplied);
}

TEST(S2, HoldsFromPendingToConfirmedToTheCustomersCancel) {
  Scene scene = confirmed();
  EXPECT_EQ(scene.orders.orders.find(order_id(1))->status, OrderStatus::kConfirmed);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  scene.cancel(1);
  EXPECT_EQ(scene.orders.orders.find(order_id(1))->status, OrderStatus::kCancelled);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S2, HoldsWhereOneTransactionPlacesAndCancels) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  const Delta placed = scene.delta;
  scene.cancel(1);
  Delta folded;
  folded.add(OrderWritten{order_id(1), std::nullopt, OrderStatus::kCancelled, Version()});
  const Delta cancelled = scene.delta;
  for (const Delta* part : {&placed, &cancelled}) {
    for (const Fact& fact : part->facts) {
      if (!std::holds_alternative<OrderWritten>(fact)) folded.add(fact);
    }
  }
  scene.delta = folded;
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S2, TripsWhereAConfirmedOrderIsCancelledByAnybodyButTheCustomer) {
  Scene scene = confirmed();
  move(scene, OrderStatus::kCancelled, CancelReason::kOutOfStock);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S2"));
}

TEST(S2, TripsWhereACancelledOrderIsConfirmed) {
  Scene scene = confirmed();
  scene.cancel(1);
  move(scene, OrderStatus::kConfirmed, std::nullopt);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S2"));
}

TEST(S2, TripsWhereAnOrderIsCancelledAsUnknown) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  scene.cancel(1);
  scene.orders.orders[order_id(1)].reason = CancelReason::kUnknownOrder;
  scene.orders.history.back().reason = CancelReason::kUnknownOrder;
  EXPECT_TRUE(s02_step(scene.view(), scene.delta));
}

TEST(S2, TripsWhereTheVersionSkips) {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  move(scene, OrderStatus::kConfirmed, std::nullopt, 2);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S2"));
}

TEST(S2, TripsWhereTheHistoryBeginsElsewhereThanTheRowStood) {
  Scene scene = confirmed();
  scene.orders.history.back().before = OrderStatus::kConfirmed;
  EXPECT_THAT(tripped_step(scene), ElementsAre("S2"));
}

TEST(S2, TripsWhereTheRowIsNotWhereItsHistoryEnds) {
  Scene scene = confirmed();
  scene.orders.orders[order_id(1)].reason = CancelReason::kCustomer;
  EXPECT_THAT(tripped_step(scene), ElementsAre("S2"));
}

TEST(S2, TripsWhereAnOrderVanishes) {
  Scene scene = confirmed();
  scene.orders.orders.clear();
  EXPECT_THAT(tripped_step(scene), ElementsAre("S2"));
}

TEST(S2, TripsWhereTheRowOrTheHistoryIsWrittenWithoutTheOther) {
  Scene scene = confirmed();
  const auto without = [&](auto fact_type) {
    Delta delta;
    for (const Fact& fact : scene.delta.facts) {
      if (!std::holds_alternative<decltype(fact_type)>(fact)) delta.add(fact);
    }
    return delta;
  };
  EXPECT_TRUE(s02_step(scene.view(), without(HistoryAppended{})));
  EXPECT_TRUE(s02_step(scene.view(), without(OrderWritten{})));
}

}  // namespace
}  // namespace quickbite::property
