// A ledger with several sessions whose requests interleave, as the contract tests drive it: the model's or PostgreSQL's.
//
// A request that is started runs until it settles: until it is answered, waits for a lock, or stands at a COMMIT that is held.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <variant>

#include "domain/base/time.h"
#include "domain/port/ledger.h"
#include "domain/port/letters.h"
#include "domain/port/resend.h"

namespace quickbite::contract {

using Request = std::variant<Load<OrdersLedger>, Store<OrdersLedger>, ReadOutbox, MarkOutbox, ReadOrders, FindDue, Prune,
                             FindLetters, Resend>;
using Answer = std::variant<LoadAnswer<OrdersLedger>, StoreAnswer, ReadOutboxAnswer, MarkAnswer, ReadOrdersAnswer, FindDueAnswer,
                            PruneAnswer, FindLettersAnswer, ResendAnswer>;

enum class Settled { kAnswered, kWaitsForLock, kAtCommit };

inline std::ostream& operator<<(std::ostream& out, Settled settled) {
  constexpr const char* kNames[] = {"answered", "waits for a lock", "at COMMIT"};
  return out << kNames[static_cast<int>(settled)];
}

// How a COMMIT ends whose connection broke.
enum class Fall {
  kLost,          // before it took effect
  kLanded,        // after it took effect, before the answer
  kStillRunning,  // the client knows nothing, and the server is still at it; `hold_commits(session, false)` lets it land
};

class LedgerUnderTest {
 public:
  using Session = int;  // 0, 1, 2: each has a connection of its own
  static constexpr int kSessions = 3;

  virtual ~LedgerUnderTest() = default;

  // Begins a request on a session that has none under way.
  virtual void start(Session session, Request request) = 0;
  // Waits until the session's request has settled, and says how. What others do may settle it anew: who has been let go may
  // for a moment seem to wait.
  virtual Settled settled(Session session) = 0;
  // Waits for the answer; the session is then free.
  virtual Answer answer(Session session) = 0;

  // From now on a Store of this session stops at its COMMIT, until it is let go.
  virtual void hold_commits(Session session, bool hold) = 0;
  // Breaks the connection of a session that stands at its COMMIT.
  virtual void break_commit(Session session, Fall fall) = 0;
  // The server ends the session's backend: idle, idle in a transaction, or waiting for a lock.
  virtual void kill(Session session) = 0;
  // Nothing happens for so long. Timeouts are those of production.
  virtual void advance(Duration duration) = 0;
  // A conflict with what committed after this session's transaction began is a serialization failure, as under REPEATABLE
  // READ. To be said before the session is used.
  virtual void fail_to_serialize(Session session) = 0;
  // False where this ledger cannot be brought to fall so.
  virtual bool can_break(Fall) const { return true; }
};

struct Driver {
  std::string name;
  std::function<std::unique_ptr<LedgerUnderTest>()> make;
};
inline std::ostream& operator<<(std::ostream& out, const Driver& driver) { return out << driver.name; }

std::unique_ptr<LedgerUnderTest> make_model_ledger();
std::unique_ptr<LedgerUnderTest> make_real_ledger();
// With timeouts of a minute: for operations whose outcome must not depend on how long they take.
std::unique_ptr<LedgerUnderTest> make_patient_real_ledger();

}  // namespace quickbite::contract
