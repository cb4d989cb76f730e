#include "services/cli/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "domain/message/event.h"
#include "domain/message/wire.h"
#include "domain/port/dead_letter.h"

namespace quickbite::cli {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const OrderId kOrder{Uuid{3, 4}};
const EventId kCreated = event_id(OrderCreated{kOrder, {}, {}});
const EventId kReserved = event_id(InventoryReserved{kOrder});
const EventId kCancelled = event_id(OrderCancelled{kOrder, CancelReason::kCustomer});

Announcement announced(const EventId& id, std::string type, Topic topic, bool sent) {
  Announcement row{id, std::move(type), topic, Instant{seconds(1).us}, std::nullopt, false};
  if (sent) row.sent = SentAt{Partition(2), Offset(41)};
  return row;
}

// An order that was just placed: in the outbox, and nowhere else.
Story placed(bool sent = false) {
  Story story;
  story.id = kOrder;
  story.order.emplace();
  story.order->id = kOrder;
  story.orders.announced = {announced(kCreated, "OrderCreated", Topic::kOrders, sent)};
  return story;
}
Story reserved(bool sent) {
  Story story = placed(true);
  story.inventory.reservation = ReservationRow{kOrder, {}, ReservationState::kReserved, Instant{}};
  story.inventory.announced = {announced(kReserved, "InventoryReserved", Topic::kInventory, sent)};
  return story;
}

std::string wait_of(const Story& story) {
  const auto waits = waits_of(story);
  return waits.empty() ? "" : waits.front().what;
}

TEST(Explain, FollowsAnOrderThroughWhateverItWaitsFor) {
  EXPECT_EQ(wait_of(placed()), "the relay of Orders to send OrderCreated");
  EXPECT_EQ(wait_of(placed(true)), "Inventory to read OrderCreated at orders.v1/2@41");
  EXPECT_EQ(wait_of(reserved(false)), "the relay of Inventory to send InventoryReserved");
  EXPECT_EQ(wait_of(reserved(true)), "Orders to read InventoryReserved at inventory.v1/2@41");
  Story confirmed = reserved(true);
  confirmed.order->status = OrderStatus::kConfirmed;
  EXPECT_EQ(wait_of(confirmed), "") << "its rows show that it was read, whether or not the dedupe row is still there";
}

TEST(Explain, ACancelledOrderWaitsUntilInventoryHasHeardOfIt) {
  Story story = reserved(true);
  story.order->status = OrderStatus::kCancelled;
  story.orders.announced.push_back(announced(kCancelled, "OrderCancelled", Topic::kOrders, true));
  EXPECT_EQ(wait_of(story), "Inventory to read OrderCancelled at orders.v1/2@41");
  story.inventory.reservation->state = ReservationState::kReleased;
  EXPECT_EQ(wait_of(story), "");
}

TEST(Explain, TellsWhatAnOperatorMayDo) {
  Story story = placed();
  story.orders.announced.front().parked = true;
  EXPECT_THAT(wait_of(story), StartsWith("an operator: OrderCreated is parked in the outbox of Orders"));
  EXPECT_THAT(waits_of(story).front().advice, HasSubstr("quickbite outbox retry " + to_string(kCreated.value)));

  story = placed(true);
  Record record;
  record.message.topic = Topic::kOrders;
  record.message.key = to_string(kOrder.value);
  record.message.value = encode_event(event_of(OrderCreated{kOrder, UserId("u1"), {{Sku("burger"), Quantity(1)}}}));
  KeptLetter letter{postgres::Service::kInventory, {}};
  letter.found.letter = dead_letter(record, EventId(Uuid{7, 7}), "REFUSED 22001", "", Instant{});
  story.letters = {letter};
  EXPECT_EQ(wait_of(story), "an operator: Inventory refused OrderCreated (REFUSED 22001)");
  EXPECT_THAT(waits_of(story).front().advice, HasSubstr("quickbite dlq redrive " + to_string(Uuid{7, 7})));
}

TEST(Explain, APendingOrderOfWhichNothingIsUnderWayWaitsForItsDeadline) {
  Story story = placed(true);
  story.orders.announced.clear();
  EXPECT_THAT(wait_of(story), StartsWith("its deadline"));
  EXPECT_FALSE(story.empty());
  EXPECT_TRUE(Story{}.empty());
}

TEST(Explain, TellsTheStepsInTheirOrder) {
  Story story = reserved(true);
  story.orders.history = {{kOrder, Version(1), std::nullopt, OrderStatus::kPending, std::nullopt, kCreated, Instant{5}}};
  story.inventory.handled = {{kCreated, Topic::kOrders, Partition(2), Offset(41), Handled::kApplied, Instant{seconds(2).us}}};
  const auto steps = steps_of(story);
  ASSERT_GE(steps.size(), 4u);
  for (std::size_t i = 1; i < steps.size(); ++i) EXPECT_LE(steps[i - 1].at, steps[i].at);
  const auto said = [&](const std::string& who, const std::string& what) {
    return std::any_of(steps.begin(), steps.end(), [&](const StoryStep& step) { return step.who == who && step.what == what; });
  };
  EXPECT_TRUE(said("Orders", "the order is PENDING"));
  EXPECT_TRUE(said("Orders", "OrderCreated in the outbox, sent to orders.v1/2@41"));
  EXPECT_TRUE(said("Inventory", "read OrderCreated at orders.v1/2@41: APPLIED"));
  EXPECT_TRUE(said("Inventory", "the reservation is RESERVED"));
}

}  // namespace
}  // namespace quickbite::cli
