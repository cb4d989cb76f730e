#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Scene sent() {
  Scene scene;
  scene.restock("burger", 2);
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  return scene;
}

OrderCreated created(int n, std::int64_t quantity) {
  return {order_id(n), UserId("u2"), {line("burger", quantity)}};
}

void expect_good_commit(Scene& scene, Service service) {
  scene.commit(service);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

void expect_bad_commit(Scene& scene, Service service) {
  scene.commit(service);
  EXPECT_THAT(tripped_step(scene), ElementsAre("S8"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S8"));
}

// Commits past the next record without handling it.
void skip(Scene& scene, Service service) {
  ++scene.position[service == Service::kInventory];
}

TEST(S8, HoldsForARecordThatWasApplied) {
  Scene scene = sent();
  scene.deliver(Service::kInventory);
  expect_good_commit(scene, Service::kInventory);
  scene.relay(Service::kInventory);
  scene.deliver(Service::kOrders);
  expect_good_commit(scene, Service::kOrders);
}

TEST(S8, HoldsForADuplicateWithAndWithoutItsHeader) {
  Scene scene = sent();
  scene.deliver(Service::kInventory);
  Record twin = scene.log_of(Topic::kOrders).front();
  for (std::int64_t offset : {1, 2}) {
    twin.offset = Offset(offset);
    scene.log_of(Topic::kOrders).push_back(twin);
    scene.deliver(Service::kInventory);
    EXPECT_THAT(scene.delta.facts, IsEmpty());
    expect_good_commit(scene, Service::kInventory);
    twin.message.headers.clear();
  }
}

TEST(S8, HoldsForADuplicateOfARecordThatTheLogNoLongerKeeps) {
  Scene scene = sent();
  scene.deliver(Service::kInventory);
  Record twin = scene.log_of(Topic::kOrders).front();
  twin.offset = Offset(1);
  const auto kept = std::make_shared<const Record>(twin);
  const LogView trimmed{Topic::kOrders, Scene::kOnly, Offset(1), std::span(&kept, 1), Offset(2)};
  View view = scene.view();
  view.logs = std::span(&trimmed, 1);
  EXPECT_FALSE(s08_full(view));
}

TEST(S8, HoldsForAnUnknownTypeThatWasRecordedAsIgnored) {
  Scene scene;
  const EventId id(Uuid{5, 6});
  scene.produce(Topic::kOrders, to_string(order_id(1).value),
                Bytes("{\"type\":\"OrderPraised\",\"eventId\":\"" + to_string(id.value) +
                      "\",\"orderId\":\"" + to_string(order_id(1).value) + "\"}"));
  scene.deliver(Service::kInventory);
  ASSERT_TRUE(scene.inventory.processed.contains(id));
  expect_good_commit(scene, Service::kInventory);
}

TEST(S8, HoldsForPoisonWithItsDeadLetter) {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.deliver(Service::kInventory);
  expect_good_commit(scene, Service::kInventory);
}

TEST(S8, HoldsForARefusedRecordWithItsDeadLetter) {
  Scene scene = sent();
  scene.ghosts.refusable = {order_id(1)};
  scene.refuse(Service::kInventory);
  expect_good_commit(scene, Service::kInventory);
}

TEST(S8, LooksNoFurtherBackThanTheLogGoes) {
  Scene scene = sent();
  scene.log_of(Topic::kOrders).clear();
  skip(scene, Service::kInventory);
  expect_good_commit(scene, Service::kInventory);
}

TEST(S8, TripsWhereAnOffsetIsCommittedBeforeTheEffect) {
  Scene scene = sent();
  skip(scene, Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

TEST(S8, TripsWhereAGapIsCommittedPast) {
  Scene scene = sent();
  scene.produce(Topic::kOrders, event_of(created(2, 1)));
  skip(scene, Service::kInventory);
  scene.deliver(Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

TEST(S8, TripsWherePoisonVanishesWithoutADeadLetter) {
  Scene scene;
  scene.produce(Topic::kInventory, std::nullopt, Bytes(""));
  skip(scene, Service::kOrders);
  expect_bad_commit(scene, Service::kOrders);
}

TEST(S8, TripsWherePoisonCarriesTheIdOfAGoodRecord) {
  Scene scene = sent();
  scene.deliver(Service::kInventory);
  Record forged = scene.log_of(Topic::kOrders).front();
  forged.offset = Offset(1);
  forged.message.value = Bytes("{");
  scene.log_of(Topic::kOrders).push_back(forged);
  skip(scene, Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

TEST(S8, TripsWhereADuplicateHasAnotherKey) {
  Scene scene = sent();
  scene.deliver(Service::kInventory);
  Record twin = scene.log_of(Topic::kOrders).front();
  twin.offset = Offset(1);
  twin.message.key = "k";
  scene.log_of(Topic::kOrders).push_back(twin);
  skip(scene, Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

TEST(S8, TripsWherePoisonComesAgainUnderTheIdOfItsDeadLetter) {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.deliver(Service::kInventory);
  Record again = scene.log_of(Topic::kOrders).front();
  again.offset = Offset(1);
  again.message.headers = {
      {std::string(kEventIdHeader), to_string(scene.inventory.processed.begin()->first.value)}};
  scene.log_of(Topic::kOrders).push_back(again);
  skip(scene, Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

TEST(S8, TripsWhereOtherLinesOfAKnownOrderPassAsADuplicate) {
  Scene scene = sent();
  scene.deliver(Service::kInventory);
  scene.produce(Topic::kOrders, event_of(created(1, 1)));
  skip(scene, Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

// Two records that were handled, the second of them later, and a twin of the first behind them.
Scene handled_in_turn() {
  Scene scene;
  scene.restock("burger", 2);
  scene.place(1, {line("burger", 1)});
  scene.place(2, {line("burger", 1)});
  while (scene.relay(Service::kOrders)) {
  }
  while (scene.deliver(Service::kInventory)) {
  }
  Record twin = scene.log_of(Topic::kOrders).front();
  twin.offset = Offset(2);
  scene.log_of(Topic::kOrders).push_back(twin);
  scene.deliver(Service::kInventory);
  scene.commit(Service::kInventory);
  scene.inventory.processed[event_id(created(2, 1))].at = Instant{9};
  return scene;
}

TEST(S8, ARecordWhoseRowMayHaveBeenSweptIsExcusedAndSoIsItsTwin) {
  Scene scene = handled_in_turn();
  scene.inventory.processed.erase(event_id(created(1, 1)));
  EXPECT_TRUE(s08_full(scene.view()));
  scene.inventory.swept = Instant{5};
  EXPECT_FALSE(s08_full(scene.view()));
}

TEST(S8, TripsWhereALaterRowThanThoseThatWereSweptIsNotThere) {
  Scene scene = handled_in_turn();
  scene.inventory.swept = Instant{5};
  scene.inventory.processed[event_id(created(1, 1))].at = Instant{5};
  EXPECT_FALSE(s08_full(scene.view()));
  scene.inventory.processed.erase(event_id(created(2, 1)));
  EXPECT_TRUE(s08_full(scene.view()));
}

TEST(S8, ADeadLetterOfAnotherRecordIsNoOutcome) {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  skip(scene, Service::kInventory);
  scene.deliver(Service::kInventory);
  expect_bad_commit(scene, Service::kInventory);
}

}  // namespace
}  // namespace quickbite::property
