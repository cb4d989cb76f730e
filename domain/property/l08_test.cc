#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"
#include "domain/property/checks.h"
#include "domain/property/test_scene.h"

namespace quickbite::property {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A record that Inventory cannot read, dead-lettered, and redriven once: it is in the topic again.
Scene redriven(std::int64_t times = 1) {
  Scene scene;
  scene.produce(Topic::kOrders, "k", Bytes("no JSON"));
  scene.deliver(Service::kInventory);
  const OutboxRow letter = scene.inventory.outbox.begin()->second;
  while (scene.relay(Service::kInventory)) {
  }
  for (std::int64_t nth = 1; nth <= times; ++nth) {
    scene.delta.clear();
    scene.announce(Service::kInventory, *redrive(letter, nth, Instant{1}));
    EXPECT_THAT(tripped_step(scene), IsEmpty()) << "a redrive announces nothing, and is no letter";
    scene.relay(Service::kInventory);
  }
  return scene;
}

TEST(L8, HoldsWhereARedrivenRecordFindsItsLetterHoweverOftenItComes) {
  Scene scene = redriven(3);
  const std::size_t rows = scene.inventory.outbox.size();
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(scene.deliver(Service::kInventory));
    EXPECT_THAT(scene.delta.facts, IsEmpty());
    scene.commit(Service::kInventory);
    EXPECT_THAT(tripped_step(scene), IsEmpty()) << "its letter is its outcome, which S8 asks for";
  }
  EXPECT_EQ(scene.inventory.outbox.size(), rows);
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

TEST(L8, TripsWhereARedrivenRecordBecomesALetterOfItsOwn) {
  Scene scene = redriven();
  const Record again = scene.log_of(Topic::kOrders).back();
  const EventId another(Uuid{5, 5});
  scene.delta.clear();
  scene.announce(Service::kInventory, dead_letter(again, another, "NOT_JSON", "", Instant{1}));
  scene.mark(Service::kInventory, another, again, Handled::kDeadLettered);
  EXPECT_THAT(tripped_step(scene), ElementsAre("L8"));
  EXPECT_THAT(tripped_full(scene), ElementsAre("L8"));
}

TEST(L8, AStrangerWhoSaysThatHisRecordIsARedriveGetsALetterAsAnybody) {
  Scene scene = redriven();
  Record forged = scene.log_of(Topic::kOrders).back();
  forged.offset = Offset(forged.offset.value + 1);
  forged.message.value = Bytes("something else");
  scene.log_of(Topic::kOrders).push_back(forged);
  scene.deliver(Service::kInventory);
  scene.deliver(Service::kInventory);
  EXPECT_THAT(scene.delta.facts, testing::Not(IsEmpty()));
  EXPECT_THAT(tripped_step(scene), IsEmpty());
  EXPECT_THAT(tripped_full(scene), IsEmpty());
}

}  // namespace
}  // namespace quickbite::property
