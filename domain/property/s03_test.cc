#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Takes the outbox rows out of the scene's last step: into a transaction of their own, or away.
Delta take_announcements(Scene& scene) {
  Delta rest;
  Delta taken;
  for (const Fact& fact : scene.delta.facts) {
    const bool announced = std::holds_alternative<OutboxInserted>(fact);
    (announced ? taken : rest).add(fact);
  }
  scene.delta = rest;
  return taken;
}

void lose_announcements(Scene& scene) {
  for (const Fact& fact : take_announcements(scene).facts) {
    const auto& row = std::get<OutboxInserted>(fact);
    scene.outbox(row.service).erase(row.seq);
  }
}

Scene placed() {
  Scene scene;
  scene.restock("burger", 2);
  scene.place(1, {line("burger", 2)});
  return scene;
}

Scene answered_by_inventory(std::int64_t quantity) {
  Scene scene;
  scene.restock("burger", 2);
  scene.place(1, {line("burger", quantity)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  return scene;
}

TEST(S3, HoldsForEveryAnnouncedChange) {
  Scene scene = placed();
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "created";
  scene.cancel(1);
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "cancelled";
  for (const std::int64_t quantity : {2, 3}) {
    scene = answered_by_inventory(quantity);
    EXPECT_THAT(tripped_step(scene), IsEmpty()) << "reserved, rejected";
  }
}

TEST(S3, HoldsWhereARejectionCancelsWithoutAWord) {
  Scene scene = answered_by_inventory(3);
  scene.relay(Service::kInventory);
  scene.deliver(Service::kOrders);
  EXPECT_EQ(scene.orders.orders.find(order_id(1))->reason, CancelReason::kOutOfStock);
  EXPECT_EQ(scene.orders.outbox.size(), 1u);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S3, HoldsWhereAnUnknownOrderIsToldOf) {
  Scene scene;
  scene.produce(Topic::kInventory, event_of(InventoryReserved{order_id(1)}));
  scene.deliver(Service::kOrders);
  EXPECT_EQ(scene.orders.outbox.size(), 1u);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
}

TEST(S3, HoldsForTombstoneReleaseAndDeadLetter) {
  Scene scene = answered_by_inventory(2);
  scene.cancel(1);
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "released";
  scene.produce(Topic::kOrders, event_of(OrderCancelled{order_id(2), CancelReason::kExpired}));
  scene.deliver(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "tombstone";
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.deliver(Service::kInventory);
  EXPECT_THAT(tripped_step(scene), IsEmpty()) << "dead letter";
}

TEST(S3, TripsWhereAnOrderIsCreatedWithoutItsOutboxRow) {
  Scene scene = placed();
  lose_announcements(scene);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

TEST(S3, TripsWhereAnOrderIsCancelledWithoutItsOutboxRow) {
  Scene scene = placed();
  scene.cancel(1);
  lose_announcements(scene);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

TEST(S3, TripsWhereInventoryAnswersWithoutItsOutboxRow) {
  for (const std::int64_t quantity : {2, 3}) {
    Scene scene = answered_by_inventory(quantity);
    lose_announcements(scene);
    EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
  }
}

TEST(S3, TripsOnBothTransactionsWhereTheOutboxRowHasOneOfItsOwn) {
  Scene orders = placed();
  Scene inventory = answered_by_inventory(2);
  for (Scene* scene : {&orders, &inventory}) {
    const Delta own = take_announcements(*scene);
    EXPECT_THAT(tripped_step(*scene), ElementsAre("S3"));
    scene->delta = own;
    EXPECT_THAT(tripped_step(*scene), ElementsAre("S3"));
  }
}

TEST(S3, TripsWhereAnotherChangeIsAnnounced) {
  Scene scene = answered_by_inventory(2);
  lose_announcements(scene);
  scene.announce(Service::kInventory, InventoryRejected{order_id(1), RejectReason::kOutOfStock});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

TEST(S3, TripsWhereAnotherOrderIsAnnounced) {
  Scene scene = answered_by_inventory(2);
  lose_announcements(scene);
  scene.announce(Service::kInventory, InventoryReserved{order_id(2)});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

TEST(S3, TripsWhereTheRowIsOfAnotherTypeIdOrKey) {
  Scene scene = placed();
  scene.orders.outbox.begin()->second.type = "OrderCancelled";
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
  scene = placed();
  scene.orders.outbox.begin()->second.id = EventId(Uuid{1, 2});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
  for (const auto& key : {std::optional<std::string>(), std::optional<std::string>(""),
                          std::optional(to_string(order_id(2).value))}) {
    scene = placed();
    scene.orders.outbox.begin()->second.key = key;
    EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
    scene = placed();
    scene.cancel(1);
    (--scene.orders.outbox.end())->second.key = key;
    EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
  }
}

TEST(S3, TripsWhereTheRowOfTheFactIsNotThere) {
  Scene scene = placed();
  scene.orders.outbox.clear();
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

TEST(S3, TripsWhereARowTooManyIsPutBesideAGoodOne) {
  Scene scene = placed();
  scene.announce(Service::kOrders, OrderCancelled{order_id(1), CancelReason::kCustomer});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
  scene = answered_by_inventory(2);
  scene.announce(Service::kInventory, InventoryRejected{order_id(1), RejectReason::kOutOfStock});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

TEST(S3, TripsWhereAnOrderThatExistsIsToldOfAsUnknown) {
  Scene scene = placed();
  scene.delta.clear();
  scene.announce(Service::kOrders, OrderCancelled{order_id(1), CancelReason::kUnknownOrder});
  EXPECT_THAT(tripped_step(scene), ElementsAre("S3"));
}

}  // namespace
}  // namespace quickbite::property
