#include "domain/order/rules.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace quickbite {
namespace {

const OrderId kOrder(Uuid{1, 1});
constexpr Instant kNow{1'000'000};
constexpr Duration kDeadline = seconds(600);

PlaceOrder place() {
  return {kOrder, UserId("u1"), {{Sku("burger"), Quantity(2)}}, RequestHash(Uuid{7, 7})};
}

OrderRow order(OrderStatus status, std::optional<CancelReason> reason = std::nullopt) {
  OrderRow row = *decide(nullptr, place(), Instant{5}, kDeadline).change.row;
  row.status = status;
  row.reason = reason;
  row.version = Version(3);
  return row;
}

const std::vector<OrderRow> kOrders = {order(OrderStatus::kPending), order(OrderStatus::kConfirmed),
                                       order(OrderStatus::kCancelled, CancelReason::kExpired)};

void expect_nothing(const OrderChange& change) {
  EXPECT_FALSE(change.row);
  EXPECT_FALSE(change.history);
  EXPECT_FALSE(change.announce);
}

// What every transition of `before` must look like, whatever caused it.
void expect_moved(const OrderRow& before, const OrderChange& change, OrderStatus status,
                  std::optional<CancelReason> reason, const EventId& cause) {
  ASSERT_TRUE(change.row);
  OrderRow expected = before;
  expected.status = status;
  expected.reason = reason;
  expected.version = Version(before.version.value + 1);
  expected.updated_at = kNow;
  EXPECT_EQ(*change.row, expected);
  EXPECT_EQ(change.history,
            (HistoryRow{before.id, expected.version, before.status, status, reason, cause, kNow}));
}

TEST(PlaceOrder, ANewOrderIsPendingAndAnnounced) {
  const CommandDecision decision = decide(nullptr, place(), kNow, kDeadline);
  OrderRow expected;
  expected.id = kOrder;
  expected.user = UserId("u1");
  expected.lines = place().lines;
  expected.status = OrderStatus::kPending;
  expected.version = Version(1);
  expected.created_at = kNow;
  expected.updated_at = kNow;
  expected.deadline = kNow + kDeadline;
  expected.request_hash = place().hash;
  ASSERT_TRUE(decision.change.row);
  EXPECT_EQ(*decision.change.row, expected);
  const Happening created = OrderCreated{kOrder, UserId("u1"), place().lines};
  EXPECT_EQ(decision.change.announce, event_of(created));
  EXPECT_EQ(decision.change.history,
            (HistoryRow{kOrder, Version(1), std::nullopt, OrderStatus::kPending, std::nullopt,
                        event_id(created), kNow}));
  const auto* placed = std::get_if<Placed>(&decision.outcome);
  ASSERT_NE(placed, nullptr);
  EXPECT_EQ(placed->order, expected);
  EXPECT_FALSE(placed->replay);
}

TEST(PlaceOrder, AReplayShowsTheOrderAsItStandsNowAndChangesNothing) {
  for (const OrderRow& row : kOrders) {
    const CommandDecision decision = decide(&row, place(), kNow, kDeadline);
    expect_nothing(decision.change);
    const auto* placed = std::get_if<Placed>(&decision.outcome);
    ASSERT_NE(placed, nullptr);
    EXPECT_EQ(placed->order, row);
    EXPECT_TRUE(placed->replay);
  }
}

TEST(PlaceOrder, AnotherRequestUnderTheSameIdDoesNothing) {
  PlaceOrder other = place();
  other.hash = RequestHash(Uuid{8, 8});
  for (const OrderRow& row : kOrders) {
    const CommandDecision decision = decide(&row, other, kNow, kDeadline);
    expect_nothing(decision.change);
    EXPECT_TRUE(std::holds_alternative<KeyReused>(decision.outcome));
  }
}

TEST(CancelOrder, WhatIsNotThereCannotBeCancelled) {
  const CommandDecision decision = decide(nullptr, CancelOrder{kOrder}, kNow);
  expect_nothing(decision.change);
  EXPECT_TRUE(std::holds_alternative<NoSuchOrder>(decision.outcome));
}

TEST(CancelOrder, PendingAndConfirmedOrdersAreCancelledAndAnnounced) {
  for (const OrderStatus status : {OrderStatus::kPending, OrderStatus::kConfirmed}) {
    const OrderRow row = order(status);
    const CommandDecision decision = decide(&row, CancelOrder{kOrder}, kNow);
    const Happening cancelled = OrderCancelled{kOrder, CancelReason::kCustomer};
    expect_moved(row, decision.change, OrderStatus::kCancelled, CancelReason::kCustomer,
                 event_id(cancelled));
    EXPECT_EQ(decision.change.announce, event_of(cancelled));
    const auto* outcome = std::get_if<Cancelled>(&decision.outcome);
    ASSERT_NE(outcome, nullptr);
    EXPECT_EQ(outcome->order, *decision.change.row);
  }
}

TEST(CancelOrder, ACancelledOrderStaysAsItIsAndThatIsASuccess) {
  for (const CancelReason reason :
       {CancelReason::kCustomer, CancelReason::kExpired, CancelReason::kOutOfStock}) {
    const OrderRow row = order(OrderStatus::kCancelled, reason);
    const CommandDecision decision = decide(&row, CancelOrder{kOrder}, kNow);
    expect_nothing(decision.change);
    const auto* outcome = std::get_if<Cancelled>(&decision.outcome);
    ASSERT_NE(outcome, nullptr);
    EXPECT_EQ(outcome->order, row);
  }
}

TEST(Expire, APendingOrderPastItsDeadlineIsCancelledAndAnnounced) {
  OrderRow row = order(OrderStatus::kPending);
  for (const Instant deadline : {kNow, Instant{kNow.us - 1}}) {
    row.deadline = deadline;
    const OrderChange change = expire(row, kNow);
    const Happening cancelled = OrderCancelled{kOrder, CancelReason::kExpired};
    expect_moved(row, change, OrderStatus::kCancelled, CancelReason::kExpired, event_id(cancelled));
    EXPECT_EQ(change.announce, event_of(cancelled));
  }
}

TEST(Expire, APendingOrderStaysUntilItsDeadline) {
  OrderRow row = order(OrderStatus::kPending);
  row.deadline = Instant{kNow.us + 1};
  expect_nothing(expire(row, kNow));
}

TEST(Expire, WhatIsNotPendingAnyMoreStaysAsItIs) {
  for (OrderRow row : kOrders) {
    if (row.status == OrderStatus::kPending) continue;
    row.deadline = Instant{1};
    expect_nothing(expire(row, kNow));
  }
}

TEST(Reserved, APendingOrderIsConfirmedWithoutAWord) {
  const OrderRow row = order(OrderStatus::kPending);
  const Event event = event_of(InventoryReserved{kOrder});
  const EventDecision decision = decide(&row, event, kNow);
  EXPECT_EQ(decision.handled, Handled::kApplied);
  expect_moved(row, decision.change, OrderStatus::kConfirmed, std::nullopt, event.id);
  EXPECT_FALSE(decision.change.announce);
}

TEST(Reserved, StockHeldForAnOrderThatNobodyPlacedIsGivenBack) {
  const EventDecision decision = decide(nullptr, event_of(InventoryReserved{kOrder}), kNow);
  EXPECT_EQ(decision.handled, Handled::kApplied);
  EXPECT_FALSE(decision.change.row);
  EXPECT_FALSE(decision.change.history);
  EXPECT_EQ(decision.change.announce,
            event_of(OrderCancelled{kOrder, CancelReason::kUnknownOrder}));
}

TEST(Rejected, APendingOrderIsCancelledWithTheReasonAndWithoutAWord) {
  for (const RejectReason reason : {RejectReason::kOutOfStock, RejectReason::kUnknownSku}) {
    const OrderRow row = order(OrderStatus::kPending);
    const Event event = event_of(InventoryRejected{kOrder, reason});
    const EventDecision decision = decide(&row, event, kNow);
    EXPECT_EQ(decision.handled, Handled::kApplied);
    expect_moved(row, decision.change, OrderStatus::kCancelled, cancel_reason(reason), event.id);
    EXPECT_FALSE(decision.change.announce);
  }
}

// The rest of the table: every pair of what there is and what happens that changes nothing.
TEST(OrderEvents, EveryOtherPairIsIgnored) {
  const OrderRow* pending = &kOrders[0];
  const OrderRow* confirmed = &kOrders[1];
  const OrderRow* cancelled = &kOrders[2];
  const Happening reserved = InventoryReserved{kOrder};
  const Happening rejected = InventoryRejected{kOrder, RejectReason::kOutOfStock};
  const Happening own_created = OrderCreated{kOrder, UserId("u1"), place().lines};
  const Happening own_cancelled = OrderCancelled{kOrder, CancelReason::kCustomer};
  const std::vector<std::pair<const OrderRow*, Happening>> pairs = {
      {confirmed, reserved},      {cancelled, reserved},    {nullptr, rejected},
      {confirmed, rejected},      {cancelled, rejected},    {nullptr, own_created},
      {pending, own_created},     {confirmed, own_created}, {cancelled, own_created},
      {nullptr, own_cancelled},   {pending, own_cancelled}, {confirmed, own_cancelled},
      {cancelled, own_cancelled},
  };
  for (const auto& [row, what] : pairs) {
    const EventDecision decision = decide(row, event_of(what), kNow);
    EXPECT_EQ(decision.handled, Handled::kIgnored) << type_name(what);
    expect_nothing(decision.change);
  }
}

bool is_legal(std::optional<OrderStatus> before, OrderStatus after) {
  if (!before) return after == OrderStatus::kPending;
  if (*before == OrderStatus::kPending) return after != OrderStatus::kPending;
  return *before == OrderStatus::kConfirmed && after == OrderStatus::kCancelled;
}

// Any sequence of commands and events leaves a history of legal steps without a gap, and a row that
// is its last word.
RC_GTEST_PROP(OrderLife, EveryHistoryIsLegalAndWhole, (std::vector<std::uint8_t> happenings)) {
  std::optional<OrderRow> row;
  std::optional<OrderStatus> status;
  std::int64_t version = 0;
  std::int64_t now = 0;
  for (const std::uint8_t each : happenings) {
    const OrderRow* before = row ? &*row : nullptr;
    const Instant at{++now};
    OrderChange change;
    switch (each % 6) {
      case 0:
        change = decide(before, place(), at, kDeadline).change;
        break;
      case 1:
        change = decide(before, CancelOrder{kOrder}, at).change;
        break;
      case 2:
        change = decide(before, event_of(InventoryReserved{kOrder}), at).change;
        break;
      case 3:
        change = decide(before, event_of(InventoryRejected{kOrder, RejectReason::kUnknownSku}), at)
                     .change;
        break;
      case 4:
        change = decide(before, event_of(OrderCreated{kOrder, UserId("u1"), {}}), at).change;
        break;
      default:
        change =
            decide(before, event_of(OrderCancelled{kOrder, CancelReason::kCustomer}), at).change;
    }
    RC_ASSERT(change.row.has_value() == change.history.has_value());
    if (!change.row) continue;
    RC_ASSERT(change.history->before == status);
    RC_ASSERT(is_legal(status, change.history->after));
    RC_ASSERT(change.history->version.value == version + 1);
    RC_ASSERT(change.row->reason.has_value() == (change.row->status == OrderStatus::kCancelled));
    RC_ASSERT(change.row->reason == change.history->reason);
    RC_ASSERT(change.row->updated_at == at);
    row = change.row;
    status = row->status;
    version = row->version.value;
    RC_ASSERT(change.history->after == *status && change.history->version == row->version);
  }
  RC_TAG(status ? std::string(to_string(*status)) : std::string("none"));
}

TEST(OrderStatus, HasItsWords) {
  EXPECT_EQ(to_string(OrderStatus::kPending), "PENDING");
  EXPECT_EQ(to_string(OrderStatus::kConfirmed), "CONFIRMED");
  EXPECT_EQ(to_string(OrderStatus::kCancelled), "CANCELLED");
}

TEST(Command, KnowsItsOrder) {
  EXPECT_EQ(order_of(Command(place())), kOrder);
  EXPECT_EQ(order_of(Command(CancelOrder{kOrder})), kOrder);
}

}  // namespace
}  // namespace quickbite
