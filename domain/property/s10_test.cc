#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/port/dead_letter.h"
#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The step has just dead-lettered a record that is not JSON.
Scene poisoned() {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("{\"type\""));
  scene.log_of(Topic::kOrders).back().message.headers = {{"traceparent", "00"}};
  scene.deliver(Service::kInventory);
  return scene;
}

OutboxRow& letter(Scene& scene) {
  return scene.inventory.outbox.begin()->second;
}

void expect_bad(Scene& scene) {
  EXPECT_THAT(tripped_step(scene), ElementsAre("S10"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("S10"));
}

// Order 1 is reserved, with two burgers.
Scene reserved() {
  Scene scene;
  scene.restock("burger", 5);
  scene.place(1, {line("burger", 2)});
  scene.relay(Service::kOrders);
  scene.deliver(Service::kInventory);
  return scene;
}

TEST(S10, HoldsForPoisonThatIsKeptAsItWas) {
  Scene scene = poisoned();
  ASSERT_EQ(scene.inventory.outbox.size(), 1u);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S10, HoldsForOtherLinesOfAKnownOrder) {
  Scene scene = reserved();
  scene.produce(Topic::kOrders,
                event_of(OrderCreated{order_id(1), UserId("u1"), {line("burger", 1)}}));
  scene.deliver(Service::kInventory);
  EXPECT_EQ(header(scene.inventory.outbox.begin()[1].second.headers, kDeadLetterReasonHeader),
            kReasonConflictingLines);
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S10, HoldsWhereTheLogNoLongerKeepsTheRecord) {
  Scene scene = poisoned();
  View view = scene.view();
  const LogView trimmed{Topic::kOrders, Scene::kOnly, Offset(1), {}, std::nullopt};
  view.logs = std::span(&trimmed, 1);
  EXPECT_FALSE(s10_step(view, scene.delta));
  EXPECT_FALSE(s10_full(view));
}

TEST(S10, TripsWhereTheBytesAreNotTheRecords) {
  Scene scene = poisoned();
  letter(scene).payload = Bytes("{\"type\" ");
  expect_bad(scene);
}

TEST(S10, TripsWhereTheKeyIsNotTheRecords) {
  Scene scene = poisoned();
  letter(scene).key.reset();
  expect_bad(scene);
}

TEST(S10, TripsWhereAHeaderIsLostOrChanged) {
  Scene scene = poisoned();
  letter(scene).headers.back().value = "01";
  expect_bad(scene);
  letter(scene).headers.pop_back();
  expect_bad(scene);
}

TEST(S10, TripsWhereItDoesNotSayWhereTheRecordStood) {
  Scene scene = poisoned();
  letter(scene).headers.erase(letter(scene).headers.begin() + 2);
  expect_bad(scene);
}

TEST(S10, TripsWhereThereIsNoSuchRecord) {
  Scene scene = poisoned();
  scene.log_of(Topic::kOrders).clear();
  expect_bad(scene);
}

TEST(S10, TripsWhereItIsNotWhereDeadLettersGo) {
  Scene scene = poisoned();
  letter(scene).shard = Shard(0);
  expect_bad(scene);
  scene = poisoned();
  letter(scene).topic = Topic::kInventoryDeadLetter;
  expect_bad(scene);
  scene = poisoned();
  letter(scene).type = "OrderCreated";
  expect_bad(scene);
}

TEST(S10, TripsWhereTheReasonIsAnother) {
  Scene scene = poisoned();
  letter(scene).headers[3].value = "TOO_DEEP";
  expect_bad(scene);
  letter(scene).headers[3].value = kReasonConflictingLines;
  expect_bad(scene);
}

TEST(S10, TripsWhereAGoodRecordIsDeadLetteredForAnOutage) {
  Scene scene = reserved();
  scene.place(2, {line("burger", 1)});
  scene.relay(Service::kOrders);
  scene.refuse(Service::kInventory);
  expect_bad(scene);

  View live = scene.view();
  live.ghosts = nullptr;
  EXPECT_FALSE(s10_step(live, scene.delta)) << "not observable live";

  scene.ghosts.refusable = {order_id(2)};
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(S10, TripsWhereAGoodRecordIsCalledMalformedOrConflicting) {
  for (const std::string_view reason : {std::string_view("NOT_JSON"), kReasonConflictingLines}) {
    Scene scene = reserved();
    scene.place(2, {line("burger", 1)});
    scene.relay(Service::kOrders);
    scene.delta.clear();
    scene.bury(Service::kInventory, scene.log_of(Topic::kOrders).back(), reason);
    expect_bad(scene);
  }
}

TEST(S10, TripsWhereARecordOfAnUnknownTypeIsDeadLettered) {
  Scene scene;
  const std::string id = to_string(order_id(1).value);
  scene.produce(
      Topic::kOrders, id,
      Bytes("{\"type\":\"OrderPraised\",\"eventId\":\"" + id + "\",\"orderId\":\"" + id + "\"}"));
  scene.ghosts.refusable = {order_id(1)};
  scene.refuse(Service::kInventory);
  expect_bad(scene);
}

TEST(S10, TripsWhereTheOtherServiceWritesTheLetter) {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("{"));
  scene.delta.clear();
  scene.bury(Service::kOrders, scene.log_of(Topic::kOrders).front(), "NOT_JSON");
  expect_bad(scene);
}

TEST(S10, TripsWhereNoRowRecordsTheLetter) {
  Scene scene = poisoned();
  scene.inventory.processed.clear();
  scene.delta.facts.pop_back();
  expect_bad(scene);
}

TEST(S10, TripsWhereThereIsNoLetterOfWhatIsRecordedAsDead) {
  Scene scene = poisoned();
  scene.inventory.outbox.clear();
  scene.delta.facts.erase(scene.delta.facts.begin());
  expect_bad(scene);
}

}  // namespace
}  // namespace quickbite::property
