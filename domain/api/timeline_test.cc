#include <gtest/gtest.h>

#include <string>

#include "domain/api/api.h"
#include "domain/message/event.h"

namespace quickbite::api {
namespace {

const OrderId kOrder(*parse_uuid("11111111-2222-5333-8444-555555555555"));
constexpr Instant kBegin{1'770'091'506'000'000};  // 2026-02-03T04:05:06Z

Instant after(std::int64_t ms) { return kBegin + milliseconds(ms); }

OrderRow order(OrderStatus status = OrderStatus::kPending) {
  OrderRow row;
  row.id = kOrder;
  row.user = UserId("u1");
  row.status = status;
  row.created_at = kBegin;
  row.deadline = after(600'000);
  return row;
}

HistoryRow created() {
  return {kOrder, Version(1), {}, OrderStatus::kPending, {}, event_id(OrderCreated{kOrder, {}, {}}), kBegin};
}
Announcement announced(std::optional<SentAt> sent = SentAt{Partition(3), Offset(12)}) {
  return {event_id(OrderCreated{kOrder, {}, {}}), "OrderCreated", Topic::kOrders, kBegin, sent, false};
}

std::string body(const OrderRow& row, const OrderTrail& trail) {
  const HttpAnswer answer = answer_timeline(&row, &trail, {kOrder});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header(answer.headers, "Content-Type"), "application/json");
  return answer.body;
}

const std::string kHead = R"({"orderId":"11111111-2222-5333-8444-555555555555","status":)";
const std::string kCreated = R"({"what":"CREATED","at":"2026-02-03T04:05:06.000000Z","version":1})";
const std::string kPublished =
    R"({"what":"PUBLISHED","at":"2026-02-03T04:05:06.000000Z","event":"OrderCreated","topic":"orders.v1","partition":3,"offset":12})";

TEST(Timeline, OfANewOrderWaitsForTheBroker) {
  EXPECT_EQ(body(order(), {{created()}, {announced(std::nullopt)}, {}}),
            kHead + R"("PENDING","steps":[)" + kCreated +
                R"(,{"what":"TO_BE_PUBLISHED","at":"2026-02-03T04:05:06.000000Z","event":"OrderCreated","topic":"orders.v1"}])"
                R"(,"waitingFor":{"what":"BROKER","at":"2026-02-03T04:05:06.000000Z","event":"OrderCreated"}})");
}

TEST(Timeline, OfAPublishedOrderWaitsForInventory) {
  EXPECT_EQ(body(order(), {{created()}, {announced()}, {}}),
            kHead + R"("PENDING","steps":[)" + kCreated + "," + kPublished +
                R"(],"waitingFor":{"what":"INVENTORY","at":"2026-02-03T04:05:06.000000Z","deadline":"2026-02-03T04:15:06.000000Z"}})");
}

TEST(Timeline, OfAConfirmedOrderTellsWhatItWasToldAndWaitsForNothing) {
  const EventId reserved = event_id(InventoryReserved{kOrder});
  OrderTrail trail{{created()}, {announced()}, {}};
  trail.history.push_back({kOrder, Version(2), OrderStatus::kPending, OrderStatus::kConfirmed, {}, reserved, after(120)});
  trail.handled.push_back({reserved, Topic::kInventory, Partition(0), Offset(7), Handled::kApplied, after(120)});
  EXPECT_EQ(body(order(OrderStatus::kConfirmed), trail),
            kHead + R"("CONFIRMED","steps":[)" + kCreated + "," + kPublished +
                R"(,{"what":"RECEIVED","at":"2026-02-03T04:05:06.120000Z","event":"InventoryReserved","handled":"APPLIED",)"
                R"("topic":"inventory.v1","partition":0,"offset":7})"
                R"(,{"what":"CONFIRMED","at":"2026-02-03T04:05:06.120000Z","version":2}],"waitingFor":null})");
}

TEST(Timeline, OfACancelledOrderTellsWhyAndThatALateAnswerWasIgnored) {
  const EventId cancelled = event_id(OrderCancelled{kOrder, CancelReason::kCustomer});
  OrderTrail trail{{created()}, {announced()}, {}};
  trail.history.push_back({kOrder, Version(2), OrderStatus::kPending, OrderStatus::kCancelled, CancelReason::kCustomer, cancelled, after(5)});
  trail.announced.push_back({cancelled, "OrderCancelled", Topic::kOrders, after(5), {}, true});
  trail.handled.push_back(
      {event_id(InventoryReserved{kOrder}), Topic::kInventory, Partition(0), Offset(7), Handled::kIgnored, after(9)});
  const std::string text = body(order(OrderStatus::kCancelled), trail);
  EXPECT_NE(text.find(R"({"what":"CANCELLED","at":"2026-02-03T04:05:06.005000Z","version":2,"reason":"CUSTOMER"},{"what":"PARKED")"),
            text.npos)
      << text;
  EXPECT_NE(text.find(R"("handled":"IGNORED")"), text.npos);
  EXPECT_TRUE(text.ends_with(
      R"("waitingFor":{"what":"OPERATOR","at":"2026-02-03T04:05:06.005000Z","event":"OrderCancelled"}})"))
      << text;
}

TEST(Timeline, IsAlsoTheOrdersOwnersAlone) {
  const OrderRow row = order();
  const OrderTrail trail{{created()}, {}, {}};
  EXPECT_EQ(answer_timeline(&row, &trail, {kOrder, UserId("u2")}).status, 404);
  EXPECT_EQ(answer_timeline(&row, &trail, {kOrder, UserId("u1")}).status, 200);
  EXPECT_EQ(answer_timeline(nullptr, &trail, {kOrder}).status, 404);
}

}  // namespace
}  // namespace quickbite::api
