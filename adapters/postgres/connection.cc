#include "adapters/postgres/connection.h"

#include <cstddef>
#include <exception>
#include <new>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "adapters/postgres/connection_string.h"

namespace quickbite::postgres {
namespace {

// Without the line that says where in PostgreSQL's source the error arose.
std::string tidy(const std::string& text) {
  return std::string(absl::StripTrailingAsciiWhitespace(text.substr(0, text.find("\nLOCATION:"))));
}

// Of a verbose error, "FATAL:  25P03: terminating connection …"; empty where it names none.
std::string sqlstate_in(const std::string& text) {
  for (std::size_t at = text.find(": "); at != text.npos; at = text.find(": ", at + 1)) {
    const std::size_t start = text.find_first_not_of(' ', at + 1);
    if (start == text.npos || text.size() < start + 6 || text[start + 5] != ':') continue;
    const std::string state = text.substr(start, 5);
    if (state.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == state.npos) return state;
  }
  return {};
}

Failure failure_of_broken(const std::string& what, const std::string& notice) {
  const std::string state = sqlstate_in(notice);
  if (ends_session(state) && !state.empty()) return {state, tidy(notice)};
  return {"", tidy(what)};
}

std::string setting(const char* name, Duration value) { return absl::StrCat("SET ", name, " = ", value.us / 1000, ";"); }

}  // namespace

Failure failure_of_current_exception(const std::string& notice) {
  try {
    throw;
  } catch (const pqxx::serialization_failure& error) {  // 6.4 gives these two no sqlstate()
    return {"40001", tidy(error.what())};
  } catch (const pqxx::deadlock_detected& error) {
    return {"40P01", tidy(error.what())};
  } catch (const pqxx::sql_error& error) {
    return {sqlstate_of(error), tidy(error.what())};
  } catch (const UnreadableRow& error) {
    return {"42000", error.what()};
  } catch (const std::bad_alloc&) {
    return {"53200", "this process is out of memory"};
  } catch (const std::exception& error) {
    return failure_of_broken(error.what(), notice);
  }
}

Connection::Connection(SessionOptions options) : options_(std::move(options)) {}

Connection::~Connection() { close(); }

pqxx::result Connection::run(const std::string& sql) {
  pqxx::nontransaction session(open());
  return session.exec(sql);
}

pqxx::result Connection::run(const Statement& statement, const std::vector<std::string>& parameters) {
  pqxx::connection& connection = open();
  if (prepared_.count(statement.name) == 0) {
    connection.prepare(statement.name, statement.sql);
    prepared_.insert(statement.name);
  }
  pqxx::nontransaction session(connection);
  return exec_prepared(session, statement.name, parameters);
}

void Connection::begin() {
  run("BEGIN");
  in_transaction_ = true;
}

void Connection::commit() {
  in_transaction_ = false;
  run("COMMIT");
}

void Connection::rollback() noexcept {
  if (!in_transaction_) return;
  in_transaction_ = false;
  try {
    if (connection_ != nullptr) run("ROLLBACK");
  } catch (...) {
    close();
  }
}

Failure Connection::failed() {
  Failure failure = failure_of_current_exception(notice_ == nullptr ? "" : notice_->text());
  if (ends_session(failure.sqlstate)) close();
  rollback();
  switch (meaning_of(failure.sqlstate)) {
    case Meaning::kAborted:
    case Meaning::kRefused:
      served();
      break;
    case Meaning::kUnavailable:
      note(Condition::kUnreachable, failure.text);
      break;
    case Meaning::kMismatched:
      note(Condition::kMismatched, failure.text);
      break;
  }
  return failure;
}

void Connection::served() {
  const std::lock_guard lock(mutex_);
  health_.condition = Condition::kServing;
  health_.trouble.clear();
}

void Connection::close() noexcept {
  in_transaction_ = false;
  prepared_.clear();
  try {
    notice_.reset();
    connection_.reset();
  } catch (...) {
    // Its socket is closed, whatever the destructor thought of that.
  }
}

Health Connection::health() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

pqxx::connection& Connection::open() {
  if (connection_ == nullptr) {
    auto connection = std::make_unique<pqxx::connection>(with_timeouts(options_.connection));
    auto notice = std::make_unique<LastNotice>(*connection);
    never_reconnect(*connection);
    tell_sqlstates(*connection);
    pqxx::nontransaction(*connection).exec(settings());
    connection_ = std::move(connection);
    notice_ = std::move(notice);
  }
  return *connection_;
}

// The planner settings: a plan made while a table is new and empty is kept while the table grows, so it must use an index
// from the start; and what cannot must not cost a compilation.
std::string Connection::settings() const {
  std::string name;
  for (const char c : options_.application_name) name += c == '\'' ? std::string("''") : std::string(1, c);
  return absl::StrCat(
      "SET application_name = '", name, "';",
      setting("lock_timeout", options_.lock_timeout),
      setting("idle_in_transaction_session_timeout", options_.idle_in_transaction_timeout),
      setting("statement_timeout", options_.statement_timeout),
      "SET synchronous_commit = ", options_.asynchronous_commit ? "off" : "on", ";",
      "SET default_transaction_isolation = '", options_.repeatable_read ? "repeatable read" : "read committed", "';",
      "SET client_encoding = 'UTF8'; SET bytea_output = 'hex'; SET standard_conforming_strings = on;"
      "SET plan_cache_mode = force_generic_plan; SET jit = off;"
      "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;");
}

void Connection::note(Condition condition, const std::string& trouble) {
  const std::lock_guard lock(mutex_);
  health_ = {condition, trouble};
}

}  // namespace quickbite::postgres
