// The operator's part of the Ledger port: finding dead letters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/port/ledger.h"
#include "domain/port/redrive.h"

namespace quickbite {

// Dead letters by seq, those behind `after` only, with what came of each; no lock is taken. Every condition
// that is there has to hold.
struct LetterFilter {
  std::vector<EventId> ids;            // one of these; empty: any
  std::optional<Topic> topic;          // of the record: orders.v1, inventory.v1
  std::string reason;                  // the reason begins with this: "REFUSED" is also "REFUSED 22001"
  std::optional<std::string> key;      // the record's key
  std::string text;                    // stands somewhere in the record's bytes or key: an order id, a SKU
  std::optional<Instant> since;        // dead-lettered at or after
  std::optional<Instant> until;        // before
  auto fields() const { return std::tie(ids, topic, reason, key, text, since, until); }
  friend bool operator==(const LetterFilter&, const LetterFilter&) = default;
};
struct FindLetters {
  LetterFilter filter;
  OutboxSeq after;  // OutboxSeq{}: from the first
  std::int64_t limit = 0;
  auto fields() const { return std::tie(filter, after, limit); }
};
struct LettersFound {
  std::vector<LetterFound> letters;
  auto fields() const { return std::tie(letters); }
};
using FindLettersAnswer = std::variant<LettersFound, Aborted, Refused, Unavailable>;

// Whether the filter's conditions hold for an outbox row.
bool selects(const LetterFilter& filter, const OutboxRow& row);

}  // namespace quickbite
