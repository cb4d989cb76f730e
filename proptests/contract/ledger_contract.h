// What the contract tests of the ledger have in common: three sessions on a ledger, and the rows that they write.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "proptests/contract/ledger_under_test.h"
#include "proptests/postgres/rows.h"

namespace quickbite::contract {

using Rows = OrdersLedger::Rows;
using Writes = OrdersLedger::Writes;

inline constexpr LedgerUnderTest::Session kA = 0;
inline constexpr LedgerUnderTest::Session kB = 1;
inline constexpr LedgerUnderTest::Session kC = 2;

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
inline std::string load_sqlstate(const Answer& answer) { return sqlstate(std::get<LoadAnswer<OrdersLedger>>(answer)); }

inline Writes inserts(std::uint64_t order) {
  Writes writes;
  writes.inserted = {order_row(order)};
  return writes;
}
inline Writes updates(OrderRow row) {
  Writes writes;
  writes.updated = {std::move(row)};
  return writes;
}
inline Writes handles(std::uint64_t event) {
  Writes writes;
  writes.processed = {processed_row(event)};
  return writes;
}
inline Writes publishes(std::uint64_t event) {
  Writes writes;
  writes.outbox = {outbox_row(event, std::string("key ") + std::to_string(event))};
  return writes;
}

// The model, and PostgreSQL.
inline std::vector<Driver> both() { return {{"Model", make_model_ledger}, {"PostgreSQL", make_real_ledger}}; }
inline std::string name_of(const testing::TestParamInfo<Driver>& info) { return info.param.name; }

}  // namespace quickbite::contract
