// What an operator asks for, on the model and on PostgreSQL: dead letters with what came of them, and what was sent once more.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/message/event.h"
#include "domain/message/wire.h"
#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"
#include "proptests/contract/ledger_contract.h"

namespace quickbite::contract {
namespace {

constexpr Uuid kCluster{1, 2};

Event reserved(std::uint64_t n) { return event_of(InventoryReserved{order_id(n)}); }

Record good(std::uint64_t n) {
  Record record;
  record.message.topic = Topic::kInventory;
  record.message.key = to_string(order_id(n).value);
  record.message.value = encode_event(reserved(n));
  record.message.headers = {{"dlq-reason", "forged"}, {std::string("\0\xff", 2), "x"}};
  record.offset = Offset(static_cast<std::int64_t>(n));
  return record;
}

Record unreadable() {
  Record record = good(3);
  record.message.key = std::nullopt;
  record.message.value = Bytes(std::string("{\0\xff reserved", 12));
  return record;
}

OutboxRow letter_of(const Record& record, std::string_view reason) {
  return dead_letter(record, dead_letter_id(kCluster, record), reason, "why", Instant{1});
}

class LettersContract : public LedgerContract {
 protected:
  void SetUp() override {
    write(publishing({letter_of(good(1), "REFUSED 22001"), outbox_row(9)}));  // that is an event, and no letter
    ledger_->advance(milliseconds(10));
    write(publishing({letter_of(good(2), "REFUSED 23514")}));
    ledger_->advance(milliseconds(10));
    write(publishing({letter_of(unreadable(), "NOT_JSON")}));
  }
  static Writes publishing(std::vector<OutboxRow> rows) {
    Writes writes;
    writes.outbox = std::move(rows);
    return writes;
  }
  std::vector<LetterFound> found(LetterFilter filter = {}, std::int64_t limit = 100, OutboxSeq after = {}) {
    ledger_->start(kA, FindLetters{std::move(filter), after, limit});
    return std::get<LettersFound>(std::get<FindLettersAnswer>(ledger_->answer(kA))).letters;
  }
};

TEST_P(LettersContract, LettersAreFoundWhole) {
  const std::vector<LetterFound> all = found();
  ASSERT_EQ(all.size(), 3u);
  const Record records[] = {good(1), good(2), unreadable()};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto record = record_of(all[i].letter);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->message.key, records[i].message.key);
    EXPECT_EQ(record->message.value, records[i].message.value);
    EXPECT_EQ(record->message.headers, records[i].message.headers);
    EXPECT_EQ(record->offset, records[i].offset);
    EXPECT_TRUE(all[i].redrives.empty());
    EXPECT_FALSE(all[i].handled);
  }
}

TEST_P(LettersContract, LettersAreSelectedAsTheDomainSelectsThem) {
  const std::vector<LetterFound> all = found();
  ASSERT_EQ(all.size(), 3u);
  std::vector<LetterFilter> filters(1);
  const auto with = [&](auto set) { set(filters.emplace_back()); };
  with([&](LetterFilter& f) { f.ids = {all[1].letter.id, all[2].letter.id, event_id(77)}; });
  with([](LetterFilter& f) { f.topic = Topic::kInventory; });
  with([](LetterFilter& f) { f.topic = Topic::kOrders; });
  with([](LetterFilter& f) { f.reason = "REFUSED"; });
  with([](LetterFilter& f) { f.reason = "REFUSED 23514"; });
  with([](LetterFilter& f) { f.reason = "forged"; });
  with([](LetterFilter& f) { f.key = to_string(order_id(2).value); });
  with([](LetterFilter& f) { f.text = "InventoryReserved"; });
  with([](LetterFilter& f) { f.text = to_string(order_id(1).value); });
  with([](LetterFilter& f) { f.text = std::string("\0\xff", 2); });
  with([&](LetterFilter& f) { f.since = all[1].letter.created_at; });
  with([&](LetterFilter& f) { f.until = all[1].letter.created_at; });
  with([&](LetterFilter& f) { f.reason = "REFUSED", f.since = all[1].letter.created_at, f.text = "Reserved"; });
  for (std::size_t i = 0; i < filters.size(); ++i) {
    std::vector<EventId> expected;
    for (const LetterFound& letter : all) {
      if (selects(filters[i], letter.letter)) expected.push_back(letter.letter.id);
    }
    std::vector<EventId> got;
    for (const LetterFound& letter : found(filters[i])) got.push_back(letter.letter.id);
    EXPECT_EQ(got, expected) << "filter " << i;
  }
}

TEST_P(LettersContract, LettersComeInPages) {
  const std::vector<LetterFound> first = found({}, 2);
  ASSERT_EQ(first.size(), 2u);
  const std::vector<LetterFound> rest = found({}, 2, first.back().letter.seq);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest.front().letter.id, letter_of(unreadable(), "NOT_JSON").id);
  EXPECT_TRUE(found({}, 2, rest.front().letter.seq).empty());
}

TEST_P(LettersContract, LettersTellWhatCameOfThem) {
  const std::vector<LetterFound> before = found();
  ASSERT_EQ(before.size(), 3u);
  Writes writes = publishing({*redrive(before[0].letter, 1, Instant{2}), *redrive(before[0].letter, 2, Instant{2})});
  writes.processed = {{reserved(2).id, Topic::kInventory, Partition(1), Offset(9), Handled::kApplied, Instant{3}}};
  write(writes);
  ledger_->start(kB, whole_outbox(100));
  const auto read = std::get<OutboxRead>(std::get<ReadOutboxAnswer>(ledger_->answer(kB)));
  for (const OutboxRow& row : read.rows) {
    if (row.id != redrive_id(before[0].letter.id, 1)) continue;
    ledger_->start(kB, unfenced_mark({{row.seq, {Partition(3), Offset(8)}}}));
    EXPECT_TRUE(std::holds_alternative<Marked>(std::get<MarkAnswer>(ledger_->answer(kB))));
  }
  const std::vector<LetterFound> now = found();
  ASSERT_EQ(now.size(), 3u) << "a redrive is no letter";
  ASSERT_EQ(now[0].redrives.size(), 2u);
  EXPECT_EQ(now[0].redrives[0].id, redrive_id(before[0].letter.id, 1));
  ASSERT_TRUE(now[0].redrives[0].sent);
  EXPECT_EQ(now[0].redrives[0].sent->offset, Offset(8));
  EXPECT_EQ(now[0].redrives[1].id, redrive_id(before[0].letter.id, 2));
  EXPECT_FALSE(now[0].redrives[1].sent);
  EXPECT_FALSE(now[0].handled);
  ASSERT_TRUE(now[1].handled);
  EXPECT_EQ(now[1].handled->offset, Offset(9));
  EXPECT_FALSE(now[2].handled);
}

TEST_P(LettersContract, WhoLooksForLettersWaitsForNobodyAndSeesWhatIsCommitted) {
  load(kB, {});
  ledger_->hold_commits(kB, true);
  start_store(kB, publishing({letter_of(good(4), "REFUSED 22001")}));
  ASSERT_EQ(ledger_->settled(kB), Settled::kAtCommit);
  EXPECT_EQ(found().size(), 3u);
  ledger_->hold_commits(kB, false);
  ASSERT_TRUE(std::holds_alternative<Stored>(stored(kB)));
  EXPECT_EQ(found().size(), 4u);
}

// Rows 1, 2 and 3 were sent, in that order and not at once, 4 waits, and 5 is parked.
class ResendContract : public LedgerContract {
 protected:
  void SetUp() override {
    Writes writes;
    for (std::uint64_t n = 1; n <= 5; ++n) writes.outbox.push_back(outbox_row(n, "key " + std::to_string(n)));
    writes.outbox[1].topic = Topic::kInventoryDeadLetter;
    write(writes);
    ledger_->start(kA, whole_outbox(100));
    rows_ = std::get<OutboxRead>(std::get<ReadOutboxAnswer>(ledger_->answer(kA))).rows;
    ASSERT_EQ(rows_.size(), 5u);
    for (const std::int64_t n : {1, 2, 3}) send(n);
    mark(unfenced_mark({}, {rows_[4].seq}));
  }
  void mark(MarkOutbox mark) {
    ledger_->start(kA, std::move(mark));
    ASSERT_TRUE(std::holds_alternative<Marked>(std::get<MarkAnswer>(ledger_->answer(kA))));
    ledger_->advance(milliseconds(10));
  }
  void send(std::int64_t n) { mark(unfenced_mark({{rows_[static_cast<std::size_t>(n - 1)].seq, {Partition(0), Offset(n)}}})); }

  // "rows, and then the ids that the relay would read now".
  std::string resent(Resend resend) {
    ledger_->start(kB, std::move(resend));
    const auto done = std::get<Resent>(std::get<ResendAnswer>(ledger_->answer(kB)));
    until_ = done.until;
    std::string out = std::to_string(done.rows) + ":";
    for (const EventId& id : unsent(kC)) {
      for (std::uint64_t n = 1; n <= 5; ++n) out += id == event_id(n) ? " " + std::to_string(n) : "";
    }
    return out;
  }

  std::vector<OutboxRow> rows_;
  Instant until_;
};

TEST_P(ResendContract, AResendMakesUnsentWhatWasSentAndNothingElse) {
  EXPECT_EQ(resent({{}, {}, 100, true}), "3: 4") << "a dry run";
  EXPECT_EQ(resent({{}, {}, 100, false}), "3: 1 2 3 4");
  EXPECT_EQ(resent({{}, {}, 100, false}), "0: 1 2 3 4") << "twice is once";
}

TEST_P(ResendContract, AResendGoesByAgeInBatchesAndEndsWhereItBegan) {
  EXPECT_EQ(resent({{}, {}, 2, false}), "2: 1 2 4") << "the oldest first";
  const Instant until = until_;
  ledger_->advance(milliseconds(10));
  send(1);  // the relay was quick
  EXPECT_EQ(resent({{}, until, 100, false}), "1: 2 3 4") << "what was sent again meanwhile is not sent once more";
}

TEST_P(ResendContract, AResendSelectsByIdTopicAndTime) {
  EXPECT_EQ(resent({{{event_id(1), event_id(4), event_id(99)}, {}, {}}, {}, 100, true}), "1: 4");
  EXPECT_EQ(resent({{{}, Topic::kInventoryDeadLetter, {}}, {}, 100, true}), "1: 4");
  EXPECT_EQ(resent({{{event_id(3)}, {}, {}}, {}, 100, false}), "1: 3 4");
  const Instant now = until_;
  ledger_->advance(milliseconds(10));
  send(3);
  EXPECT_EQ(resent({{{}, {}, now}, {}, 100, true}), "1: 4") << "of the others, 3 alone is young enough";
  EXPECT_EQ(resent({{}, now, 100, true}), "2: 4") << "and the others alone are old enough";
  EXPECT_EQ(resent({{{}, Topic::kInventoryDeadLetter, now}, {}, 100, false}), "0: 4");
}

// A relay has read a row, published it, and is about to say where; meanwhile an operator asks for what the topic has lost.
TEST_P(ResendContract, AResendEndsTheLeasesUnderWhichMarksAreUnderWay) {
  for (const bool dry : {true, false}) {
    ledger_->start(kA, whole_outbox(100));
    const auto read = std::get<OutboxRead>(std::get<ReadOutboxAnswer>(ledger_->answer(kA)));
    ASSERT_TRUE(read.lease);
    ledger_->start(kB, Resend{{}, {}, 100, dry});
    ASSERT_TRUE(std::holds_alternative<Resent>(std::get<ResendAnswer>(ledger_->answer(kB))));
    ledger_->start(kA, MarkOutbox{read.lease->epoch, {rows_[3].shard}, {{rows_[3].seq, {Partition(0), Offset(99)}}}, {}, Fence::kEpoch});
    const auto marked = std::get<Marked>(std::get<MarkAnswer>(ledger_->answer(kA)));
    EXPECT_EQ(marked.lost, dry ? 0 : 1);
    if (!dry) continue;
    EXPECT_EQ(resent({{{event_id(4)}, {}, {}}, {}, 100, false}), "1: 4") << "it was marked, and is unsent again";
  }
}

INSTANTIATE_TEST_SUITE_P(Of, LettersContract, testing::ValuesIn(both()), name_of);
INSTANTIATE_TEST_SUITE_P(Of, ResendContract, testing::ValuesIn(both()), name_of);

}  // namespace
}  // namespace quickbite::contract
