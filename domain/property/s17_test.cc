#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The step has just answered an order of so many burgers, of which there are three.
Scene answered(Lines lines) {
  Scene scene;
  scene.restock("burger", 3);
  scene.produce(Topic::kOrders,
                event_of(OrderCreated{order_id(1), UserId("u1"), std::move(lines)}));
  scene.deliver(Service::kInventory);
  return scene;
}

TEST(S17, HoldsWhereALineExceedsWhatIsThereOrIsUnknown) {
  for (Lines lines : {Lines{line("burger", 4)}, Lines{line("burger", 1), line("shake", 1)},
                      Lines{line("burger", 0)}, Lines{line("burger", 5'000'000)},
                      Lines{line("burger", 2), line("burger", 2)}}) {
    Scene scene = answered(lines);
    EXPECT_EQ(scene.inventory.reservations.begin()->second.state, ReservationState::kRejected);
    EXPECT_THAT(tripped_step(scene), IsEmpty());
  }
}

TEST(S17, HoldsWhereTheSumHidesAnAbsurdLine) {
  Scene scene = answered({line("burger", -1), line("burger", 3)});
  const ReservationRow& row = scene.inventory.reservations.begin()->second;
  EXPECT_EQ(row.state, ReservationState::kRejected);
  EXPECT_EQ(row.lines, Lines{line("burger", 2)});
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S17, TripsWhereAllLinesWereAvailable) {
  for (const std::int64_t quantity : {1, 3}) {
    Scene scene = answered({line("burger", 4)});
    scene.log_of(Topic::kOrders).push_back(scene.log_of(Topic::kOrders).front());
    scene.log_of(Topic::kOrders).back().message.value =
        encode_event(event_of(OrderCancelled{order_id(1), CancelReason::kCustomer}));
    scene.inventory.reservations[order_id(1)].lines = {line("burger", quantity)};
    EXPECT_THAT(tripped_step(scene), ElementsAre("S17"));
  }
}

TEST(S17, TripsWhereTheMostThatMayBeOrderedWasAvailable) {
  Scene scene = answered({line("burger", kQuantityMax)});
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  scene.inventory.stock[sku("burger")].available = Quantity(kQuantityMax);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S17"));
}

TEST(S17, HoldsWhereStockCameBackLaterInTheSameTransaction) {
  Scene scene;
  scene.restock("burger", 3);
  scene.place(1, {line("burger", 3)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  scene.cancel(1);
  scene.place(2, {line("burger", 2)});
  scene.relay(Service::kOrders);
  scene.relay(Service::kOrders);
  std::swap(scene.log_of(Topic::kOrders)[1].message, scene.log_of(Topic::kOrders)[2].message);
  scene.deliver(Service::kInventory);
  const Delta rejected = scene.delta;
  scene.deliver(Service::kInventory);
  for (const Fact& fact : rejected.facts) scene.delta.add(fact);
  EXPECT_EQ(scene.inventory.reservations.find(order_id(2))->state, ReservationState::kRejected);
  EXPECT_EQ(scene.inventory.stock.find(sku("burger"))->available, Quantity(3));
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S17, HoldsWhereStockWasTakenAndGivenBackWithinTheTransaction) {
  Scene scene;
  scene.restock("burger", 3);
  Delta folded;
  const auto deliver = [&](Happening what) {
    scene.produce(Topic::kOrders, event_of(std::move(what)));
    scene.deliver(Service::kInventory);
    for (const Fact& fact : scene.delta.facts) {
      const bool row = std::holds_alternative<StockWritten>(fact) ||
                       (std::holds_alternative<ReservationWritten>(fact) &&
                        std::get<ReservationWritten>(fact).order == order_id(1));
      if (!row) folded.add(fact);
    }
  };
  deliver(OrderCreated{order_id(1), UserId("u1"), {line("burger", 3)}});
  deliver(OrderCreated{order_id(2), UserId("u1"), {line("burger", 2)}});
  deliver(OrderCancelled{order_id(1), CancelReason::kCustomer});
  folded.add(ReservationWritten{order_id(1), std::nullopt, ReservationState::kReleased});
  folded.add(StockWritten{sku("burger"), Quantity(3), Quantity(0)});
  scene.delta = folded;
  EXPECT_EQ(scene.inventory.reservations.find(order_id(2))->state, ReservationState::kRejected);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

}  // namespace
}  // namespace quickbite::property
