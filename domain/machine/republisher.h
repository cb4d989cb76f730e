// Republisher: has a service's relay send again what it sent before, as an operator asks after a topic was lost.
//
//   Idle (Waiting) + request  → Resend of a batch
//   Resending      + Resent   → Resend once more where the batch was full and the request not yet, else tells that it is done; idle
//   Resending      + Refused  → the backoff, then Resend of half as many rows; of one: tells that it is done, and why
//   Resending      + Aborted, Unavailable, InDoubt → Wait the backoff, then the same again: what became unsent is not found again
//
// What it has done is not lost with it, and a request that is made again finds what is left.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/machine/machine.h"
#include "domain/port/policy.h"
#include "domain/port/resend.h"

namespace quickbite {

struct RepublishRequest {
  ResendFilter filter;
  std::optional<Instant> until;  // sent before; none: before it begins, so that it ends
  bool dry = false;       // counts, at most `most` and a batch, and changes nothing
  std::int64_t most = 0;  // rows, at most
  auto fields() const { return std::tie(filter, until, dry, most); }
};

class Republisher {
 public:
  using Item = RepublishRequest;
  using Effect = std::variant<Resend, Wait>;
  using Answer = std::variant<ResendAnswer, Waited>;
  struct Batch {
    std::int64_t rows = 0;
    auto fields() const { return std::tie(rows); }
  };
  struct Done {
    std::string refused;  // the SQLSTATE with which the database refused it; empty: all is done
    bool full = false;    // `most` rows; others may be left
    Instant until;        // those that were sent before then; a request that names it goes on with what is left
    auto fields() const { return std::tie(refused, full, until); }
  };
  using Notice = std::variant<Batch, OutboxFilled, Done>;

  // `salt` spreads the backoffs of different machines.
  Republisher(const Limits& limits, std::uint64_t salt) : limits_(limits), salt_(salt), rows_(limits.outbox_batch) {}

  Step<Republisher> step(Input<Republisher>&& input, Instant now);

  auto fields() const { return std::tie(requests_, until_, rows_, done_, attempt_, state_); }

 private:
  enum class State : std::uint8_t { kIdle, kResending, kWaiting };

  Step<Republisher> on_resent(ResendAnswer&& answer, Instant now);
  Step<Republisher> resend();
  Step<Republisher> begin();
  Step<Republisher> finish(std::string refused);
  Step<Republisher> retry(Instant now);
  std::int64_t rows_next() const;

  Limits limits_;
  std::uint64_t salt_;
  std::vector<RepublishRequest> requests_;  // the front is under way
  std::optional<Instant> until_;            // as its first Resend was answered
  std::int64_t rows_;                       // of a Resend
  std::int64_t done_ = 0;                   // rows, of this request
  std::int64_t attempt_ = 0;
  State state_ = State::kIdle;
};

}  // namespace quickbite
