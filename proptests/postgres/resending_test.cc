// What operators do to the outbox, as the service's own role: rows that are sent again, and parked rows that are let go.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/postgres/outbox_session.h"
#include "domain/port/resend.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

class Resending : public testing::Test {
 protected:
  // Rows 1 to 4 of one key were sent a minute after each other, 4 on another topic; 5 was not sent; 6 is parked, and 7 behind it.
  void SetUp() override {
    postgres_.clear();
    OrdersLedger::Writes writes;
    for (std::uint64_t n = 1; n <= 7; ++n) writes.outbox.push_back(outbox_row(n, n < 6 ? "a-key" : "another"));
    writes.outbox[3].topic = Topic::kOrdersDeadLetter;
    const auto loaded = orders_.load({});
    ASSERT_TRUE(std::holds_alternative<Stored>(
        orders_.store({std::get<Loaded<OrdersLedger>>(loaded).token, {std::move(writes)}})));
    postgres_.as_owner(Service::kOrders,
                       "UPDATE outbox_events SET sent_partition = 0, sent_offset = seq,"
                       " sent_at = now() - interval '10 minutes' + (seq - (SELECT min(seq) FROM outbox_events)) * interval '1 minute'"
                       " WHERE seq <= (SELECT min(seq) + 3 FROM outbox_events);"
                       "UPDATE outbox_events SET parked = true WHERE event_id = '" + to_string(event_id(6).value) + "'");
  }

  // "rows, and then the ids that are unsent and not parked", as the relay would read them.
  std::string resent(Resend resend) {
    const ResendAnswer answer = orders_.resend(resend);
    const auto* done = std::get_if<Resent>(&answer);
    if (done == nullptr) return "not done";
    until_ = done->until;
    std::string out = std::to_string(done->rows) + ":";
    const auto read = orders_.read_outbox(whole_outbox(100));
    for (const OutboxRow& row : std::get<OutboxRead>(read).rows) {
      for (std::uint64_t n = 1; n <= 7; ++n) out += row.id == event_id(n) ? " " + std::to_string(n) : "";
    }
    return out;
  }
  Instant ago(Duration age) {
    return Instant{std::stoll(postgres_.one(Service::kOrders, "SELECT (extract(epoch FROM now()) * 1000000)::bigint")) -
                   age.us};
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  OrdersLedgerSession orders_{postgres_.session(Service::kOrders)};
  OutboxSession outbox_{postgres_.session(Service::kOrders)};
  Instant until_;
};

TEST_F(Resending, MakesUnsentWhatWasSentAndNothingElse) {
  EXPECT_EQ(resent({{}, {}, 100, true}), "4: 5") << "a dry run";
  EXPECT_EQ(resent({{}, {}, 100, false}), "4: 1 2 3 4 5") << "in the order in which they were written";
  EXPECT_EQ(resent({{}, {}, 100, false}), "0: 1 2 3 4 5") << "twice is once";
}

TEST_F(Resending, GoesByAgeInBatchesAndEndsWhereItBegan) {
  EXPECT_EQ(resent({{}, {}, 2, false}), "2: 1 2 5") << "the oldest first";
  const Instant until = until_;
  postgres_.as_owner(Service::kOrders, "UPDATE outbox_events SET sent_partition = 0, sent_offset = 9, sent_at = now() WHERE event_id = '" +
                                           to_string(event_id(1).value) + "'");  // the relay was quick
  EXPECT_EQ(resent({{}, until, 100, false}), "2: 2 3 4 5") << "what was sent again meanwhile is not sent once more";
}

// A relay has read a row, published it, and is about to say where; meanwhile an operator asks for what the topic has lost.
TEST_F(Resending, AMarkOfWhatWasReadBeforeItDoesNotCountAfterwards) {
  const auto read = std::get<OutboxRead>(orders_.read_outbox(ReadOutbox{100, Epoch{}, Renewal{"a relay", Epoch{}, seconds(60)}}));
  ASSERT_FALSE(read.rows.empty());
  const OutboxRow& row = read.rows.front();
  const MarkOutbox mark{read.lease->epoch, {row.shard}, {{row.seq, {Partition(0), Offset(99)}}}, {}, Fence::kEpoch};
  OrdersLedgerSession operator_(postgres_.session(Service::kOrders));
  ASSERT_TRUE(std::holds_alternative<Resent>(operator_.resend({{}, {}, 100, false})));
  const auto marked = std::get<Marked>(orders_.mark(mark));
  EXPECT_EQ(marked.lost, 1);
  EXPECT_EQ(postgres_.one(Service::kOrders, "SELECT count(*) FROM outbox_events WHERE sent_offset = 99"), "0");
  const auto again = std::get<OutboxRead>(
      orders_.read_outbox(ReadOutbox{100, Epoch{}, Renewal{"a relay", read.lease->epoch, seconds(60)}}));
  EXPECT_GT(again.lease->epoch, read.lease->epoch);
}

TEST_F(Resending, ADryRunLeavesTheRelaysTheirLeases) {
  const auto read = std::get<OutboxRead>(orders_.read_outbox(ReadOutbox{100, Epoch{}, Renewal{"a relay", Epoch{}, seconds(60)}}));
  ASSERT_FALSE(read.rows.empty());
  const MarkOutbox mark{read.lease->epoch, {read.rows.front().shard}, {{read.rows.front().seq, {Partition(0), Offset(99)}}}, {}, Fence::kEpoch};
  OrdersLedgerSession operator_(postgres_.session(Service::kOrders));
  ASSERT_TRUE(std::holds_alternative<Resent>(operator_.resend({{}, {}, 100, true})));
  EXPECT_EQ(std::get<Marked>(orders_.mark(mark)).lost, 0);
}

TEST_F(Resending, SelectsByIdTopicAndTime) {
  EXPECT_EQ(resent({{{event_id(2), event_id(5), event_id(99)}, {}, {}}, {}, 100, false}), "1: 2 5");
  EXPECT_EQ(resent({{{}, Topic::kOrdersDeadLetter, {}}, {}, 100, false}), "1: 2 4 5");
  EXPECT_EQ(resent({{{}, {}, ago(seconds(8 * 60 + 30))}, {}, 100, false}), "1: 2 3 4 5") << "of the others, 3 alone is young enough";
  EXPECT_EQ(resent({{{}, {}, {}}, ago(seconds(20 * 60)), 100, false}), "0: 2 3 4 5");
}

TEST_F(Resending, ParkedRowsAreToldOfAndLetGoOnce) {
  const auto waiting = outbox_.waiting({}, OutboxSeq{}, 100);
  ASSERT_TRUE(waiting.ok()) << waiting.status();
  std::string states;
  for (const WaitingRow& row : *waiting) states += row.waits == Waits::kParked ? "p" : row.waits == Waits::kBehind ? "b" : "r";
  EXPECT_EQ(states, "rpb");
  WaitingFilter parked;
  parked.parked = true;
  EXPECT_EQ(outbox_.waiting(parked, OutboxSeq{}, 100).value_or(std::vector<WaitingRow>()).size(), 1u);
  EXPECT_EQ(outbox_.unpark({event_id(1), event_id(5), event_id(6)}).value_or(-1), 1) << "those that are parked";
  EXPECT_EQ(outbox_.unpark({event_id(6)}).value_or(-1), 0);
  EXPECT_EQ(resent({{}, {}, 100, true}), "4: 5 6 7");
}

TEST_F(Resending, ADatabaseThatIsNotThereIsUnavailable) {
  SessionOptions nowhere = postgres_.session(Service::kOrders);
  nowhere.connection = "host=127.0.0.1 port=1 dbname=x";
  EXPECT_TRUE(absl::IsUnavailable(OutboxSession(nowhere).waiting({}, OutboxSeq{}, 1).status()));
  EXPECT_TRUE(std::holds_alternative<Unavailable>(OrdersLedgerSession(nowhere).resend({{}, {}, 1, true})));
}

}  // namespace
}  // namespace quickbite::postgres
