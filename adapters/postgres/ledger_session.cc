#include "adapters/postgres/ledger_session.h"

#include <utility>

#include "adapters/postgres/connection.h"
#include "adapters/postgres/guarded.h"
#include "adapters/postgres/leases.h"
#include "adapters/postgres/letters.h"
#include "adapters/postgres/outbox.h"
#include "adapters/postgres/resending.h"
#include "adapters/postgres/retention.h"
#include "adapters/postgres/schema_access.h"
#include "adapters/postgres/writing.h"
#include "domain/base/check.h"

namespace quickbite::postgres {
namespace {

// Under an open transaction: writes, and commits. What has written nothing is never in doubt.
template <class Writes>
StoreAnswer write_and_commit(Connection& connection, const Writes& writes) {
  WriteStatement statement;
  add_rows(statement, writes);
  add_processed(statement, writes.processed);
  add_outbox(statement, writes.outbox);
  StoreAnswer written = guarded<StoreAnswer>(connection, [&]() -> StoreAnswer {
    if (!connection.in_transaction()) connection.begin();
    if (statement.empty()) {
      connection.commit();
    } else {
      statement.run(connection);
    }
    return Stored{};
  });
  if (statement.empty() || !std::holds_alternative<Stored>(written)) return written;
  return guarded_commit<StoreAnswer>(connection, [&]() -> StoreAnswer {
    connection.commit();
    return Stored{};
  });
}

}  // namespace

template <class L>
LedgerSession<L>::LedgerSession(SessionOptions options) : connection_(std::make_unique<Connection>(std::move(options))) {}

template <class L>
LedgerSession<L>::~LedgerSession() = default;

template <class L>
LoadAnswer<L> LedgerSession<L>::load(const Load<L>& load) {
  rollback();
  return guarded<LoadAnswer<L>>(*connection_, [&]() -> LoadAnswer<L> {
    connection_->begin();
    typename L::Rows rows;
    read_rows(*connection_, load.keys, load.lock, rows);
    HandledRead read = read_handled(*connection_, load.keys.events);
    rows.now = read.now;
    rows.handled = std::move(read.handled);
    return Loaded<L>{TxToken(++token_), std::move(rows)};
  });
}

template <class L>
StoreAnswer LedgerSession<L>::store(const Store<L>& store) {
  CHECK(connection_->in_transaction());
  CHECK(store.token == TxToken(token_));
  StoreAnswer answer = Stored{};
  for (const auto& writes : store.transactions) {
    answer = write_and_commit(*connection_, writes);
    if (!std::holds_alternative<Stored>(answer)) return answer;
  }
  rollback();  // of a transaction for which there was nothing to do
  return answer;
}

template <class L>
ReadOutboxAnswer LedgerSession<L>::read_outbox(const ReadOutbox& read) {
  rollback();
  return guarded<ReadOutboxAnswer>(*connection_, [&]() -> ReadOutboxAnswer {
    if (!read.renewal) return OutboxRead{read_unsent(*connection_, read.epoch, read.limit), std::nullopt};
    connection_->begin();
    const Lease lease = renew_lease(*connection_, *read.renewal);
    OutboxRead answer{read_unsent(*connection_, lease.epoch, read.limit), lease};
    connection_->commit();
    return answer;
  });
}

template <class L>
MarkAnswer LedgerSession<L>::mark(const MarkOutbox& mark) {
  rollback();
  return run_alone<MarkAnswer>(*connection_, [&]() -> MarkAnswer { return mark_outbox(*connection_, mark); });
}

template <class L>
PruneAnswer LedgerSession<L>::prune(const Prune& prune) {
  rollback();
  return run_alone<PruneAnswer>(*connection_, [&]() -> PruneAnswer { return prune_rows(*connection_, prune); });
}

template <class L>
FindLettersAnswer LedgerSession<L>::find_letters(const FindLetters& find) {
  rollback();
  return guarded<FindLettersAnswer>(
      *connection_, [&]() -> FindLettersAnswer { return postgres::find_letters(*connection_, find); });
}

template <class L>
ResendAnswer LedgerSession<L>::resend(const Resend& resend) {
  rollback();
  if (resend.until || resend.dry) {
    return run_alone<ResendAnswer>(*connection_, [&]() -> ResendAnswer { return resend_rows(*connection_, resend); });
  }
  ResendAnswer answer = guarded<ResendAnswer>(*connection_, [&]() -> ResendAnswer {
    connection_->begin();
    end_leases(*connection_);
    return resend_rows(*connection_, resend);  // of what was marked by now, whoever it had to wait for
  });
  if (!std::holds_alternative<Resent>(answer)) return answer;
  const ResendAnswer committed = guarded_commit<ResendAnswer>(*connection_, [&]() -> ResendAnswer {
    connection_->commit();
    return Resent{};
  });
  return std::holds_alternative<Resent>(committed) ? answer : committed;
}

template <class L>
void LedgerSession<L>::rollback() {
  connection_->rollback();
}

template <class L>
Health LedgerSession<L>::health() const {
  return connection_->health();
}

template class LedgerSession<OrdersLedger>;
template class LedgerSession<InventoryLedger>;

ReadOrdersAnswer OrdersLedgerSession::read_orders(const ReadOrders& read) {
  rollback();
  return guarded<ReadOrdersAnswer>(*connection_, [&]() -> ReadOrdersAnswer {
    return postgres::read_orders(*connection_, read);
  });
}

FindDueAnswer OrdersLedgerSession::find_due(const FindDue& find) {
  rollback();
  return guarded<FindDueAnswer>(*connection_, [&]() -> FindDueAnswer { return postgres::find_due(*connection_, find); });
}

}  // namespace quickbite::postgres
