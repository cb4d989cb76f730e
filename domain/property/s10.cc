// S10: a dead letter keeps the original bytes, coordinates and reason; only permanent failures get
// there, never a good record while a dependency was down.
//
// A reason is true for ever or never: bytes stay malformed, a reservation's lines never change, and
// what a database refuses by its nature (`Ghosts::refusable`) it refuses again.
#include <algorithm>
#include <string>
#include <vector>

#include "domain/base/match.h"
#include "domain/message/wire.h"
#include "domain/port/dead_letter.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

struct Letter {
  Service service;
  const OutboxRow& row;
  DeadLetterOrigin origin;
};

Checked untrue(const Letter& letter, std::string_view why) {
  return broken("S10",
                {"the dead letter of ",
                 coordinates(letter.origin.topic, letter.origin.partition, letter.origin.offset),
                 " says ", letter.origin.reason, ", but ", why});
}

Checked check_form(const Letter& letter) {
  const OutboxRow& row = letter.row;
  if (letter.origin.topic != consumed_by(letter.service)) {
    return untrue(letter, "its service does not read that topic");
  }
  if (row.topic != dead_letter_topic(letter.origin.topic) || row.shard != kDeadLetterShard ||
      row.type != kDeadLetterType) {
    return untrue(letter,
                  "it is on another topic or shard, or of another type, than dead letters are");
  }
  return std::nullopt;
}

Checked check_original(const View& view, const Letter& letter) {
  const auto& [topic, partition, offset, reason] = letter.origin;
  const LogView* log = log_of(view, topic, partition);
  if (log == nullptr || offset < log->start) return std::nullopt;
  const Record* record = record_at(view, topic, partition, offset);
  if (record == nullptr) return untrue(letter, "there is no such record");
  const Message& original = record->message;
  const OutboxRow& row = letter.row;
  if (row.payload != original.value || row.key != original.key) {
    return untrue(letter, "its bytes or its key are not the record's");
  }
  const bool kept = row.headers.size() == original.headers.size() + kDeadLetterHeaders &&
                    std::equal(original.headers.begin(), original.headers.end(),
                               row.headers.begin() + kDeadLetterHeaders);
  return kept ? std::nullopt : untrue(letter, "it does not keep the record's headers");
}

Checked check_refused(const View& view, const Letter& letter, const Event& event) {
  if (view.ghosts == nullptr) return std::nullopt;
  const auto& refusable = view.ghosts->refusable;
  if (std::binary_search(refusable.begin(), refusable.end(), order_of(event.what)))
    return std::nullopt;
  return untrue(letter, "no database refuses that order by its nature");
}

Checked check_event(const View& view, const Letter& letter, const Event& event) {
  const std::string_view reason = letter.origin.reason;
  if (reason == kReasonConflictingLines) {
    const auto* created = std::get_if<OrderCreated>(&event.what);
    const bool conflicts =
        letter.service == Service::kInventory && created != nullptr && contradicts(view, *created);
    return conflicts ? std::nullopt : untrue(letter, "no reservation has other lines");
  }
  if (reason.size() > kReasonRefused.size() &&
      reason.substr(0, kReasonRefused.size()) == kReasonRefused &&
      reason[kReasonRefused.size()] == ' ') {
    return check_refused(view, letter, event);
  }
  return untrue(letter, "the record is well-formed");
}

// Reads the letter's own bytes, which are the record's: the log may not keep those any more.
Checked check_reason(const View& view, const Letter& letter) {
  Message message;
  message.topic = letter.origin.topic;
  message.partition = letter.origin.partition;
  message.key = letter.row.key;
  message.value = letter.row.payload;
  return match(
      decode_record(message),  //
      [&](const Event& event) { return check_event(view, letter, event); },
      [&](const UnknownType&) { return untrue(letter, "the record's type is merely unknown"); },
      [&](const Malformed& malformed) -> Checked {
        if (letter.origin.reason == to_string(malformed.reason)) return std::nullopt;
        return untrue(letter, to_string(malformed.reason));
      });
}

// The letter's ProcessedRow, by which a redelivery finds it written.
Checked check_mark(const View& view, const Letter& letter) {
  const ProcessedRow* mark = processed_of(view, letter.service).find(letter.row.id);
  if (mark != nullptr && mark->handled == Handled::kDeadLettered &&
      stands_at(*mark, letter.origin.topic, letter.origin.partition, letter.origin.offset)) {
    return std::nullopt;
  }
  return untrue(letter, "no row under its id records that");
}

Checked check_letter(const View& view, Service service, const OutboxRow& row) {
  const auto origin = dead_letter_origin(row.headers);
  if (!origin) {
    return broken("S10", {"dead letter ", to_string(row.id.value), " of ", to_string(service),
                          " does not say which record it is of, or why"});
  }
  const Letter letter{service, row, *origin};
  if (auto violation = check_form(letter)) return violation;
  if (auto violation = check_original(view, letter)) return violation;
  if (auto violation = check_reason(view, letter)) return violation;
  return check_mark(view, letter);
}

Checked without_letter(const View& view, Service service, const EventId& id) {
  const ProcessedRow* row = processed_of(view, service).find(id);
  return broken("S10",
                {to_string(service), " recorded ",
                 row ? coordinates(row->topic, row->partition, row->offset) : to_string(id.value),
                 " as dead-lettered, but there is no dead letter of it"});
}

}  // namespace

Checked s10_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    if (const auto* inserted = std::get_if<OutboxInserted>(&fact)) {
      const OutboxRow* row = newest_row(outbox_of(view, inserted->service), inserted->seq);
      if (row == nullptr || !is_dead_letter(*row)) continue;
      if (auto violation = check_letter(view, inserted->service, *row)) return violation;
    } else if (const auto* mark = std::get_if<ProcessedInserted>(&fact)) {
      if (mark->handled != Handled::kDeadLettered) continue;
      const auto* letter = first<OutboxInserted>(delta, [&](const OutboxInserted& o) {
        return o.id == mark->id && o.service == mark->service;
      });
      if (letter == nullptr) return without_letter(view, mark->service, mark->id);
    }
  }
  return std::nullopt;
}

Checked s10_full(const View& view) {
  for (const Service service : kServices) {
    std::vector<EventId> letters;
    for (const auto& [seq, row] : outbox_of(view, service)) {
      if (!is_dead_letter(row)) continue;
      if (auto violation = check_letter(view, service, row)) return violation;
      letters.push_back(row.id);
    }
    std::sort(letters.begin(), letters.end());
    for (const auto& [id, row] : processed_of(view, service)) {
      if (row.handled != Handled::kDeadLettered) continue;
      if (row.at < swept_before(view, service)) continue;  // its letter may have been swept before it
      if (!std::binary_search(letters.begin(), letters.end(), id))
        return without_letter(view, service, id);
    }
  }
  return std::nullopt;
}

}  // namespace quickbite::property
