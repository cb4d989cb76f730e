#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scene reserved() {
  Scene scene;
  scene.restock("burger", 2);
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  return scene;
}

Scene confirmed() {
  Scene scene = reserved();
  scene.relay(Service::kInventory);
  scene.deliver(Service::kOrders);
  return scene;
}

Scene rejected() {
  Scene scene;
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  return scene;
}

// Orders has just cancelled order 1 for one of two reasons.
Scene cancelled(const char* wanted) {
  Scene scene;
  scene.restock("burger", 1);
  scene.place(1, {line(wanted, 2)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  scene.relay(Service::kInventory);
  scene.deliver(Service::kOrders);
  return scene;
}

// Takes the dedupe rows out of the last step.
void lose_marks(Scene& scene) {
  Delta rest;
  for (const Fact& fact : scene.delta.facts) {
    if (const auto* mark = std::get_if<ProcessedInserted>(&fact)) {
      scene.processed(mark->service).erase(mark->id);
    } else {
      rest.add(fact);
    }
  }
  scene.delta = rest;
}

// Takes the marks of the last step into an earlier transaction, which is the last step now.
Scene marks_first(const Scene& before, const Scene& after) {
  Scene scene = before;
  scene.delta.clear();
  for (const Fact& fact : after.delta.facts) {
    const auto* mark = std::get_if<ProcessedInserted>(&fact);
    if (mark == nullptr) continue;
    Scene copy = after;
    const ProcessedRow row = *copy.processed(mark->service).find(mark->id);
    scene.processed(mark->service).insert(row.id, row);
    scene.delta.add(*mark);
  }
  return scene;
}

TEST(S7, HoldsWhereEffectAndMarkComeTogether) {
  for (Scene scene :
       {reserved(), confirmed(), rejected(), cancelled("burger"), cancelled("shake")}) {
    EXPECT_THAT(tripped_step(scene), IsEmpty());
    EXPECT_THAT(tripped_full(scene), IsEmpty());
  }
}

TEST(S7, HoldsForAMarkThatSaysIgnored) {
  Scene scene = reserved();
  scene.cancel(1);
  scene.relay(Service::kInventory);
  scene.deliver(Service::kOrders);
  EXPECT_EQ(scene.orders.processed.begin()->second.handled, Handled::kIgnored);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S7, HoldsWhereTheEffectIsToTellOfAnUnknownOrder) {
  Scene scene;
  scene.produce(Topic::kInventory, event_of(InventoryReserved{order_id(1)}));
  scene.deliver(Service::kOrders);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
  scene.orders.outbox.clear();
  EXPECT_THAT(tripped_step(scene), ElementsAre("S7"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
}

TEST(S7, TripsWhereAnotherOrderIsToldOfAsUnknown) {
  Scene scene;
  scene.produce(Topic::kInventory, event_of(InventoryReserved{order_id(1)}));
  scene.deliver(Service::kOrders);
  Scene other;
  other.produce(Topic::kInventory, event_of(InventoryReserved{order_id(2)}));
  other.deliver(Service::kOrders);
  scene.orders.outbox = other.orders.outbox;
  EXPECT_THAT(tripped_step(scene), ElementsAre("S7"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
}

TEST(S7, TripsWhereAnEffectHasNoDedupeRowWithIt) {
  for (Scene scene :
       {reserved(), confirmed(), rejected(), cancelled("burger"), cancelled("shake")}) {
    lose_marks(scene);
    EXPECT_THAT(tripped_step(scene), ElementsAre("S7"));
    EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
  }
}

TEST(S7, TripsWhereTheDedupeRowIsInAnEarlierTransactionOfItsOwn) {
  Scene before = reserved();
  before.relay(Service::kInventory);
  Scene after = before;
  after.deliver(Service::kOrders);
  Scene scene = marks_first(before, after);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S7"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));

  Scene placed;
  placed.restock("burger", 2);
  placed.place(1, {line("burger", 2)});
  placed.relay(Service::kOrders);
  after = placed;
  after.deliver(Service::kInventory);
  scene = marks_first(placed, after);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S7"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
}

TEST(S7, TripsWhereAnEffectIsMarkedAsIgnored) {
  for (Scene scene :
       {reserved(), confirmed(), rejected(), cancelled("burger"), cancelled("shake")}) {
    auto& mark = std::get<ProcessedInserted>(scene.delta.facts.back());
    mark.handled = Handled::kIgnored;
    scene.processed(mark.service)[mark.id].handled = Handled::kIgnored;
    EXPECT_THAT(tripped_step(scene), ElementsAre("S7"));
    EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
  }
}

TEST(S7, AsksForNoDedupeRowThatMayHaveBeenSwept) {
  for (Scene scene :
       {reserved(), confirmed(), rejected(), cancelled("burger"), cancelled("shake")}) {
    scene.orders.processed.clear();
    scene.inventory.processed.clear();
    scene.orders.swept = scene.inventory.swept = Instant{2};  // everything is of 1
    EXPECT_THAT(tripped_full(scene), IsEmpty());
    scene.orders.swept = scene.inventory.swept = Instant{1};
    EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
  }
}

TEST(S7, TripsWhereAnEventCameAgainAfterItsDedupeRowWasSwept) {
  for (Scene scene : {reserved(), confirmed()}) {
    const auto& mark = std::get<ProcessedInserted>(scene.delta.facts.back());
    ProcessedRow& row = scene.processed(mark.service)[mark.id];
    row.handled = Handled::kIgnored;
    row.at = Instant{9};
    scene.orders.swept = scene.inventory.swept = Instant{5};
    EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
  }
}

TEST(S7, TripsWhereAnEventMovedAnOrderTwice) {
  Scene scene = confirmed();
  scene.append(scene.orders.history.back());
  EXPECT_TRUE(s07_step(scene.view(), scene.delta));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
}

TEST(S7, TripsWhereAnEventMovedAStockTwice) {
  Scene scene = reserved();
  MovementRow half = scene.inventory.movements.back();
  half.quantity = Quantity(1);
  scene.inventory.movements.back() = half;
  scene.append(half);
  EXPECT_TRUE(s07_step(scene.view(), scene.delta));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S7"));
}

}  // namespace
}  // namespace quickbite::property
