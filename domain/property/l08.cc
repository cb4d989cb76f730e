// L8: redriving twice gives the same effects and the same dead letters as once.
//
// Of the effects S7 sees to it: an event has at most one, however often it comes. What is left is that a redriven record that
// fails again finds the letter of its first failure, and never becomes a letter of its own.
#include <string>

#include "domain/port/redrive.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

Checked check_letter(const View& view, Service service, const OutboxRow& row) {
  const auto record = record_of(row);
  const auto first = record ? redrive_origin(record->message.headers) : std::nullopt;
  if (!first || first->letter == row.id || !is_redrive_of_letter(view, service, record->message)) return std::nullopt;
  return broken("L8", {"the redrive of ", coordinates(first->topic, first->partition, first->offset), " at ",
                       coordinates(record->message.topic, record->message.partition, record->offset),
                       " was dead-lettered again as ", to_string(row.id.value), ", beside ",
                       to_string(first->letter.value)});
}

}  // namespace

Checked l08_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    const auto* inserted = std::get_if<OutboxInserted>(&fact);
    if (inserted == nullptr) continue;
    const OutboxRow* row = newest_row(outbox_of(view, inserted->service), inserted->seq);
    if (row == nullptr || !is_dead_letter(*row)) continue;
    if (auto violation = check_letter(view, inserted->service, *row)) return violation;
  }
  return std::nullopt;
}

Checked l08_full(const View& view) {
  for (const Service service : kServices) {
    for (const auto& [seq, row] : outbox_of(view, service)) {
      if (!is_dead_letter(row)) continue;
      if (auto violation = check_letter(view, service, row)) return violation;
    }
  }
  return std::nullopt;
}

}  // namespace quickbite::property
