#include "adapters/postgres/sqlstate.h"

#include <algorithm>
#include <array>

namespace quickbite::postgres {
namespace {

template <std::size_t N>
bool among(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

constexpr std::array<std::string_view, 6> kAbortedStates = {
    "40001",  // serialization_failure
    "40P01",  // deadlock_detected
    "23505",  // unique_violation
    "55P03",  // lock_not_available
    "25P03",  // idle_in_transaction_session_timeout
    "0A000",  // feature_not_supported: a cached plan whose table was changed
};

constexpr std::array<std::string_view, 3> kRefusedClasses = {
    "22",  // data exception
    "23",  // integrity constraint violation, but 23505
    "54",  // program limit exceeded: this row is too large for an index
};

constexpr std::array<std::string_view, 6> kMismatchedClasses = {
    "42",  // syntax error or access rule violation: no such table or column, no such right
    "3D",  // invalid catalog name
    "3F",  // invalid schema name
    "28",  // invalid authorization specification
    "P0",  // raised by a trigger that this binary does not know
    "44",  // WITH CHECK OPTION violation
};

constexpr std::array<std::string_view, 2> kEndedSessions = {
    "25P03",  // idle_in_transaction_session_timeout: the server has closed the session
    "0A000",
};

constexpr std::array<std::string_view, 4> kEndedClasses = {
    "08",  // connection exception
    "26",  // invalid SQL statement name: not the session in which we prepared it (a pooler's doing)
    "XX",  // internal error
    "58",  // system error
};

}  // namespace

Meaning meaning_of(std::string_view sqlstate) {
  if (among(kAbortedStates, sqlstate)) return Meaning::kAborted;
  if (sqlstate == "57014") return Meaning::kRefused;  // query_canceled: the statement timed out
  const std::string_view error_class = sqlstate.substr(0, 2);
  if (among(kRefusedClasses, error_class)) return Meaning::kRefused;
  if (among(kMismatchedClasses, error_class)) return Meaning::kMismatched;
  return Meaning::kUnavailable;
}

bool ends_session(std::string_view sqlstate) {
  return sqlstate.size() < 2 || among(kEndedSessions, sqlstate) || among(kEndedClasses, sqlstate.substr(0, 2)) ||
         (sqlstate.substr(0, 3) == "57P");
}

}  // namespace quickbite::postgres
