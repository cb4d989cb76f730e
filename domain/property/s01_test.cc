#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An order of two lines that has just been reserved.
Scene reserved() {
  Scene scene;
  scene.restock("burger", 5);
  scene.restock("fries", 5);
  scene.place(1, {line("burger", 2), line("fries", 1)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  return scene;
}

TEST(S1, HoldsWhereStockIsReservedAndReleased) {
  Scene scene = reserved();
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
  scene.cancel(1);
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  EXPECT_EQ(scene.inventory.stock.find(sku("burger"))->available, Quantity(5));
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S1, TripsWhereAStaleReadIsWrittenBack) {
  Scene scene = reserved();
  scene.inventory.stock[sku("burger")].available = Quantity(5);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

TEST(S1, TripsWhereMoreIsReservedThanThereIs) {
  Scene scene;
  scene.restock("burger", 1);
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  // As if Inventory had seen two.
  scene.inventory.stock[sku("burger")].available = Quantity(2);
  scene.deliver(Service::kInventory);
  scene.inventory.stock[sku("burger")].available = Quantity(-1);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

TEST(S1, TripsWhereTheReservedColumnIsNotWhatIsHeld) {
  Scene scene = reserved();
  scene.inventory.stock[sku("burger")].reserved = Quantity(1);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

TEST(S1, TripsWhereOneLineOfAReservationMovedNoStock) {
  Scene scene = reserved();
  std::erase_if(scene.inventory.movements, [](const MovementRow& row) {
    return row.sku == sku("fries") && row.kind == MovementKind::kReserve;
  });
  scene.inventory.stock[sku("fries")] = {sku("fries"), Quantity(5), Quantity(0)};
  Delta delta;
  for (const Fact& fact : scene.delta.facts) {
    const auto* stock = std::get_if<StockWritten>(&fact);
    const auto* movement = std::get_if<MovementAppended>(&fact);
    if ((stock && stock->sku == sku("fries")) || (movement && movement->sku == sku("fries")))
      continue;
    delta.add(fact);
  }
  scene.delta = delta;
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

TEST(S1, TripsWhereStockMovesForNoReservation) {
  Scene scene = reserved();
  scene.delta.clear();
  const StockRow before = *scene.inventory.stock.find(sku("burger"));
  scene.write(StockRow{before.sku, Quantity(before.available.value - 1),
                       Quantity(before.reserved.value + 1)});
  MovementRow stray = scene.inventory.movements.back();
  stray.sku = sku("burger");
  stray.quantity = Quantity(1);
  scene.append(stray);
  EXPECT_TRUE(s01_step(scene.view(), scene.delta));
  EXPECT_TRUE(s01_full(scene.view()));
}

TEST(S1, TripsWhereAMovementLeavesItsStockAsItWas) {
  Scene scene = reserved();
  scene.restock("burger", 1);
  scene.inventory.stock[sku("burger")].available.value -= 1;
  scene.delta.facts.erase(scene.delta.facts.begin());
  ASSERT_TRUE(std::holds_alternative<MovementAppended>(scene.delta.facts.front()));
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

TEST(S1, TripsWhereAHeldReservationIsRewrittenWithOtherLines) {
  Scene scene = reserved();
  scene.delta.clear();
  ReservationRow row = *scene.inventory.reservations.find(order_id(1));
  row.lines = {Line{row.lines.front().sku, Quantity(1)}};
  scene.write(row);
  EXPECT_TRUE(s01_step(scene.view(), scene.delta));
  EXPECT_TRUE(s01_full(scene.view()));
}

TEST(S1, TripsWhereAReservationMovesWhatIsNoneOfItsLines) {
  Scene scene = reserved();
  scene.inventory.reservations[order_id(1)].lines = {line("burger", 2)};
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

TEST(S1, TripsWhereAReservationVanishes) {
  Scene scene = reserved();
  scene.inventory.reservations.clear();
  EXPECT_TRUE(s01_step(scene.view(), scene.delta));
  EXPECT_TRUE(s01_full(scene.view()));
}

TEST(S1, TripsWhereAStockRowVanishes) {
  Scene scene = reserved();
  scene.inventory.stock.erase(sku("fries"));
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));

  scene = Scene();
  scene.restock("fries", 5);
  scene.inventory.stock.clear();
  EXPECT_THAT(tripped_step(scene), ElementsAre("S1"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S1"));
}

}  // namespace
}  // namespace quickbite::property
