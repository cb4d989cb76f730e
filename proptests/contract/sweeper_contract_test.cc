// What the sweepers ask for, on the model and on PostgreSQL: what is due, and what is past its retention.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "proptests/contract/ledger_contract.h"

namespace quickbite::contract {
namespace {

class SweeperContract : public LedgerContract {};

constexpr std::int64_t kLongAgo = 1'000'000'000;  // seconds: 2001
constexpr std::int64_t kInLongTime = 4'000'000'000;

// 12. What is due is PENDING and past its deadline, in the order of deadline and id.
TEST_P(SweeperContract, WhatIsDueIsFoundInItsOrderAndBehindWhatWasFoundBefore) {
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
TEST_P(SweeperContract, APruneTakesSentRowsAndDedupeRowsThatAreOldAndNothingElse) {
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

TEST_P(SweeperContract, APruneTakesTheOldestFirstAndNoMoreThanItMay) {
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

INSTANTIATE_TEST_SUITE_P(Of, SweeperContract, testing::ValuesIn(both()), name_of);

}  // namespace
}  // namespace quickbite::contract
