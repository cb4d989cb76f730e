// The ledger model: PostgreSQL at READ COMMITTED as the machines meet it, as one copyable value.
//
// Sessions (one a client) run requests a statement at a time, so that transactions interleave at every statement. Modelled:
// what a statement sees (rows committed before it began, and its own writes), row locks and who waits for them, uncommitted
// unique keys that make the second inserter wait and then fail (23505) or go on, sequence values taken at insert and seen at
// commit, 40001, deadlock victims (40P01), lock timeouts (55P03), connections that break before, at or after COMMIT (in doubt
// both ways, and the old commit still running), an idle transaction that is killed, and a server that is down.
// docs/assumptions.md lists each behaviour with its source and its contract test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/machine/host.h"
#include "domain/port/ledger.h"
#include "domain/port/tables.h"
#include "domain/property/delta.h"
#include "sim/model/ledger_tables.h"
#include "sim/model/letters.h"

namespace quickbite::sim {

template <class L>
struct TablesOf;
template <>
struct TablesOf<OrdersLedger> {
  using Type = OrdersTables;
  static constexpr property::Service kService = property::Service::kOrders;
};
template <>
struct TablesOf<InventoryLedger> {
  using Type = InventoryTables;
  static constexpr property::Service kService = property::Service::kInventory;
};

// What the surroundings do to the statement that is about to run.
enum class Fate : std::uint8_t {
  kGo,
  kSerialization,      // 40001
  kDeadlock,           // 40P01, whatever else waits
  kBreak,              // the connection breaks before the statement: rolled back, Unavailable
  kBreakAfterCommit,   // of a COMMIT: it lands, the answer does not (InDoubt)
  kBreakBeforeCommit,  // of a COMMIT: rolled back (InDoubt)
  kBreakDuringCommit,  // of a COMMIT: InDoubt at once, and it lands when the session is run again
};

template <class L>
class Ledger {
 public:
  using Tables = typename TablesOf<L>::Type;
  using Request = std::variant<Load<L>, Store<L>, ReadOutbox, MarkOutbox, ReadOrders, FindDue, Prune, LettersAsked,
                               Resend>;
  using Answer = std::variant<LoadAnswer<L>, StoreAnswer, ReadOutboxAnswer, MarkAnswer, ReadOrdersAnswer, FindDueAnswer,
                              PruneAnswer, FindLettersAnswer, ResendAnswer>;
  using Client = std::uint32_t;  // whose connection it is; one open connection a client
  using Slot = std::uint32_t;    // of a session

  // What running one statement came to.
  enum class Next : std::uint8_t {
    kMore,      // run the slot again after a statement's time
    kBlocked,   // waits for a lock: `take_woken` names the slot when it may be run again
    kAnswered,  // `answer` holds what to tell the client, under `effect`
    kGone,      // a detached session has ended; nobody is told
  };
  struct Ran {
    Next next = Next::kMore;
    std::optional<Answer> answer;
    bool also_run_again = false;  // kBreakDuringCommit: the detached commit goes on
  };

  // The client's request begins on its session (a new one where it has none); nothing runs yet. A request while another is under
  // way there is dropped: nullopt.
  std::optional<Slot> begin(Client client, EffectId effect, Request&& request);

  // True where running the slot is a COMMIT (of a Store, a Mark, a Prune, a Resend or a renewal), so that the fates of one may strike.
  bool commits_next(Slot slot) const;

  // Runs the slot's next statement. Facts of what commits are added to `delta`. `now` becomes the rows' `now`.
  Ran run(Slot slot, Fate fate, Instant now, property::Delta& delta);

  // The client's connection is closed from its side. What has been sent to the server still runs to its end: a COMMIT under way
  // lands where `commit_lands`, everything else is rolled back.
  void disconnect(Client client, bool commit_lands);

  // A waiting session gives up: Aborted(55P03). Nullopt where it does not wait any more under that effect.
  std::optional<Answer> lock_timeout(Slot slot, EffectId effect);

  // The server ends the client's idle transaction (25P03 at the client's next request: answered as Aborted).
  void idle_timeout(Client client);

  // The server goes down: every session ends. What is under way is told by `run` as Unavailable, or InDoubt at a COMMIT (which
  // lands where `commits_land`). While down, requests are Unavailable.
  void set_down(bool down, bool commits_land, Instant now, property::Delta& delta);
  bool down() const { return down_; }

  // From now on no row of this order is taken (or it is again): the data itself is refused.
  void refuse(const OrderId& order, bool refused);

  // Slots that waited and may be run now, since the last call; oldest first.
  std::vector<Slot> take_woken();

  EffectId effect(Slot slot) const { return sessions_[slot].effect; }
  const Request* request(Slot slot) const { return sessions_[slot].request ? &*sessions_[slot].request : nullptr; }
  std::uint32_t stage(Slot slot) const { return sessions_[slot].stage; }
  bool detached(Slot slot) const { return sessions_[slot].detached; }
  OrderId order(Slot slot) const;             // one that the request is about, or nil
  bool commits_next_of(Client client) const;  // its session is at a COMMIT
  Client client(Slot slot) const { return sessions_[slot].client; }
  bool active(Slot slot) const { return slot < sessions_.size() && sessions_[slot].used; }
  bool blocked(Slot slot) const { return sessions_[slot].blocked; }
  std::size_t slots() const { return sessions_.size(); }
  bool busy() const;                               // a request is under way, beyond a sweeper's or a relay's looking round
  bool unsent() const { return sendable(tables_, backlog_); }  // an outbox row waits that the relay will send
  bool marking() const;                            // a relay's mark is under way

  // For "sometimes" facts: a row was sent whose sequence number is above `seq`; a reservation was released at some time.
  bool seen_later_seq(OutboxSeq seq) const;
  bool released() const;

  const Tables& tables() const { return tables_; }
  Tables& seed_tables() { return tables_; }  // before the run: stock and its SEED movements

  auto fields() const { return std::tie(tables_, sessions_, next_seq_, down_, refused_); }

 private:
  // A row or a key that a transaction holds: table and hash of the key. Two keys of one hash make a false wait, no more.
  struct LockKey {
    std::uint8_t table = 0;
    std::uint64_t hash = 0;
    auto fields() const { return std::tie(table, hash); }
    friend bool operator==(const LockKey&, const LockKey&) = default;
  };
  struct Session {
    bool used = false;
    Client client = 0;
    EffectId effect;
    std::optional<Request> request;  // under way
    std::uint32_t stage = 0;         // the next statement of it
    std::uint32_t transaction = 0;   // the next of a Store's transactions
    typename L::Rows rows;           // of a Load, so far
    bool in_transaction = false;
    TxToken token;
    std::vector<LockKey> locks;
    bool blocked = false;
    Slot blocked_by = 0;
    bool waited = false;        // in the statement under way, which has seen which rows there are
    bool detached = false;      // its client is gone
    bool lands = false;         // detached at a COMMIT that lands
    bool killed_idle = false;   // the next request is Aborted(25P03)
    bool lost = false;          // the server went down under it
    bool lost_in_doubt = false;
    auto fields() const {
      return std::tie(used, client, effect, request, stage, transaction, rows, in_transaction, token, locks, blocked,
                      blocked_by, waited, detached, lands, killed_idle, lost, lost_in_doubt);
    }
  };

  enum class Locking : std::uint8_t { kHeld, kWait, kDeadlock };

  Ran run_load(Slot slot, Load<L>& load, Instant now);
  Ran run_store(Slot slot, Store<L>& store, Fate fate, Instant now, property::Delta& delta);
  // Of a request that is its own transaction, and taken in one piece: Mark, Prune, Resend, a renewal.
  Ran run_alone(Slot slot, Fate fate, Instant now, property::Delta& delta);
  Answer commit_alone(Request& request, Instant now, property::Delta& delta);
  Ran answered(Slot slot, Answer&& answer);
  Ran aborted(Slot slot, const char* sqlstate);
  Ran broken(Slot slot, bool at_commit);
  Answer in_doubt(const Session& session) const;
  template <class A>
  Answer as_answer(const Session& session, A outcome) const;

  Locking lock(Slot slot, const LockKey& key);
  void leave_out_locked(Slot slot, std::vector<OrderId>& orders) const;
  std::optional<Ran> lock_wanted(Slot slot);
  void end_transaction(Slot slot);
  void close(Slot slot);
  void wake_waiters_of(Slot slot);
  Slot session_of(Client client);

  Tables tables_;
  std::vector<Session> sessions_;
  std::int64_t next_seq_ = 1;
  bool down_ = false;
  std::vector<OrderId> refused_;           // sorted
  std::vector<Slot> woken_;                // taken within the step that fills it
  std::vector<LockKey> wanted_;            // by the statement that runs
  Backlog backlog_;                        // derived from the outbox
};

extern template class Ledger<OrdersLedger>;
extern template class Ledger<InventoryLedger>;

}  // namespace quickbite::sim
