// A trace goes with an order through every machine: command → row → record → the other service's row → record.
#include <gtest/gtest.h>

#include <utility>
#include <variant>
#include <vector>

#include "domain/machine/delivery.h"
#include "domain/machine/intake.h"
#include "domain/machine/relay.h"
#include "domain/machine/service.h"
#include "domain/message/trace.h"

namespace quickbite {
namespace {

constexpr Instant kNow{seconds(1000).us};
const Trace kTrace{{7, 8}, 9, 1};
const OrderId kOrder(Uuid{1, 1}), kOther(Uuid{1, 2});
const Lines kLines{{Sku("burger"), Quantity(1)}};

template <class M, class A>
Step<M> answered(M& machine, A answer) {
  return machine.step(Input<M>(std::in_place_index<2>, typename M::Answer(std::move(answer))), kNow);
}

template <class L, class M>
std::vector<OutboxRow> stored_rows(const Step<M>& step) {
  return std::get<Store<L>>(*step.effect).transactions.at(0).outbox;
}

// What Intake announces of these commands, all new orders.
std::vector<OutboxRow> taken_in(std::vector<Command> commands) {
  Intake intake(Limits{}, 1);
  intake.step(Input<Intake>(std::in_place_type<Start>), kNow);
  Items<Intake> items;
  for (Command& command : commands) items.items.push_back({RequestId(items.items.size() + 1), std::move(command), kNow + seconds(5)});
  intake.step(Input<Intake>(std::move(items)), kNow);
  return stored_rows<OrdersLedger>(answered(intake, LoadAnswer<OrdersLedger>(Loaded<OrdersLedger>{TxToken(1), {kNow, {}, {}}})));
}

// The records that the relay makes of rows, in their order.
std::vector<Received> published(std::vector<OutboxRow> rows) {
  Partitions partitions;
  for (std::int32_t& count : partitions.of) count = 1;
  Relay relay(Limits{}, partitions, "us", 1);
  relay.step(Input<Relay>(std::in_place_type<Start>), kNow);
  std::int64_t seq = 0;
  for (OutboxRow& row : rows) row.seq = OutboxSeq(++seq);
  const Step<Relay> step = answered(relay, ReadOutboxAnswer(OutboxRead{std::move(rows), Lease{Epoch(1), kAllShards, 0, 0, seconds(3)}}));
  std::vector<Received> records;
  for (const Message& message : std::get<Produce>(*step.effect).messages) {
    records.push_back(received({message, Offset(static_cast<std::int64_t>(records.size()))}));
  }
  return records;
}

// What a service announces when it has handled them over these rows.
template <class S>
std::vector<OutboxRow> delivered(std::vector<Received> records, typename S::Ledger::Rows rows) {
  Delivery<S> delivery(Limits{}, Uuid{5, 5}, 1);
  delivery.step(Input<Delivery<S>>(std::in_place_type<Start>), kNow);
  answered(delivery, Polled{{}, {Partition(0)}, std::move(records)});
  return stored_rows<typename S::Ledger>(
      answered(delivery, LoadAnswer<typename S::Ledger>(Loaded<typename S::Ledger>{TxToken(1), std::move(rows)})));
}

InventoryLedger::Rows with_burgers() {
  InventoryLedger::Rows rows;
  rows.now = kNow;
  rows.stock[Sku("burger")] = {Sku("burger"), Quantity(9), Quantity(0)};
  return rows;
}

Command place(const OrderId& order, std::optional<Trace> trace) {
  return PlaceOrder{order, UserId("u1"), kLines, RequestHash(Uuid{3, 3}), trace};
}

TEST(TraceOfAnOrder, GoesFromTheRequestToBothTopicsUnderASpanForEachEvent) {
  const std::vector<OutboxRow> created = taken_in({place(kOrder, kTrace), place(kOther, std::nullopt)});
  ASSERT_EQ(created.size(), 2u);
  EXPECT_EQ(trace_in(created[0].headers), trace_at(kTrace, created[0].id));
  EXPECT_TRUE(created[1].headers.empty()) << "a trace is never another order's, and none is made up here";

  const std::vector<Received> orders = published(created);
  EXPECT_EQ(trace_in(orders.at(0).record->message.headers), trace_at(kTrace, created[0].id));
  const std::vector<OutboxRow> reserved = delivered<InventoryService>(orders, with_burgers());
  ASSERT_EQ(reserved.size(), 2u);
  ASSERT_EQ(trace_in(reserved[0].headers), trace_at(kTrace, reserved[0].id));
  EXPECT_NE(trace_in(reserved[0].headers)->span, trace_in(created[0].headers)->span);
  EXPECT_TRUE(reserved[1].headers.empty());
  EXPECT_EQ(delivered<InventoryService>(published(created), with_burgers()), reserved) << "handled again, it is the same";

  // Reserved for an order that Orders does not know: what it answers goes with the same trace.
  const std::vector<OutboxRow> cancelled = delivered<OrdersService>(published(reserved), {kNow, {}, {}});
  ASSERT_EQ(cancelled.size(), 2u);
  EXPECT_EQ(cancelled[0].type, "OrderCancelled");
  EXPECT_EQ(trace_in(cancelled[0].headers), trace_at(kTrace, cancelled[0].id));
}

TEST(TraceOfAnOrder, IsKeptByADeadLetterAsItCame) {
  std::vector<Received> records = published(taken_in({place(kOrder, kTrace)}));
  Record cut = *records[0].record;
  cut.message.value = Bytes(std::string("{"));
  records[0] = received(std::move(cut));
  const std::vector<OutboxRow> rows = delivered<InventoryService>(records, with_burgers());
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].type, "DeadLetter");
  EXPECT_EQ(trace_in(rows[0].headers), trace_in(records[0].record->message.headers));
}

TEST(TraceOfAnOrder, BeginsAnewWithTheOrdersOwnIdWhenItExpires) {
  OrdersLedger::Rows rows{kNow, {}, {}};
  OrderRow& row = rows.orders[kOrder];
  row.id = kOrder;
  row.lines = kLines;
  row.deadline = kNow;
  OrdersLedger::Writes writes;
  OrdersService::expire(rows, writes);
  ASSERT_EQ(writes.outbox.size(), 1u);
  EXPECT_EQ(trace_in(writes.outbox[0].headers)->id, kOrder.value);
}

}  // namespace
}  // namespace quickbite
