// What an SQLSTATE means to a machine (PostgreSQL manual, appendix A).
#pragma once

#include <string_view>

namespace quickbite::postgres {

enum class Meaning {
  kAborted,      // nothing applied: decide again on fresh rows
  kRefused,      // the data itself, or a statement that timed out
  kUnavailable,  // nothing applied: wait
  kMismatched,   // the schema is not the one that this binary knows (class 42 and its like): not ready until it is
};

// An empty SQLSTATE is a connection that broke. What is not listed is kUnavailable: never is a good record refused, and so
// dead-lettered, for an error that nobody foresaw.
Meaning meaning_of(std::string_view sqlstate);

// True where the session has ended, or must be ended, with the error: it is discarded and made anew with the next call.
// 0A000 is among them ("cached plan must not change result type"): only a new session prepares its statements anew.
bool ends_session(std::string_view sqlstate);

}  // namespace quickbite::postgres
