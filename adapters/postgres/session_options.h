// What a ledger session is made with, and how it is doing.
#pragma once

#include <cstdint>
#include <string>

#include "domain/base/time.h"

namespace quickbite::postgres {

struct SessionOptions {
  // libpq's: "host=… dbname=…" or a postgresql:// URI (PostgreSQL manual 34.1.1). connect_timeout (2 s), keepalives and
  // tcp_user_timeout (5 s) are added where it does not name them.
  std::string connection;
  std::string application_name;  // the machine's, as pg_stat_activity shows it

  Duration lock_timeout = milliseconds(500);
  Duration idle_in_transaction_timeout = seconds(2);  // a paused process cannot hold stock for longer
  Duration statement_timeout = seconds(5);

  // Commits are answered before they are on disk: after a crash of the *server* the last of them (some 0.6 s) may be gone,
  // whole and in order. Only for a relay's session: a mark that is lost is a row that is sent once more.
  bool asynchronous_commit = false;

  // READ COMMITTED is what production uses; the contract tests provoke 40001 under the other.
  bool repeatable_read = false;
};

enum class Condition : std::uint8_t {
  kUntried,      // nothing was asked yet
  kServing,      // the last call reached the database
  kUnreachable,  // the last call did not, or was turned away; the next tries again
  kMismatched,   // the schema is not the one that this binary knows: not ready
};

struct Health {
  Condition condition = Condition::kUntried;
  std::string trouble;  // what the server or libpq said; empty while serving

  bool ready() const { return condition == Condition::kServing; }
};

}  // namespace quickbite::postgres
