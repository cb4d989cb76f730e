// Dead letters in PostgreSQL: found by every condition of a filter as the domain's own words have it, with what came of them;
// and redriven by the machine that the simulator steps too.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/message/event.h"
#include "domain/port/dead_letter.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

constexpr Uuid kCluster{1, 2};

Event created(std::uint64_t n) {
  return event_of(OrderCreated{order_id(n), UserId("u1"), {{Sku("burger"), Quantity(1)}}});
}

Record good(std::uint64_t n) {
  Record record;
  record.message.topic = Topic::kOrders;
  record.message.key = to_string(order_id(n).value);
  record.message.value = encode_event(created(n));
  record.message.headers = {{"dlq-reason", "forged"}, {std::string("\0\xff", 2), "x"}};
  record.offset = Offset(static_cast<std::int64_t>(n));
  return record;
}

class Letters : public testing::Test {
 protected:
  void SetUp() override {
    postgres_.clear();
    InventoryLedger::Writes writes;
    add(writes, good(1), "REFUSED 22001", 10);
    add(writes, good(2), "REFUSED 23514", 20);
    Record poison = good(3);
    poison.message.value = Bytes(std::string("{\0\xff burger", 10));
    poison.message.key = std::nullopt;
    add(writes, poison, "NOT_JSON", 30);
    poison.message.key = std::string("\xfe\0", 2);
    poison.message.value = Bytes("");
    poison.offset = Offset(4);
    add(writes, poison, "EMPTY", 40);
    writes.outbox.push_back(outbox_row(5));  // an event, and no letter
    store(std::move(writes));
  }

  void add(InventoryLedger::Writes& writes, const Record& record, std::string_view reason, std::int64_t at) {
    writes.outbox.push_back(dead_letter(record, dead_letter_id(kCluster, record), reason, "why", Instant{at * 1'000'000}));
    writes.processed.push_back({writes.outbox.back().id, Topic::kOrders, Partition(0), record.offset, Handled::kDeadLettered,
                                Instant{at * 1'000'000}});
  }
  void store(InventoryLedger::Writes writes) {
    const auto loaded = inventory_.load({});
    ASSERT_TRUE(std::holds_alternative<Stored>(
        inventory_.store({std::get<Loaded<InventoryLedger>>(loaded).token, {std::move(writes)}})));
  }

  std::vector<LetterFound> found(LetterFilter filter = {}, std::int64_t limit = 100, OutboxSeq after = {}) {
    auto answer = inventory_.find_letters({std::move(filter), after, limit});
    auto* letters = std::get_if<LettersFound>(&answer);
    EXPECT_NE(letters, nullptr);
    return letters == nullptr ? std::vector<LetterFound>{} : std::move(letters->letters);
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  InventoryLedgerSession inventory_{postgres_.session(Service::kInventory)};
};

TEST_F(Letters, AreFoundWholeWithTheirBytesAndNothingElseIs) {
  const std::vector<LetterFound> all = found();
  ASSERT_EQ(all.size(), 4u);
  const auto record = record_of(all[0].letter);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->message.headers, good(1).message.headers);
  EXPECT_EQ(record->message.value, good(1).message.value);
  EXPECT_EQ(all[2].letter.payload.view(), std::string("{\0\xff burger", 10));
  EXPECT_EQ(all[3].letter.key, std::string("\xfe\0", 2));
  for (const LetterFound& letter : all) {
    EXPECT_TRUE(letter.redrives.empty());
    EXPECT_FALSE(letter.handled);
    EXPECT_FALSE(letter.letter.sent);
  }
}

TEST_F(Letters, AreSelectedAsTheDomainSelectsThem) {
  const std::vector<LetterFound> all = found();
  std::vector<LetterFilter> filters(1);
  const auto with = [&](auto set) { set(filters.emplace_back()); };
  with([&](LetterFilter& f) { f.ids = {all[1].letter.id, all[3].letter.id, EventId(uuid_of(77))}; });
  with([](LetterFilter& f) { f.topic = Topic::kOrders; });
  with([](LetterFilter& f) { f.topic = Topic::kInventory; });
  with([](LetterFilter& f) { f.reason = "REFUSED"; });
  with([](LetterFilter& f) { f.reason = "REFUSED 23514"; });
  with([](LetterFilter& f) { f.reason = "REFUSED 23514 and more"; });
  with([](LetterFilter& f) { f.reason = "forged"; });
  with([](LetterFilter& f) { f.key = to_string(order_id(2).value); });
  with([](LetterFilter& f) { f.key = std::string("\xfe\0", 2); });
  with([](LetterFilter& f) { f.text = "burger"; });
  with([](LetterFilter& f) { f.text = std::string("\0", 1); });
  with([](LetterFilter& f) { f.text = to_string(order_id(1).value); });
  with([](LetterFilter& f) { f.text = "pizza"; });
  with([](LetterFilter& f) { f.since = Instant{20'000'000}; });
  with([](LetterFilter& f) { f.until = Instant{20'000'000}; });
  with([](LetterFilter& f) { f.reason = "REFUSED", f.since = Instant{20'000'000}, f.text = "burger"; });
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

TEST_F(Letters, ComeInPages) {
  const std::vector<LetterFound> all = found();
  const std::vector<LetterFound> first = found({}, 3);
  ASSERT_EQ(first.size(), 3u);
  const std::vector<LetterFound> rest = found({}, 3, first.back().letter.seq);
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest.front().letter.id, all.back().letter.id);
}

TEST_F(Letters, TellWhatCameOfThem) {
  const std::vector<LetterFound> all = found();
  InventoryLedger::Writes writes;
  writes.outbox = {*redrive(all[0].letter, 1, Instant{50}), *redrive(all[0].letter, 2, Instant{51}),
                   *redrive(all[1].letter, 1, Instant{52})};
  writes.processed.push_back({created(2).id, Topic::kOrders, Partition(1), Offset(9), Handled::kApplied, Instant{53}});
  store(std::move(writes));
  postgres_.as_owner(Service::kInventory, "UPDATE outbox_events SET sent_partition = 3, sent_offset = 8 WHERE event_id = '" +
                                              to_string(redrive_id(all[0].letter.id, 1).value) + "'");
  const std::vector<LetterFound> now = found();
  ASSERT_EQ(now.size(), 4u) << "a redrive is no letter";
  ASSERT_EQ(now[0].redrives.size(), 2u);
  EXPECT_EQ(now[0].redrives[0].sent, (SentAt{Partition(3), Offset(8)}));
  EXPECT_EQ(now[0].redrives[0].topic, Topic::kOrders);
  EXPECT_EQ(now[0].redrives[1].id, redrive_id(all[0].letter.id, 2));
  EXPECT_FALSE(now[0].redrives[1].sent);
  EXPECT_EQ(next_redrive(now[0]), 3);
  ASSERT_EQ(now[1].redrives.size(), 1u);
  ASSERT_TRUE(now[1].handled);
  EXPECT_EQ(now[1].handled->offset, Offset(9));
  EXPECT_FALSE(now[0].handled);
}

}  // namespace
}  // namespace quickbite::postgres
