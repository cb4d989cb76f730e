// The behaviours of PostgreSQL that the machines live with, each tried on the model and on the real one. docs/assumptions.md
// names the test of each assumption.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "proptests/contract/ledger_under_test.h"
#include "proptests/postgres/rows.h"

namespace quickbite::contract {
namespace {

using Rows = OrdersLedger::Rows;
using Writes = OrdersLedger::Writes;

constexpr LedgerUnderTest::Session kA = 0;
constexpr LedgerUnderTest::Session kB = 1;
constexpr LedgerUnderTest::Session kC = 2;

class LedgerContract : public testing::TestWithParam<Driver> {
 protected:
  using Session = LedgerUnderTest::Session;

  static Load<OrdersLedger> load_of(std::vector<OrderId> orders, std::vector<EventId> events = {}) {
    return {{std::move(orders), std::move(events)}, LockMode::kForUpdate};
  }

  // Starts a load that is answered at once: its rows, under the token that the session's next store needs.
  Rows load(Session session, Load<OrdersLedger> load) {
    ledger_->start(session, std::move(load));
    return loaded(session);
  }
  Rows loaded(Session session) {
    auto answer = std::get<LoadAnswer<OrdersLedger>>(ledger_->answer(session));
    auto* loaded = std::get_if<Loaded<OrdersLedger>>(&answer);
    EXPECT_NE(loaded, nullptr) << "not Loaded but alternative " << answer.index();
    if (loaded == nullptr) return {};
    tokens_[session] = loaded->token;
    return std::move(loaded->rows);
  }

  void start_store(Session session, Writes writes) {
    ledger_->start(session, Store<OrdersLedger>{tokens_[session], {std::move(writes)}});
  }
  StoreAnswer store(Session session, Writes writes) {
    start_store(session, std::move(writes));
    return stored(session);
  }
  StoreAnswer stored(Session session) { return std::get<StoreAnswer>(ledger_->answer(session)); }

  // A whole transaction on session C that succeeds.
  void write(Writes writes) {
    load(kC, {});
    EXPECT_TRUE(std::holds_alternative<Stored>(store(kC, std::move(writes))));
  }

  std::vector<EventId> unsent(Session session) {
    ledger_->start(session, whole_outbox(100));
    const auto answer = std::get<ReadOutboxAnswer>(ledger_->answer(session));
    std::vector<EventId> ids;
    for (const OutboxRow& row : std::get<OutboxRead>(answer).rows) ids.push_back(row.id);
    return ids;
  }

  Rows everything(Session session) {
    return load(session, {{{order_id(1), order_id(2)}, {event_id(1), event_id(2)}}, LockMode::kNone});
  }

  std::unique_ptr<LedgerUnderTest> ledger_ = GetParam().make();
  TxToken tokens_[LedgerUnderTest::kSessions];
};

template <class Answer>
std::string sqlstate(const Answer& answer) {
  const auto* aborted = std::get_if<Aborted>(&answer);
  return aborted == nullptr ? "no Aborted" : aborted->sqlstate;
}
std::string load_sqlstate(const Answer& answer) { return sqlstate(std::get<LoadAnswer<OrdersLedger>>(answer)); }

Writes inserts(std::uint64_t order) {
  Writes writes;
  writes.inserted = {order_row(order)};
  return writes;
}
Writes updates(OrderRow row) {
  Writes writes;
  writes.updated = {std::move(row)};
  return writes;
}
Writes handles(std::uint64_t event) {
  Writes writes;
  writes.processed = {processed_row(event)};
  return writes;
}
Writes publishes(std::uint64_t event) {
  Writes writes;
  writes.outbox = {outbox_row(event, std::string("key ") + std::to_string(event))};
  return writes;
}

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

// 9. A COMMIT whose connection breaks is in doubt, whatever came of it; what came of it is whole.
class CommitInDoubt : public LedgerContract {
 protected:
  void break_at_commit(Fall fall) {
    load(kA, {});
    ledger_->hold_commits(kA, true);
    Writes writes = inserts(1);
    writes.processed = {processed_row(1)};
    writes.outbox = {outbox_row(1)};
    start_store(kA, writes);
    ASSERT_EQ(ledger_->settled(kA), Settled::kAtCommit);
    ledger_->break_commit(kA, fall);
    EXPECT_TRUE(std::holds_alternative<InDoubt>(stored(kA)));
  }
  void expect(bool landed) {
    const Rows rows = everything(kA);
    EXPECT_EQ(rows.orders.contains(order_id(1)), landed);
    EXPECT_EQ(!rows.handled.empty(), landed);
    EXPECT_EQ(!unsent(kB).empty(), landed);
  }
};

TEST_P(CommitInDoubt, ACommitMayBeLost) {
  break_at_commit(Fall::kLost);
  expect(false);
}

TEST_P(CommitInDoubt, ACommitMayHaveLanded) {
  if (!ledger_->can_break(Fall::kLanded)) GTEST_SKIP();
  break_at_commit(Fall::kLanded);
  expect(true);
}

TEST_P(CommitInDoubt, AnOldCommitMayStillBeRunning) {
  if (!ledger_->can_break(Fall::kStillRunning)) GTEST_SKIP();
  break_at_commit(Fall::kStillRunning);
  expect(false);
  // Whoever decides again on what it sees now meets the old commit at its keys.
  load(kB, load_of({order_id(1)}, {event_id(1)}));
  start_store(kB, inserts(1));
  ASSERT_EQ(ledger_->settled(kB), Settled::kWaitsForLock);
  ledger_->hold_commits(kA, false);
  EXPECT_EQ(sqlstate(stored(kB)), "23505");
  expect(true);
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

constexpr std::int64_t kLongAgo = 1'000'000'000;  // seconds: 2001
constexpr std::int64_t kInLongTime = 4'000'000'000;

// 12. What is due is PENDING and past its deadline, in the order of deadline and id.
TEST_P(LedgerContract, WhatIsDueIsFoundInItsOrderAndBehindWhatWasFoundBefore) {
  Writes writes;
  writes.inserted = {order_row(1, kLongAgo + 2), order_row(2, kLongAgo), order_row(3, kLongAgo), order_row(4, kInLongTime)};
  writes.updated = {};
  write(writes);
  Writes settled;
  settled.inserted = {confirmed(order_row(5, kLongAgo))};
  write(settled);
  const auto found = [&](FindDue find) {
    ledger_->start(kA, find);
    std::vector<OrderId> ids;
    const auto answer = std::get<FindDueAnswer>(ledger_->answer(kA));
    for (const Due& due : std::get<DueFound>(answer).due) ids.push_back(due.order);
    return ids;
  };
  EXPECT_EQ(found({{}, 10}), (std::vector{order_id(2), order_id(3), order_id(1)}));
  EXPECT_EQ(found({{}, 2}), (std::vector{order_id(2), order_id(3)}));
  EXPECT_EQ(found({{order_row(2, kLongAgo).deadline, order_id(2)}, 10}), (std::vector{order_id(3), order_id(1)}));
  load(kB, load_of({order_id(2)}));
  EXPECT_EQ(found({{}, 1}), std::vector{order_id(2)}) << "who looks takes no lock and waits for none";
}

// 13. A prune takes what is old, and nothing that is still of use.
TEST_P(LedgerContract, APruneTakesSentRowsAndDedupeRowsThatAreOldAndNothingElse) {
  Writes writes;
  for (const std::uint64_t event : {1, 2, 3}) writes.outbox.push_back(outbox_row(event, "key " + std::to_string(event)));
  for (const std::uint64_t event : {1, 2, 4, 5}) {
    writes.processed.push_back(processed_row(event));
    writes.processed.back().at = Instant{(event == 5 ? kInLongTime : kLongAgo) * 1'000'000};
  }
  write(writes);
  ledger_->start(kA, whole_outbox(10));
  const auto rows = std::get<OutboxRead>(std::get<ReadOutboxAnswer>(ledger_->answer(kA))).rows;
  ASSERT_EQ(rows.size(), 3u);
  ledger_->start(kA, unfenced_mark({{rows[0].seq, {Partition(0), Offset(7)}}}, {rows[2].seq}));
  ASSERT_TRUE(std::holds_alternative<Marked>(std::get<MarkAnswer>(ledger_->answer(kA))));
  ledger_->advance(milliseconds(300));

  const auto prune = [&](Prune prune) {
    ledger_->start(kA, prune);
    const auto pruned = std::get<Pruned>(std::get<PruneAnswer>(ledger_->answer(kA)));
    return std::pair(pruned.processed, pruned.outbox);
  };
  const auto handled = [&] {
    return load(kB, {{{}, {event_id(1), event_id(2), event_id(4), event_id(5)}}, LockMode::kNone}).handled;
  };
  using Counts = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(prune({seconds(3600), 10}), Counts(1, 0)) << "the row was sent just now, and its dedupe row stays with it";
  EXPECT_EQ(handled(), (std::vector{event_id(1), event_id(2), event_id(5)}));
  EXPECT_EQ(prune({milliseconds(200), 10}), Counts(0, 1)) << "the outbox had a row of that id when this began";
  EXPECT_EQ(prune({milliseconds(200), 10}), Counts(1, 0));
  EXPECT_EQ(handled(), (std::vector{event_id(2), event_id(5)})) << "event 2 is still unsent";
  EXPECT_EQ(prune({milliseconds(200), 10}), Counts(0, 0));
  EXPECT_EQ(unsent(kB), std::vector{event_id(2)});
}

TEST_P(LedgerContract, APruneTakesTheOldestFirstAndNoMoreThanItMay) {
  Writes writes;
  for (const std::uint64_t event : {1, 2, 3}) {
    writes.processed.push_back(processed_row(event));
    writes.processed.back().at = Instant{(kLongAgo - static_cast<std::int64_t>(event)) * 1'000'000};
  }
  write(writes);
  ledger_->start(kA, Prune{seconds(1), 2});
  EXPECT_EQ(std::get<Pruned>(std::get<PruneAnswer>(ledger_->answer(kA))).processed, 2);
  EXPECT_EQ(load(kB, {{{}, {event_id(1), event_id(2), event_id(3)}}, LockMode::kNone}).handled, std::vector{event_id(1)});
}

const Driver kDrivers[] = {{"Model", make_model_ledger}, {"PostgreSQL", make_real_ledger}};

std::string name_of(const testing::TestParamInfo<Driver>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Of, LedgerContract, testing::ValuesIn(kDrivers), name_of);
INSTANTIATE_TEST_SUITE_P(Of, CommitInDoubt, testing::ValuesIn(kDrivers), name_of);

}  // namespace
}  // namespace quickbite::contract
