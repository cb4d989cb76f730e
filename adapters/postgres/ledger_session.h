// The Ledger port (domain/port/ledger.h) on PostgreSQL: a session for each machine, on a connection of its own.
//
// Blocking; used by one thread, `health` by any. No exception leaves it. Every call takes as few round trips as its contract
// allows: Load is BEGIN, the locks (one statement a table), and the dedupe rows; Store is one statement, whatever it writes,
// and COMMIT; a renewal is a transaction of a few statements before what is read; each of the others is a single statement.
//
//   error                                                                     answer
//   40001 40P01 23505 55P03 25P03 0A000                                       Aborted
//   class 22 23 54, 57014                                                     Refused
//   no connection, it broke, class 53 57, read-only, whatever is not listed   Unavailable
//   class 42 3D 3F 28 P0, a row that cannot be read                           Unavailable, and health is kMismatched
//   the connection broke at COMMIT                                            InDoubt
//
// A transaction is READ COMMITTED. Its BEGIN is a statement of its own so that a broken connection is found before anything
// is asked of it; the call after one that lost its connection makes a new one.
#pragma once

#include <cstdint>
#include <memory>

#include "adapters/postgres/session_options.h"
#include "domain/port/letters.h"
#include "domain/port/resend.h"

namespace quickbite::postgres {

class Connection;

template <class L>
class LedgerSession {
 public:
  explicit LedgerSession(SessionOptions options);
  ~LedgerSession();
  LedgerSession(const LedgerSession&) = delete;
  LedgerSession& operator=(const LedgerSession&) = delete;

  LoadAnswer<L> load(const Load<L>& load);

  // `store.token` is that of the Loaded whose transaction is open; anything else is a bug in the machine (CHECK).
  StoreAnswer store(const Store<L>& store);

  ReadOutboxAnswer read_outbox(const ReadOutbox& read);
  MarkAnswer mark(const MarkOutbox& mark);

  PruneAnswer prune(const Prune& prune);

  FindLettersAnswer find_letters(const FindLetters& find);
  ResendAnswer resend(const Resend& resend);

  // Ends the transaction that a Loaded left open, if there is one.
  void rollback();

  Health health() const;

 protected:
  std::unique_ptr<Connection> connection_;

 private:
  std::uint64_t token_ = 0;  // of the last Loaded
};

class OrdersLedgerSession : public LedgerSession<OrdersLedger> {
 public:
  using LedgerSession::LedgerSession;

  ReadOrdersAnswer read_orders(const ReadOrders& read);
  FindDueAnswer find_due(const FindDue& find);
};

using InventoryLedgerSession = LedgerSession<InventoryLedger>;

extern template class LedgerSession<OrdersLedger>;
extern template class LedgerSession<InventoryLedger>;

}  // namespace quickbite::postgres
