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
template <class Answer, class Call>
Answer guarded_commit(Connection& connection, Call call) {
  try {
    Answer answer = call();
    connection.served();
    return answer;
  } catch (...) {
    const Failure failure = connection.failed();
    if (ends_session(failure.sqlstate) && meaning_of(failure.sqlstate) == Meaning::kUnavailable) return InDoubt{};
    return answer_of<Answer>(failure);
  }
}

// Runs `call`, one statement that is its own transaction, on a connection that is there before.
template <class Answer, class Call>
Answer run_alone(Connection& connection, Call call) {
  try {
    connection.connect();
  } catch (...) {
    const Failure failure = connection.failed();
    return answer_of<Answer>(failure);
  }
  return guarded_commit<Answer>(connection, call);
}

}  // namespace quickbite::postgres
