// A COMMIT whose connection breaks, on the model and on PostgreSQL.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "proptests/contract/ledger_contract.h"

namespace quickbite::contract {
namespace {

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

INSTANTIATE_TEST_SUITE_P(Of, CommitInDoubt, testing::ValuesIn(both()), name_of);

}  // namespace
}  // namespace quickbite::contract
