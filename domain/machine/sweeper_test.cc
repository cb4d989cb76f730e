#include "domain/machine/sweeper.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace quickbite {
namespace {

constexpr Instant kNow{seconds(1000).us};

OrderId order_id(std::uint64_t n) { return OrderId(Uuid{1, n}); }
Due due(std::uint64_t n) { return {Instant{kNow.us - 100 + static_cast<std::int64_t>(n)}, order_id(n)}; }

OrderRow row(std::uint64_t n, OrderStatus status = OrderStatus::kPending) {
  OrderRow row;
  row.id = order_id(n);
  row.status = status;
  row.deadline = due(n).deadline;
  return row;
}

Limits limits(std::int64_t batch) {
  Limits limits;
  limits.batch = batch;
  limits.sweep_poll = seconds(7);
  limits.retention = seconds(70);
  return limits;
}

// A machine that is stepped by hand.
template <class S>
struct Stepped {
  using M = Sweeper<S>;
  M machine;
  Step<M> last;

  explicit Stepped(std::int64_t batch) : machine(limits(batch), 1) {
    last = machine.step(Input<M>(std::in_place_type<Start>), kNow);
  }
  template <class A>
  void answer(A answer) {
    last = machine.step(Input<M>(std::in_place_index<2>, typename M::Answer(std::move(answer))), kNow);
  }
  template <class E>
  const E* effect() const {
    return last.effect ? std::get_if<E>(&*last.effect) : nullptr;
  }
  // The one Swept among the notices; nothing where there is none.
  typename M::Swept swept() const {
    for (const auto& notice : last.notices) {
      if (const auto* one = std::get_if<typename M::Swept>(&notice)) return *one;
    }
    return {};
  }
  bool wakes_relay() const {
    for (const auto& notice : last.notices) {
      if (std::holds_alternative<OutboxFilled>(notice)) return true;
    }
    return false;
  }
};
using Orders = Stepped<OrdersService>;
using Inventory = Stepped<InventoryService>;
using OrdersLoad = Load<OrdersLedger>;
using OrdersStore = Store<OrdersLedger>;

void find(Orders& sweeper, std::vector<Due> found) {
  if (sweeper.effect<Wait>()) sweeper.answer(Waited{});
  sweeper.answer(FindDueAnswer(DueFound{std::move(found)}));
}
void load(Orders& sweeper, std::vector<OrderRow> rows) {
  OrdersLedger::Rows loaded;
  loaded.now = kNow;
  for (OrderRow& one : rows) loaded.orders.insert(one.id, one);
  sweeper.answer(LoadAnswer<OrdersLedger>(Loaded<OrdersLedger>{TxToken(5), std::move(loaded)}));
}

TEST(Sweeper, BeginsWithAWaitAndLooksForWhatIsDueAfterIt) {
  Orders sweeper(10);
  ASSERT_NE(sweeper.effect<Wait>(), nullptr);
  EXPECT_EQ(sweeper.effect<Wait>()->until, kNow + seconds(7));
  sweeper.answer(Waited{});
  ASSERT_NE(sweeper.effect<FindDue>(), nullptr);
  EXPECT_EQ(sweeper.effect<FindDue>()->after, Due{});
  EXPECT_EQ(sweeper.effect<FindDue>()->limit, 10);
}

TEST(Sweeper, LoadsWhatIsDueWithoutWaitingForWhoeverHoldsIt) {
  Orders sweeper(10);
  find(sweeper, {due(2), due(3), due(1)});
  ASSERT_NE(sweeper.effect<OrdersLoad>(), nullptr);
  EXPECT_EQ(sweeper.effect<OrdersLoad>()->lock, LockMode::kSkipLocked);
  EXPECT_EQ(sweeper.effect<OrdersLoad>()->keys.orders, (std::vector{order_id(1), order_id(2), order_id(3)}));
}

TEST(Sweeper, AnOrderPastItsDeadlineExpiresAndItsAnnouncementIsInTheSameTransaction) {
  Orders sweeper(10);
  find(sweeper, {due(1), due(2)});
  load(sweeper, {row(1), row(2, OrderStatus::kConfirmed)});
  const auto* store = sweeper.effect<OrdersStore>();
  ASSERT_NE(store, nullptr);
  ASSERT_EQ(store->transactions.size(), 1U);
  const OrdersLedger::Writes& writes = store->transactions.front();
  ASSERT_EQ(writes.updated.size(), 1U) << "whoever confirmed it came first";
  EXPECT_EQ(writes.updated.front().id, order_id(1));
  EXPECT_EQ(writes.updated.front().reason, CancelReason::kExpired);
  ASSERT_EQ(writes.outbox.size(), 1U);
  EXPECT_EQ(writes.outbox.front().type, "OrderCancelled");
  EXPECT_EQ(writes.history.size(), 1U);
  EXPECT_TRUE(writes.processed.empty());
  EXPECT_EQ(store->token, TxToken(5));

  sweeper.answer(StoreAnswer(Stored{}));
  EXPECT_EQ(sweeper.swept().expired, 1);
  EXPECT_TRUE(sweeper.wakes_relay());
  EXPECT_NE(sweeper.effect<Prune>(), nullptr);
}

TEST(Sweeper, WhereOthersHoldEverythingTheTransactionIsEndedWithoutAWord) {
  Orders sweeper(10);
  find(sweeper, {due(1)});
  load(sweeper, {});
  ASSERT_NE(sweeper.effect<OrdersStore>(), nullptr);
  EXPECT_TRUE(sweeper.effect<OrdersStore>()->transactions.front().empty());
  sweeper.answer(StoreAnswer(Stored{}));
  EXPECT_TRUE(sweeper.last.notices.empty());
  EXPECT_NE(sweeper.effect<Prune>(), nullptr);
}

TEST(Sweeper, AfterAFullBatchItLooksBehindTheLastOneFound) {
  Orders sweeper(2);
  find(sweeper, {due(1), due(2)});
  load(sweeper, {row(1), row(2)});
  sweeper.answer(StoreAnswer(Stored{}));
  ASSERT_NE(sweeper.effect<FindDue>(), nullptr);
  EXPECT_EQ(sweeper.effect<FindDue>()->after, due(2));
  find(sweeper, {});
  EXPECT_NE(sweeper.effect<Prune>(), nullptr);
  sweeper.answer(PruneAnswer(Pruned{}));
  ASSERT_NE(sweeper.effect<Wait>(), nullptr);
  sweeper.answer(Waited{});
  EXPECT_EQ(sweeper.effect<FindDue>()->after, Due{}) << "the next pass begins anew";
}

TEST(Sweeper, AfterAnyOutcomeThatLeavesItOpenTheSameIsLoadedAgain) {
  for (const StoreAnswer& outcome : {StoreAnswer(Aborted{"40001"}), StoreAnswer(Unavailable{}), StoreAnswer(InDoubt{})}) {
    Orders sweeper(10);
    find(sweeper, {due(1)});
    load(sweeper, {row(1)});
    sweeper.answer(outcome);
    ASSERT_NE(sweeper.effect<Wait>(), nullptr);
    EXPECT_FALSE(sweeper.effect<Wait>()->interruptible);
    EXPECT_LT(sweeper.effect<Wait>()->until, kNow + seconds(1));
    EXPECT_TRUE(sweeper.last.notices.empty());
    sweeper.answer(Waited{});
    ASSERT_NE(sweeper.effect<OrdersLoad>(), nullptr);
    EXPECT_EQ(sweeper.effect<OrdersLoad>()->keys.orders, std::vector{order_id(1)});
  }
}

TEST(Sweeper, AnOrderThatTheDatabaseRefusesIsLeftAndTheOthersExpire) {
  Orders sweeper(10);
  find(sweeper, {due(1), due(2)});
  load(sweeper, {row(1), row(2)});
  sweeper.answer(StoreAnswer(Refused{"23514"}));
  ASSERT_NE(sweeper.effect<OrdersLoad>(), nullptr);
  EXPECT_EQ(sweeper.effect<OrdersLoad>()->keys.orders, std::vector{order_id(1)});
  load(sweeper, {row(1)});
  sweeper.answer(StoreAnswer(Refused{"23514"}));
  EXPECT_EQ(sweeper.swept().left, 1);
  EXPECT_FALSE(sweeper.wakes_relay());
  ASSERT_NE(sweeper.effect<OrdersLoad>(), nullptr);
  EXPECT_EQ(sweeper.effect<OrdersLoad>()->keys.orders, std::vector{order_id(2)});
  load(sweeper, {row(2)});
  sweeper.answer(StoreAnswer(Stored{}));
  EXPECT_EQ(sweeper.swept().expired, 1);
}

TEST(Sweeper, ALoneStatementTimeoutIsAnOutageAndNotTheOrdersFault) {
  Orders sweeper(10);
  find(sweeper, {due(1)});
  sweeper.answer(LoadAnswer<OrdersLedger>(Refused{"57014"}));
  ASSERT_NE(sweeper.effect<Wait>(), nullptr);
  sweeper.answer(Waited{});
  EXPECT_NE(sweeper.effect<OrdersLoad>(), nullptr);
}

TEST(Sweeper, WhereItCannotLookItLooksAgain) {
  for (const FindDueAnswer& outcome :
       {FindDueAnswer(Aborted{"40001"}), FindDueAnswer(Refused{"57014"}), FindDueAnswer(Unavailable{})}) {
    Orders sweeper(10);
    sweeper.answer(Waited{});
    sweeper.answer(outcome);
    ASSERT_NE(sweeper.effect<Wait>(), nullptr);
    sweeper.answer(Waited{});
    EXPECT_NE(sweeper.effect<FindDue>(), nullptr);
  }
}

TEST(Sweeper, InInventoryNothingFallsDueAndThePassIsAPrune) {
  Inventory sweeper(10);
  ASSERT_NE(sweeper.effect<Wait>(), nullptr);
  sweeper.answer(Waited{});
  ASSERT_NE(sweeper.effect<Prune>(), nullptr);
  EXPECT_EQ(sweeper.effect<Prune>()->keep, seconds(70));
  EXPECT_EQ(sweeper.effect<Prune>()->limit, 10);
}

TEST(Sweeper, PrunesUntilABatchIsNotFull) {
  Inventory sweeper(10);
  sweeper.answer(Waited{});
  sweeper.answer(PruneAnswer(Pruned{3, 10}));
  EXPECT_EQ(sweeper.swept().pruned.outbox, 10);
  EXPECT_EQ(sweeper.swept().pruned.processed, 3);
  ASSERT_NE(sweeper.effect<Prune>(), nullptr);
  sweeper.answer(PruneAnswer(Pruned{9, 0}));
  ASSERT_NE(sweeper.effect<Wait>(), nullptr);
  EXPECT_EQ(sweeper.effect<Wait>()->until, kNow + seconds(7));
}

TEST(Sweeper, APruneThatTakesTooLongIsTriedWithFewerRows) {
  Inventory sweeper(10);
  sweeper.answer(Waited{});
  for (const std::int64_t rows : {5, 2, 1, 1}) {
    sweeper.answer(PruneAnswer(Refused{"57014"}));
    ASSERT_NE(sweeper.effect<Wait>(), nullptr);
    sweeper.answer(Waited{});
    ASSERT_NE(sweeper.effect<Prune>(), nullptr);
    EXPECT_EQ(sweeper.effect<Prune>()->limit, rows);
  }
  sweeper.answer(PruneAnswer(Pruned{0, 0}));
  sweeper.answer(Waited{});
  EXPECT_EQ(sweeper.effect<Prune>()->limit, 10) << "of the next pass";
}

TEST(Sweeper, APruneInDoubtIsDoneAgain) {
  for (const PruneAnswer& outcome : {PruneAnswer(InDoubt{}), PruneAnswer(Aborted{"55P03"}), PruneAnswer(Unavailable{})}) {
    Inventory sweeper(10);
    sweeper.answer(Waited{});
    sweeper.answer(outcome);
    ASSERT_NE(sweeper.effect<Wait>(), nullptr);
    sweeper.answer(Waited{});
    EXPECT_NE(sweeper.effect<Prune>(), nullptr);
  }
}

TEST(Sweeper, AWakeBeginsThePassAtOnce) {
  using M = Sweeper<OrdersService>;
  Orders sweeper(10);
  EXPECT_TRUE(sweeper.effect<Wait>()->interruptible);
  sweeper.last = sweeper.machine.step(Input<M>(Items<M>{{Wake{}}}), kNow);
  EXPECT_NE(sweeper.effect<FindDue>(), nullptr);
}

}  // namespace
}  // namespace quickbite
