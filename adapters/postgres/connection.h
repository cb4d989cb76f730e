// One connection to PostgreSQL: made when it is first needed, discarded when it breaks, made anew with the next call.
//
// Used by one thread; `health` by any. Inside this folder errors travel as exceptions of libpqxx up to `guarded` of the
// session, which turns each into an answer; none leaves the folder.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "adapters/postgres/pqxx_compat.h"
#include "adapters/postgres/session_options.h"
#include "adapters/postgres/sqlstate.h"

namespace quickbite::postgres {

struct Failure {
  std::string sqlstate;  // empty: the connection broke, or could not be made
  std::string text;
};

// A row that this binary cannot read: written by a newer one, or by hand.
struct UnreadableRow : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What the exception being handled says; where that is only that the connection broke, `notice`, the server's last, may say
// why. Call it inside a catch block.
Failure failure_of_current_exception(const std::string& notice = {});

// A statement to be prepared once a session under `name`; its parameters are all binary.
struct Statement {
  std::string name;
  std::string sql;
};

class Connection {
 public:
  explicit Connection(SessionOptions options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Each connects first where there is no connection. They throw what libpqxx throws.
  void connect() { open(); }
  pqxx::result run(const std::string& sql);
  pqxx::result run(const Statement& statement, const std::vector<std::string>& parameters);

  void begin();
  // Throws; the transaction is over either way.
  void commit();
  // Ends an open transaction, if need be by closing the connection. Never throws.
  void rollback() noexcept;
  bool in_transaction() const { return in_transaction_; }

  // To be called inside a catch block for every exception that a call above threw: says what it was, ends the transaction,
  // discards a session that has ended, and notes what it means for readiness.
  Failure failed();
  // To be called when an answer was had.
  void served();
  void close() noexcept;

  Health health() const;

 private:
  pqxx::connection& open();
  std::string settings() const;
  void note(Condition condition, const std::string& trouble);

  SessionOptions options_;
  std::unique_ptr<pqxx::connection> connection_;
  std::unique_ptr<LastNotice> notice_;  // dies before the connection it listens to
  std::set<std::string> prepared_;
  bool in_transaction_ = false;

  mutable std::mutex mutex_;
  Health health_;
};

}  // namespace quickbite::postgres
