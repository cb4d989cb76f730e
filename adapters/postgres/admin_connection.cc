#include "adapters/postgres/admin_connection.h"

#include "absl/strings/str_cat.h"
#include "adapters/postgres/connection.h"
#include "adapters/postgres/connection_string.h"
#include "adapters/postgres/sqlstate.h"

namespace quickbite::postgres {

absl::Status status_of_current_exception(const std::string& doing) {
  const Failure failure = failure_of_current_exception();
  const std::string text =
      absl::StrCat(doing, ": ", failure.text, failure.sqlstate.empty() ? "" : absl::StrCat(" (", failure.sqlstate, ")"));
  if (failure.sqlstate == "42501" || failure.sqlstate.substr(0, 2) == "28") return absl::PermissionDeniedError(text);
  switch (meaning_of(failure.sqlstate)) {
    case Meaning::kAborted:
    case Meaning::kUnavailable:
      return absl::UnavailableError(text);
    case Meaning::kMismatched:
      return absl::FailedPreconditionError(text);
    case Meaning::kRefused:
      return absl::InvalidArgumentError(text);
  }
  __builtin_unreachable();
}

AdminConnection::AdminConnection(const std::string& where) : connection(with_timeouts(where)), quiet(connection) {
  never_reconnect(connection);
  run("SET application_name = 'quickbite admin'; SET client_encoding = 'UTF8'; SET lock_timeout = '10s'");
}

pqxx::result AdminConnection::run(const std::string& sql) {
  pqxx::nontransaction session(connection);
  return session.exec(sql);
}

std::string AdminConnection::quote(const std::string& text) {
  pqxx::nontransaction session(connection);
  return session.quote(text);
}

std::string AdminConnection::quote_name(const std::string& name) {
  pqxx::nontransaction session(connection);
  return session.quote_name(name);
}

}  // namespace quickbite::postgres
