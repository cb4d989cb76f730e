// The operator's part of the Ledger port: sending again what was sent, for a topic that lost it.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/port/ledger.h"

namespace quickbite {

// Every condition that is there has to hold.
struct ResendFilter {
  std::vector<EventId> events;    // one of these; empty: any
  std::optional<Topic> topic;
  std::optional<Instant> since;   // sent at or after
  auto fields() const { return std::tie(events, topic, since); }
  friend bool operator==(const ResendFilter&, const ResendFilter&) = default;
};

// One transaction: rows that were sent before `until` (none: before now, by the database's clock) become unsent, the oldest sent
// first, at most `limit`; the relay sends them again under their ids, and consumers know what they have handled. A row that the
// relay has sent again since is of after `until`, so that a run of Resends ends. Rows whose retention is over are gone.
//
// The first of a run (no `until`; not a dry one) ends the relays' leases before it looks (domain/port/lease.h). A mark that is under
// way is either there before, and its row becomes unsent with the others, or is of an epoch that claims nothing any more: no
// row can be marked afterwards at a place from before. The relays go on with their next renewal.
struct Resend {
  ResendFilter filter;
  std::optional<Instant> until;
  std::int64_t limit = 0;
  bool dry = false;  // counts, and changes nothing
  auto fields() const { return std::tie(filter, until, limit, dry); }
};
struct Resent {
  std::int64_t rows = 0;
  Instant until;  // that of the Resend, or what now was
  auto fields() const { return std::tie(rows, until); }
};
using ResendAnswer = std::variant<Resent, Aborted, Refused, Unavailable, InDoubt>;

}  // namespace quickbite
