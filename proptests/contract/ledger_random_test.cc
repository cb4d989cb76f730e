// The model and PostgreSQL under the same random operations: after each of them both must stand at the same place, and whatever
// is answered must be the same answer. Two sessions write and a third one reads: of three that write, two could wait for the
// same row, and in what order waiters are served is more than the model promises.
#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/match.h"
#include "gtest/gtest.h"
#include "proptests/contract/ledger_under_test.h"
#include "proptests/postgres/rows.h"

namespace quickbite::contract {
namespace {

using Session = LedgerUnderTest::Session;

constexpr std::uint64_t kKeys = 3;  // orders and events 1..3
constexpr int kSteps = 30;
constexpr std::uint32_t kRuns = 12;
constexpr Session kReader = 2;
constexpr std::chrono::seconds kPatience(10);

// What an answer says, without what may differ: tokens, clocks and the values of sequences.
std::string text_of(const Answer& answer) {
  std::ostringstream out;
  const auto outcome = [&](const auto& a) {
    match(
        a, [&](const Aborted& aborted) { out << "Aborted " << aborted.sqlstate; },
        [&](const Refused& refused) { out << "Refused " << refused.sqlstate; },
        [&](const Unavailable&) { out << "Unavailable"; }, [&](const InDoubt&) { out << "InDoubt"; },
        [&](const Stored&) { out << "Stored"; }, [&](const Marked& marked) { out << "Marked " << marked.lost; },
        [&](const Loaded<OrdersLedger>& loaded) {
          out << "Loaded";
          for (const auto& [id, row] : loaded.rows.orders) {
            out << " order " << to_string(id.value).substr(9, 9) << " " << to_string(row.status) << " v" << row.version.value;
          }
          for (const EventId& id : loaded.rows.handled) out << " handled " << to_string(id.value).substr(9, 9);
        },
        [&](const OutboxRead& read) {
          out << "OutboxRead";
          for (const OutboxRow& row : read.rows) out << " " << row.payload.view();
        },
        [&](const OrdersRead& read) {
          out << "OrdersRead";
          for (const auto& [id, row] : read.orders) out << " " << to_string(id.value).substr(9, 9) << " v" << row.version.value;
          for (const auto& page : read.pages) {
            out << " page";
            for (const OrderRow& row : page) out << " " << to_string(row.id.value).substr(9, 9);
          }
        },
        [&](const DueFound& found) { out << "DueFound " << found.due.size(); },
        [&](const Pruned& pruned) { out << "Pruned " << pruned.processed << " " << pruned.outbox; },
        [&](const LettersFound& found) { out << "LettersFound " << found.letters.size(); },
        [&](const Resent& resent) { out << "Resent " << resent.rows; });
  };
  std::visit([&](const auto& port) { outcome(port); }, answer);
  return out.str();
}

class RandomRun {
 public:
  explicit RandomRun(std::uint32_t seed) : random_(seed) {}

  void step() {
    const Session session = pick(5) == 0 ? kReader : static_cast<Session>(pick(2));
    Mine& mine = sessions_[session];
    if (session == kReader) return read();
    if (mine.at_commit) return end_commit(session);
    if (mine.under_way) return;  // waits for the other
    if (mine.connected && !mine.killed && pick(12) == 0) return kill(session);
    // A Load would notice a dead connection while it ends the open transaction, and go on with a new one; and whether it or
    // who waits for the old transaction comes first to the rows is nobody's promise.
    const bool other_waits = sessions_[1 - session].under_way;
    if (mine.loaded && (mine.killed || other_waits || pick(4) != 0)) return store(session);
    load(session);
  }

  std::string log() const { return log_.str(); }

 private:
  // Both ledgers' tokens for one open transaction, and the rows that they agreed on.
  struct Mine {
    std::optional<OrdersLedger::Rows> loaded;
    OrdersLedger::Keys keys;
    TxToken model_token;
    TxToken real_token;
    bool connected = false;
    bool killed = false;  // and the session does not know yet
    bool holds = false;
    bool under_way = false;
    bool at_commit = false;
  };

  std::uint32_t pick(std::uint32_t below) { return random_() % below; }

  void load(Session session) {
    Mine& mine = sessions_[session];
    mine.loaded.reset();
    mine.keys = {};
    for (std::uint64_t n = 1; n <= kKeys; ++n) {
      if (pick(2) == 0) mine.keys.orders.push_back(order_id(n));
      if (pick(2) == 0) mine.keys.events.push_back(event_id(n));
    }
    const LockMode lock = pick(3) == 0 ? LockMode::kSkipLocked : LockMode::kForUpdate;
    start(session, lock == LockMode::kSkipLocked ? "load of what is free" : "load", Load<OrdersLedger>{mine.keys, lock},
          Load<OrdersLedger>{mine.keys, lock});
  }

  // What a machine might write on these rows.
  OrdersLedger::Writes writes_on(const OrdersLedger::Keys& keys, const OrdersLedger::Rows& rows) {
    OrdersLedger::Writes writes;
    for (const OrderId& id : keys.orders) {
      if (pick(3) == 0) continue;
      const OrderRow* row = rows.orders.find(id);
      if (row == nullptr) {
        writes.inserted.push_back(order_row(id.value.high - uuid_of(0).high));
      } else if (row->status != OrderStatus::kCancelled) {
        writes.updated.push_back(pick(2) == 0 ? cancelled(*row) : confirmed(*row));
      }
    }
    for (const EventId& id : keys.events) {
      if (pick(3) == 0 || std::binary_search(rows.handled.begin(), rows.handled.end(), id)) continue;
      writes.processed.push_back(processed_row(id.value.high - uuid_of(1'000'000).high));
    }
    if (pick(2) == 0) {
      ++published_;
      writes.outbox.push_back(outbox_row(published_, "key " + std::to_string(published_)));
    }
    return writes;
  }

  void store(Session session) {
    Mine& mine = sessions_[session];
    const OrdersLedger::Writes writes = writes_on(mine.keys, *mine.loaded);
    const bool fires_gate = !writes.inserted.empty() || !writes.updated.empty() || !writes.processed.empty() || !writes.outbox.empty();
    hold(session, fires_gate && pick(2) == 0);
    mine.loaded.reset();
    start(session, mine.holds ? "store, held at its COMMIT" : "store", Store<OrdersLedger>{mine.model_token, {writes}},
          Store<OrdersLedger>{mine.real_token, {writes}});
  }

  void hold(Session session, bool hold) {
    Mine& mine = sessions_[session];
    if (mine.holds == hold) return;
    mine.holds = hold;
    model_->hold_commits(session, hold);
    real_->hold_commits(session, hold);
  }

  void end_commit(Session session) {
    Mine& mine = sessions_[session];
    mine.at_commit = false;
    if (pick(3) == 0) {
      note(session, "breaks at its COMMIT");
      model_->break_commit(session, Fall::kLost);
      real_->break_commit(session, Fall::kLost);
    } else {
      note(session, "is let go");
      hold(session, false);
    }
    compare_all();
  }

  void kill(Session session) {
    note(session, "is killed");
    sessions_[session].killed = true;
    model_->kill(session);
    real_->kill(session);
    compare_all();
  }

  void read() {
    if (pick(2) == 0) {
      start(kReader, "reads the outbox", whole_outbox(100), whole_outbox(100));
    } else {
      const ListPlace after{order_row(2).created_at, order_id(2)};
      const ReadOrders read{{order_id(1), order_id(3)}, {{UserId("u1"), {}, 2}, {UserId("u1"), after, 3}}, {}};
      start(kReader, "reads orders", read, read);
    }
  }

  void start(Session session, const std::string& what, Request for_model, Request for_real) {
    note(session, what);
    sessions_[session].under_way = true;
    sessions_[session].killed = false;
    model_->start(session, std::move(for_model));
    real_->start(session, std::move(for_real));
    compare_all();
  }

  void compare_all() {
    for (Session session = 0; session < LedgerUnderTest::kSessions; ++session) {
      if (sessions_[session].under_way && !testing::Test::HasFatalFailure()) compare(session);
    }
  }

  void compare(Session session) {
    Mine& mine = sessions_[session];
    const Settled settled = model_->settled(session);
    if (settled != Settled::kAnswered) {
      ASSERT_TRUE(real_settles(session, settled)) << "the model: " << settled << ", PostgreSQL: " << real_->settled(session) << "\n" << log();
      mine.at_commit = settled == Settled::kAtCommit;
      return;
    }
    ASSERT_TRUE(real_settles(session, Settled::kAnswered)) << "the model answers " << text_of(model_->answer(session)) << ", PostgreSQL "
                                       << real_->settled(session) << "\n" << log();
    mine.under_way = false;
    const Answer model = model_->answer(session);
    const Answer real = real_->answer(session);
    const std::string text = text_of(model);
    log_ << "  " << session << ": " << text << "\n";
    ASSERT_EQ(text_of(real), text) << log();
    mine.connected = text != "Unavailable" && text != "InDoubt";
    const auto* model_load = std::get_if<LoadAnswer<OrdersLedger>>(&model);
    if (model_load == nullptr || !std::holds_alternative<Loaded<OrdersLedger>>(*model_load)) return;
    const auto& loaded = std::get<Loaded<OrdersLedger>>(*model_load);
    mine.loaded = loaded.rows;
    mine.model_token = loaded.token;
    mine.real_token = std::get<Loaded<OrdersLedger>>(std::get<LoadAnswer<OrdersLedger>>(real)).token;
  }

  // Who was let go a moment ago may still seem to wait, and a backend may wait for a lock of the server's own.
  bool real_settles(Session session, Settled settled) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (real_->settled(session) != settled) {
      if (std::chrono::steady_clock::now() > end) return false;
    }
    return true;
  }

  void note(Session session, const std::string& what) { log_ << session << " " << what << "\n"; }

  std::mt19937 random_;
  std::unique_ptr<LedgerUnderTest> model_ = make_model_ledger();
  std::unique_ptr<LedgerUnderTest> real_ = make_patient_real_ledger();
  Mine sessions_[LedgerUnderTest::kSessions];
  std::uint64_t published_ = 0;
  std::ostringstream log_;
};

TEST(LedgerRandom, TheModelAndPostgresAnswerTheSame) {
  for (std::uint32_t seed = 1; seed <= kRuns && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomRun run(seed);
    for (int i = 0; i < kSteps && !HasFatalFailure(); ++i) run.step();
  }
}

}  // namespace
}  // namespace quickbite::contract
