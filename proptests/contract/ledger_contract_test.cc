// The behaviours of PostgreSQL that the machines live with, each tried on the model and on the real one. docs/assumptions.md
// names the test of each assumption.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "proptests/contract/ledger_contract.h"

namespace quickbite::contract {
namespace {

// 1. Each statement of a READ COMMITTED transaction sees what was committed before that statement began (manual 13.2.1): the
// dedupe rows, read after the wait for the lock, show what the holder of the lock wrote.
TEST_P(LedgerContract, AStatementSeesWhatWasCommittedBeforeItBegan) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->start(kB, load_of({order_id(1)}, {event_id(1)}));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  Writes writes = handles(1);
  writes.updated = {confirmed(order_row(1))};
  ASSERT_TRUE(std::holds_alternative<Stored>(store(kA, writes)));
  const Rows rows = loaded(kB);
  EXPECT_EQ(rows.orders.find(order_id(1))->status, OrderStatus::kConfirmed);
  EXPECT_EQ(rows.handled, std::vector{event_id(1)});
}

TEST_P(LedgerContract, AStatementSeesNothingThatIsNotCommitted) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->hold_commits(kA, true);
  Writes writes = handles(1);
  writes.inserted = {order_row(2)};
  writes.updated = {confirmed(order_row(1))};
  start_store(kA, writes);
  ASSERT_EQ(ledger_->settled(kA), Settled::kAtCommit);
  const Rows before = everything(kB);
  EXPECT_EQ(before.orders.size(), 1u);
  EXPECT_EQ(before.orders.find(order_id(1))->status, OrderStatus::kPending);
  EXPECT_TRUE(before.handled.empty());
  ledger_->hold_commits(kA, false);
  EXPECT_TRUE(std::holds_alternative<Stored>(stored(kA)));
  const Rows after = everything(kB);
  EXPECT_EQ(after.orders.size(), 2u);
  EXPECT_EQ(after.orders.find(order_id(1))->status, OrderStatus::kConfirmed);
  EXPECT_EQ(after.handled, std::vector{event_id(1)});
}

// 2. FOR UPDATE waits for the transaction that holds the row, and then gives the row as that left it (13.3.2, 13.2.1).
TEST_P(LedgerContract, ALoadWaitsForTheRowsThatAnotherHolds) {
  write(inserts(1));
  write(inserts(2));
  load(kA, load_of({order_id(1)}));
  ledger_->start(kB, load_of({order_id(1), order_id(2)}));
  EXPECT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  // Other rows, and readers without locks, are not held up.
  EXPECT_EQ(load(kC, load_of({order_id(2)})).orders.size(), 1u);
  EXPECT_EQ(everything(kC).orders.size(), 2u);
  EXPECT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  ASSERT_TRUE(std::holds_alternative<Stored>(store(kA, updates(cancelled(order_row(1))))));
  EXPECT_EQ(loaded(kB).orders.find(order_id(1))->status, OrderStatus::kCancelled);
}

// The end of a transaction that changed nothing lets the next one in as well.
TEST_P(LedgerContract, ANewLoadEndsTheTransactionThatWasOpen) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->start(kB, load_of({order_id(1)}));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  load(kA, load_of({order_id(2)}));
  EXPECT_EQ(loaded(kB).orders.size(), 1u);
}

// 3. lock_timeout (20.11): the waiting statement fails with 55P03, and who held the row goes on.
TEST_P(LedgerContract, AWaitForALockTimesOut) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->start(kB, load_of({order_id(1)}));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  ledger_->advance(milliseconds(500));
  EXPECT_EQ(load_sqlstate(ledger_->answer(kB)), "55P03");
  EXPECT_TRUE(std::holds_alternative<Stored>(store(kA, updates(confirmed(order_row(1))))));
  EXPECT_EQ(load(kB, load_of({order_id(1)})).orders.find(order_id(1))->status, OrderStatus::kConfirmed);
}

// 4. An insert of a key that an uncommitted transaction has inserted waits for that, and fails with 23505 where it commits
// (64.5).
TEST_P(LedgerContract, AnInsertWaitsForAnUncommittedOneOfItsKeyAndFailsWhereThatCommits) {
  for (const Writes& writes : {inserts(1), handles(1)}) {
    load(kA, {});
    load(kB, {});
    ledger_->hold_commits(kA, true);
    start_store(kA, writes);
    ASSERT_EQ(ledger_->settled(kA), Settled::kAtCommit);
    start_store(kB, writes);
    ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
    ledger_->hold_commits(kA, false);
    EXPECT_TRUE(std::holds_alternative<Stored>(stored(kA)));
    EXPECT_EQ(sqlstate(stored(kB)), "23505");
    // And now that it is committed, at once.
    load(kB, {});
    EXPECT_EQ(sqlstate(store(kB, writes)), "23505");
  }
}

TEST_P(LedgerContract, AnInsertWaitsForAnUncommittedOneOfItsKeyAndGoesOnWhereThatIsLost) {
  load(kA, {});
  load(kB, {});
  ledger_->hold_commits(kA, true);
  start_store(kA, inserts(1));
  ASSERT_EQ(ledger_->settled(kA), Settled::kAtCommit);
  start_store(kB, inserts(1));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  ledger_->break_commit(kA, Fall::kLost);
  EXPECT_TRUE(std::holds_alternative<InDoubt>(stored(kA)));
  EXPECT_TRUE(std::holds_alternative<Stored>(stored(kB)));
}

// A Store takes its keys in the order orders or reservations, stock, events: while it waits for one it holds none of the later.
TEST_P(LedgerContract, AStoreThatWaitsForAnOrderDoesNotHoldItsEvents) {
  load(kA, {});
  load(kB, {});
  ledger_->hold_commits(kA, true);
  start_store(kA, inserts(1));
  ASSERT_EQ(ledger_->settled(kA), Settled::kAtCommit);
  Writes writes = handles(1);
  writes.inserted = {order_row(1)};
  writes.outbox = {outbox_row(2)};
  start_store(kB, writes);
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  Writes others = handles(1);
  others.outbox = {outbox_row(2)};
  write(others);
  ledger_->hold_commits(kA, false);
  EXPECT_TRUE(std::holds_alternative<Stored>(stored(kA)));
  EXPECT_EQ(sqlstate(stored(kB)), "23505");
}

// 5. A sequence's value is taken at the insert and seen at the commit, so a row may appear below one that was seen already; and
// a transaction that fails leaves a gap (9.17).
TEST_P(LedgerContract, ARowMayAppearBelowOneThatWasSeenAlready) {
  load(kA, {});
  load(kB, {});
  ledger_->hold_commits(kA, true);
  start_store(kA, publishes(1));
  ASSERT_EQ(ledger_->settled(kA), Settled::kAtCommit);
  ASSERT_TRUE(std::holds_alternative<Stored>(store(kB, publishes(2))));
  EXPECT_EQ(unsent(kC), std::vector{event_id(2)});
  ledger_->hold_commits(kA, false);
  ASSERT_TRUE(std::holds_alternative<Stored>(stored(kA)));
  EXPECT_EQ(unsent(kC), (std::vector{event_id(1), event_id(2)}));
}

// 6. 40001: a row that this transaction writes was changed after its snapshot (13.2.2).
TEST_P(LedgerContract, ATransactionThatCannotBeSerializedIsAborted) {
  write(inserts(1));
  ledger_->fail_to_serialize(kA);
  load(kA, {{{order_id(1)}, {}}, LockMode::kNone});
  load(kB, load_of({order_id(1)}));
  ASSERT_TRUE(std::holds_alternative<Stored>(store(kB, updates(confirmed(order_row(1))))));
  EXPECT_EQ(sqlstate(store(kA, updates(cancelled(order_row(1))))), "40001");
  load(kA, load_of({order_id(1)}));
  EXPECT_TRUE(std::holds_alternative<Stored>(store(kA, updates(cancelled(confirmed(order_row(1)))))));
}

// 7. Of two that wait for each other one is the victim, and the other goes on (13.3.4).
TEST_P(LedgerContract, OfTwoThatWaitForEachOtherOneIsTheVictim) {
  write(inserts(1));
  write(inserts(2));
  load(kA, load_of({order_id(1)}));
  load(kB, load_of({order_id(2)}));
  start_store(kA, updates(confirmed(order_row(2))));
  ASSERT_EQ(ledger_->settled(kA), Settled::kWaitsForLock);
  start_store(kB, updates(confirmed(order_row(1))));
  const StoreAnswer a = stored(kA);
  const StoreAnswer b = stored(kB);
  const bool a_won = std::holds_alternative<Stored>(a);
  EXPECT_NE(a_won, std::holds_alternative<Stored>(b));
  EXPECT_EQ(sqlstate(a_won ? b : a), "40P01");
  const Rows rows = everything(kC);
  EXPECT_EQ(rows.orders.find(order_id(a_won ? 2 : 1))->status, OrderStatus::kConfirmed);
  EXPECT_EQ(rows.orders.find(order_id(a_won ? 1 : 2))->status, OrderStatus::kPending);
}

// 8. A backend that is killed takes its transaction and its locks with it.
TEST_P(LedgerContract, AStoreWhoseBackendWasKilledBeforeItIsUnavailable) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->start(kB, load_of({order_id(1)}));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  ledger_->kill(kA);
  EXPECT_EQ(loaded(kB).orders.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Unavailable>(store(kA, updates(confirmed(order_row(1))))));
  EXPECT_EQ(everything(kB).orders.find(order_id(1))->status, OrderStatus::kPending);
  EXPECT_EQ(load(kA, load_of({order_id(1)})).orders.size(), 1u) << "the next request has a new connection";
}

TEST_P(LedgerContract, ALoadWhoseBackendIsKilledWhileItWaitsIsUnavailable) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->start(kB, load_of({order_id(1)}));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  ledger_->kill(kB);
  EXPECT_TRUE(std::holds_alternative<Unavailable>(std::get<LoadAnswer<OrdersLedger>>(ledger_->answer(kB))));
  EXPECT_TRUE(std::holds_alternative<Stored>(store(kA, updates(confirmed(order_row(1))))));
}

// 10. idle_in_transaction_session_timeout (20.11): the locks are free, and the next request hears of it.
TEST_P(LedgerContract, ATransactionThatIsIdleForTooLongIsEnded) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ledger_->advance(seconds(2));
  EXPECT_EQ(load(kB, load_of({order_id(1)})).orders.size(), 1u);
  EXPECT_EQ(sqlstate(store(kA, updates(confirmed(order_row(1))))), "25P03");
  EXPECT_EQ(everything(kC).orders.find(order_id(1))->status, OrderStatus::kPending);
}

// 11. SKIP LOCKED leaves out the rows that another transaction holds, without waiting, and takes the others
// (SELECT, "The Locking Clause").
TEST_P(LedgerContract, ALoadThatSkipsWhatIsLockedTakesTheRest) {
  write(inserts(1));
  write(inserts(2));
  load(kA, load_of({order_id(1)}));
  const Rows rows = load(kB, {{{order_id(1), order_id(2)}, {}}, LockMode::kSkipLocked});
  EXPECT_FALSE(rows.orders.contains(order_id(1)));
  EXPECT_TRUE(rows.orders.contains(order_id(2)));
  ledger_->start(kC, load_of({order_id(2)}));
  EXPECT_EQ(ledger_->settled(kC), Settled::kWaitsForLock) << "what was taken is held";
  ASSERT_TRUE(std::holds_alternative<Stored>(store(kB, updates(cancelled(order_row(2))))));
  EXPECT_EQ(loaded(kC).orders.find(order_id(2))->status, OrderStatus::kCancelled);
}

TEST_P(LedgerContract, ALoadThatSkipsWhatIsLockedSeesARowAsItsLastHolderLeftIt) {
  write(inserts(1));
  load(kA, load_of({order_id(1)}));
  ASSERT_TRUE(std::holds_alternative<Stored>(store(kA, updates(confirmed(order_row(1))))));
  const Rows rows = load(kB, {{{order_id(1)}, {}}, LockMode::kSkipLocked});
  EXPECT_EQ(rows.orders.find(order_id(1))->status, OrderStatus::kConfirmed);
}

INSTANTIATE_TEST_SUITE_P(Of, LedgerContract, testing::ValuesIn(both()), name_of);

}  // namespace
}  // namespace quickbite::contract
