// The policies and limits that both worlds honour; a wrong one is a bug that the simulator can find.
#pragma once

#include <cstdint>
#include <tuple>

#include "domain/base/time.h"

namespace quickbite {

inline constexpr Duration kWeek = seconds(7 * 24 * 3600);

struct ProducerPolicy {
  bool idempotent = true;
  bool acks_all = true;
  std::int32_t in_flight = 5;  // requests; more than 5 is not allowed with an idempotent producer (KIP-98)
  auto fields() const { return std::tie(idempotent, acks_all, in_flight); }
};

struct ConsumerPolicy {
  bool auto_commit = false;
  auto fields() const { return std::tie(auto_commit); }
};

struct Limits {
  std::int64_t batch = 200;                      // inbox items or records in one step
  std::int64_t queue = 4096;                     // inbox items waiting; one more is refused (503)
  std::int64_t outbox_batch = 500;               // rows of one relay pass
  std::int64_t list = 50;                        // orders in one answer of a list
  std::int64_t waiters = 1000;                   // long-polls at once in one Reader; one more is refused (503)
  Duration recheck = milliseconds(250);          // between two looks at what long-polls wait for
  Duration poll = milliseconds(100);             // an idle poll's length
  Duration relay_poll = milliseconds(500);       // fallback of the relay's wake-up
  Duration relay_poll_shared = milliseconds(50); // the same where other replicas store rows of its shards, and cannot wake it
  Duration relay_lease = seconds(10);            // for so long a replica that is gone keeps its shards of the outbox
  Duration backoff_base = milliseconds(10);      // first wait after Aborted or Unavailable
  Duration backoff_cap = milliseconds(1000);     // longest wait
  Duration request_deadline = milliseconds(5000);  // of an HTTP request, kept by the http port (504)
  Duration order_deadline = seconds(600);        // PENDING for longer is due to expire
  Duration sweep_poll = seconds(1);              // from the end of one pass of a sweeper to the next
  Duration retention = kWeek * 2;                // dedupe rows and sent rows are kept for so long; retention_needed at least
  auto fields() const {
    return std::tie(batch, queue, outbox_batch, list, waiters, recheck, poll, relay_poll, relay_poll_shared, relay_lease, backoff_base,
                    backoff_cap, request_deadline, order_deadline, sweep_poll, retention);
  }
};

// For how long dedupe rows and sent rows must be kept where records stay in the topics and in the dead-letter topics for so
// long: a week longer than either. While a record can still be delivered again, its dedupe row is what stops it; and from
// the sent rows a log that lost records is filled again.
Duration retention_needed(Duration topics, Duration dead_letters);

// The wait before attempt `attempt` (from 1): base · 2^(attempt−1), capped, then spread over its upper half by `salt` so that
// two machines that failed together do not meet again ("equal jitter", AWS Architecture Blog, 2015).
Duration backoff(const Limits& limits, std::int64_t attempt, std::uint64_t salt);
Duration backoff(Duration base, Duration cap, std::int64_t attempt, std::uint64_t salt);

}  // namespace quickbite
