// Leases of the outbox's shards: each behaviour tried on the model and on PostgreSQL, and both under the same random operations
// of three relays that come, renew, sleep through their leases, end, read, and mark what they read.
#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "proptests/contract/ledger_under_test.h"
#include "proptests/postgres/rows.h"

namespace quickbite::contract {
namespace {

using Session = LedgerUnderTest::Session;

constexpr Duration kLong = seconds(3600);
constexpr Duration kShort = seconds(2);  // longer than what is done without sleeping takes, on a slow machine
constexpr int kSteps = 40;
constexpr std::uint32_t kRuns = 6;
constexpr std::uint32_t kSleepsMost = 2;  // of a run

// A row in a shard.
OutboxRow row_of(std::uint64_t n, std::int32_t shard) {
  OutboxRow row = outbox_row(n, "key " + std::to_string(n));
  row.shard = Shard(shard);
  return row;
}

// A relay's side of a ledger: it knows its epoch and what it read last.
class Side {
 public:
  explicit Side(std::unique_ptr<LedgerUnderTest> ledger) : ledger_(std::move(ledger)) {}

  OutboxRead read(Session session, const std::string& owner, std::optional<Duration> renew = std::nullopt) {
    ReadOutbox read{100, relays_[session].epoch, std::nullopt};
    if (renew) read.renewal = Renewal{owner, read.epoch, *renew};
    ledger_->start(session, read);
    OutboxRead answer = std::get<OutboxRead>(std::get<ReadOutboxAnswer>(ledger_->answer(session)));
    if (answer.lease) relays_[session].epoch = answer.lease->epoch;
    relays_[session].rows = answer.rows;
    return answer;
  }
  void forget(Session session) { relays_[session] = {}; }

  // Everything that was read last, as sent to some place.
  Marked mark(Session session, bool park = false) {
    MarkOutbox mark;
    mark.epoch = relays_[session].epoch;
    for (const OutboxRow& row : relays_[session].rows) {
      mark.shards.push_back(row.shard);
      if (park) {
        mark.parked.push_back(row.seq);
      } else {
        mark.sent.push_back({row.seq, {Partition(0), Offset(row.seq.value)}});
      }
    }
    std::sort(mark.shards.begin(), mark.shards.end());
    mark.shards.erase(std::unique(mark.shards.begin(), mark.shards.end()), mark.shards.end());
    ledger_->start(session, std::move(mark));
    return std::get<Marked>(std::get<MarkAnswer>(ledger_->answer(session)));
  }

  void publish(std::vector<OutboxRow> rows) {
    ledger_->start(0, Load<OrdersLedger>{});
    const auto loaded = std::get<Loaded<OrdersLedger>>(std::get<LoadAnswer<OrdersLedger>>(ledger_->answer(0)));
    OrdersLedger::Writes writes;
    writes.outbox = std::move(rows);
    ledger_->start(0, Store<OrdersLedger>{loaded.token, {std::move(writes)}});
    EXPECT_TRUE(std::holds_alternative<Stored>(std::get<StoreAnswer>(ledger_->answer(0))));
  }

  void advance(Duration duration) { ledger_->advance(duration); }

 private:
  struct Relay {
    Epoch epoch;
    std::vector<OutboxRow> rows;
  };
  std::unique_ptr<LedgerUnderTest> ledger_;
  Relay relays_[LedgerUnderTest::kSessions];
};

std::string text_of(const OutboxRead& read) {
  std::ostringstream out;
  if (read.lease) {
    out << "epoch " << read.lease->epoch.value << " shards " << read.lease->shards << " taken " << read.lease->taken
        << " given " << read.lease->given;
  }
  for (const OutboxRow& row : read.rows) out << " " << row.payload.view() << " of " << row.shard.value;
  return out.str();
}

class LeaseContract : public testing::TestWithParam<Driver> {
 protected:
  Side side_{GetParam().make()};
};

TEST_P(LeaseContract, ARelayReadsTheRowsOfItsShardsAlone) {
  for (int round = 0; round < 2; ++round) {
    side_.read(0, "a", kLong);
    side_.read(1, "b", kLong);
  }
  std::vector<OutboxRow> rows;
  for (std::int32_t shard = 0; shard < kAllShards; ++shard) rows.push_back(row_of(static_cast<std::uint64_t>(shard) + 1, shard));
  side_.publish(rows);
  const OutboxRead a = side_.read(0, "a");
  const OutboxRead b = side_.read(1, "b", kLong);
  EXPECT_FALSE(a.lease);
  EXPECT_EQ(a.rows.size(), 9u);
  EXPECT_EQ(b.lease->shards, 8);
  EXPECT_EQ(b.rows.size(), 8u);
  EXPECT_TRUE(side_.read(2, "c").rows.empty()) << "it has no lease";
}

TEST_P(LeaseContract, AMarkUnderAnEpochThatClaimsTheShardNoMoreMarksNothing) {
  side_.read(0, "a", kLong);
  side_.publish({row_of(1, 3), row_of(2, 5)});
  ASSERT_EQ(side_.read(0, "a").rows.size(), 2u);
  // a comes back under its name: its former self is somebody else.
  ASSERT_EQ(side_.read(1, "a", kLong).rows.size(), 2u);
  EXPECT_EQ(side_.mark(0).lost, 2);
  EXPECT_EQ(side_.mark(0, /*park=*/true).lost, 2);
  EXPECT_EQ(side_.read(1, "a").rows.size(), 2u) << "they are neither sent nor parked";
  EXPECT_EQ(side_.mark(1).lost, 0);
  EXPECT_TRUE(side_.read(1, "a").rows.empty());
}

TEST_P(LeaseContract, ALeaseEndsByTheDatabasesClock) {
  side_.read(0, "a", kShort);
  side_.publish({row_of(1, 3)});
  ASSERT_EQ(side_.read(0, "a").rows.size(), 1u);
  ASSERT_EQ(side_.read(1, "b", kLong).lease->shards, 0);
  side_.advance(kShort);
  const OutboxRead b = side_.read(1, "b", kLong);
  EXPECT_EQ(b.lease->taken, kAllShards);
  EXPECT_EQ(b.rows.size(), 1u);
  EXPECT_EQ(side_.mark(0).lost, 1) << "a sleeper's mark";
  EXPECT_EQ(side_.mark(1).lost, 0);
}

std::string name_of(const testing::TestParamInfo<Driver>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Of, LeaseContract,
                         testing::Values(Driver{"Model", make_model_ledger}, Driver{"PostgreSQL", make_real_ledger}), name_of);

class RandomRelays {
 public:
  explicit RandomRelays(std::uint32_t seed) : random_(seed) {}

  void step() {
    const auto session = static_cast<Session>(pick(LedgerUnderTest::kSessions));
    const std::string owner = "relay " + std::to_string(pick(8) == 0 ? 0 : session);
    switch (pick(10)) {
      case 0:
      case 1: {
        ++published_;
        const auto shard = static_cast<std::int32_t>(pick(kAllShards));
        note("publishes " + std::to_string(published_) + " of " + std::to_string(shard));
        model_.publish({row_of(published_, shard)});
        real_.publish({row_of(published_, shard)});
        return;
      }
      case 2:
        if (sleeps_ == kSleepsMost) return;
        ++sleeps_;
        note("time passes");
        model_.advance(kShort);
        real_.advance(kShort);
        return;
      case 3:
        note(std::to_string(session) + " dies");
        model_.forget(session);
        real_.forget(session);
        return;
      case 4:
        return read(session, owner, Duration{});
      case 5:
        return read(session, owner, kShort);
      case 6:
        return read(session, owner, kLong);
      case 7:
        return read(session, owner, std::nullopt);
      default:
        return mark(session);
    }
  }

 private:
  std::uint32_t pick(std::uint32_t below) { return random_() % below; }
  void note(const std::string& what) { log_ << what << "\n"; }

  void read(Session session, const std::string& owner, std::optional<Duration> renew) {
    note(std::to_string(session) + " reads as " + owner + (renew ? ", for " + std::to_string(renew->us / 1'000'000) + " s" : ""));
    const std::string model = text_of(model_.read(session, owner, renew));
    const std::string real = text_of(real_.read(session, owner, renew));
    ASSERT_EQ(model, real) << "the model, then PostgreSQL, after\n" << log_.str();
    note("  " + model);
  }

  void mark(Session session) {
    const bool park = pick(4) == 0;
    note(std::to_string(session) + (park ? " parks" : " marks"));
    ASSERT_EQ(model_.mark(session, park).lost, real_.mark(session, park).lost)
        << "the model, then PostgreSQL, after\n" << log_.str();
  }

  std::mt19937 random_;
  Side model_{make_model_ledger()};
  Side real_{make_patient_real_ledger()};
  std::uint64_t published_ = 0;
  std::uint32_t sleeps_ = 0;
  std::ostringstream log_;
};

TEST(LeaseRandom, TheModelAndPostgresAnswerTheSame) {
  for (std::uint32_t seed = 1; seed <= kRuns && !testing::Test::HasFatalFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomRelays run(seed);
    for (int i = 0; i < kSteps && !testing::Test::HasFatalFailure(); ++i) run.step();
  }
}

}  // namespace
}  // namespace quickbite::contract
