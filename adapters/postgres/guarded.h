// Calls of a session, with what they throw turned into the port's answers.
#pragma once

#include <variant>

#include "adapters/postgres/connection.h"
#include "domain/port/ledger.h"

namespace quickbite::postgres {

template <class Answer>
Answer answer_of(const Failure& failure) {
  switch (meaning_of(failure.sqlstate)) {
    case Meaning::kAborted:
      return Aborted{failure.sqlstate};
    case Meaning::kRefused:
      return Refused{failure.sqlstate};
    case Meaning::kUnavailable:
    case Meaning::kMismatched:
      return Unavailable{};
  }
  __builtin_unreachable();
}

// Runs `call`, whose every error says that nothing was applied.
template <class Answer, class Call>
Answer guarded(Connection& connection, Call call) {
  try {
    Answer answer = call();
    connection.served();
    return answer;
  } catch (...) {
    const Failure failure = connection.failed();
    return answer_of<Answer>(failure);
  }
}

// Runs `call`, which commits. Where the session ended meanwhile nobody knows whether it did, unless the server says that it
// had closed the session while that was idle: then the COMMIT was never read.
template <class Call>
StoreAnswer guarded_commit(Connection& connection, Call call) {
  try {
    call();
    connection.served();
    return Stored{};
  } catch (...) {
    const Failure failure = connection.failed();
    if (ends_session(failure.sqlstate) && meaning_of(failure.sqlstate) == Meaning::kUnavailable) return InDoubt{};
    return answer_of<StoreAnswer>(failure);
  }
}

}  // namespace quickbite::postgres
