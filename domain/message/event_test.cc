#include "domain/message/event.h"

#include <gtest/gtest.h>

#include <set>

#include "domain/message/handled.h"

namespace quickbite {
namespace {

const OrderId kOrder(*parse_uuid("11111111-2222-5333-8444-555555555555"));

// As Python's uuid.uuid5(order, name) gives them. Databases and topics hold such ids for months:
// they may not change.
TEST(EventId, IsTheUuidOfTheOrderAndTheNameOfTheEvent) {
  EXPECT_EQ(to_string(event_id(OrderCreated{kOrder, UserId("u1"), {}}).value),
            "0b2d8776-db95-5d65-8af3-859fcd6539fd");
  EXPECT_EQ(to_string(event_id(OrderCancelled{kOrder, CancelReason::kCustomer}).value),
            "cec4d357-1ecd-5c6d-abdd-600c6660298c");
  EXPECT_EQ(to_string(event_id(InventoryReserved{kOrder}).value),
            "2853f52c-7ae3-5748-a78f-b5d4a0292a0f");
  EXPECT_EQ(to_string(event_id(InventoryRejected{kOrder}).value),
            "89b528d2-88b1-5fb2-8e5c-adddda040776");
}

TEST(EventId, ACancelOfAnOrderThatNobodyPlacedTakesNoIdOfALaterCancel) {
  const EventId unknown = event_id(OrderCancelled{kOrder, CancelReason::kUnknownOrder});
  EXPECT_EQ(to_string(unknown.value), "3a6b4f1e-6960-59b1-8588-c6d044a47fa5");
  EXPECT_NE(unknown, event_id(OrderCancelled{kOrder, CancelReason::kCustomer}));
}

TEST(EventId, TheOtherReasonsToCancelShareOneIdForAnOrderIsCancelledOnce) {
  EXPECT_EQ(event_id(OrderCancelled{kOrder, CancelReason::kCustomer}),
            event_id(OrderCancelled{kOrder, CancelReason::kExpired}));
}

TEST(EventId, EachEventOfEachOrderHasItsOwn) {
  std::set<EventId> ids;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const OrderId order(Uuid{i, 0});
    ids.insert(event_id(OrderCreated{order, UserId("u1"), {}}));
    ids.insert(event_id(OrderCancelled{order, CancelReason::kCustomer}));
    ids.insert(event_id(OrderCancelled{order, CancelReason::kUnknownOrder}));
    ids.insert(event_id(InventoryReserved{order}));
    ids.insert(event_id(InventoryRejected{order}));
  }
  EXPECT_EQ(ids.size(), 500u);
}

TEST(Event, StandsUnderItsDerivedIdAndKnowsItsOrder) {
  const Event event = event_of(InventoryReserved{kOrder});
  EXPECT_EQ(event.id, event_id(event.what));
  EXPECT_EQ(order_of(event.what), kOrder);
  EXPECT_EQ(type_name(event.what), "InventoryReserved");
}

TEST(Reason, EveryWordIsReadAsItIsWritten) {
  for (const CancelReason reason :
       {CancelReason::kCustomer, CancelReason::kExpired, CancelReason::kOutOfStock,
        CancelReason::kUnknownSku, CancelReason::kUnknownOrder}) {
    EXPECT_EQ(parse_cancel_reason(to_string(reason)), reason);
  }
  for (const RejectReason reason : {RejectReason::kOutOfStock, RejectReason::kUnknownSku}) {
    EXPECT_EQ(parse_reject_reason(to_string(reason)), reason);
    EXPECT_EQ(to_string(cancel_reason(reason)), to_string(reason));
  }
}

TEST(Reason, OtherWordsAreNone) {
  EXPECT_FALSE(parse_cancel_reason(""));
  EXPECT_FALSE(parse_cancel_reason("customer"));
  EXPECT_FALSE(parse_reject_reason("CUSTOMER"));
}

TEST(Handled, HasItsWords) {
  EXPECT_EQ(to_string(Handled::kApplied), "APPLIED");
  EXPECT_EQ(to_string(Handled::kIgnored), "IGNORED");
  EXPECT_EQ(to_string(Handled::kDeadLettered), "DEAD_LETTERED");
}

}  // namespace
}  // namespace quickbite
