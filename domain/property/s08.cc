// S8: a committed offset never passes a record with no outcome (applied, duplicate, ignored or
// dead-lettered).
//
// Decoding costs more than all else here, so a record is first looked up by its event-id header: a
// row with the record's own coordinates proves an outcome whatever the bytes say, and so does a row
// of an earlier record with the same bytes.
//
// Dedupe rows do not last. Records of a partition are handled in their order, so their rows, which carry the time, are as old
// as they are far back: a record without one is excused where rows were swept and none at or below it is of after that.
#include <algorithm>
#include <optional>
#include <string>

#include "domain/base/match.h"
#include "domain/message/wire.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

bool same_record(const Message& a, const Message& b) {
  return a.key == b.key && a.value == b.value;
}

bool recorded_under_header(const View& view, Service service, const Record& record) {
  const Message& message = record.message;
  const auto text = header(message.headers, kEventIdHeader);
  const auto id = text ? parse_uuid(*text) : std::nullopt;
  const ProcessedRow* row = id ? processed_of(view, service).find(EventId(*id)) : nullptr;
  if (row == nullptr) return false;
  if (stands_at(*row, message.topic, message.partition, record.offset)) return true;
  if (row->handled == Handled::kDeadLettered) return false;
  const Record* handled = record_at(view, row->topic, row->partition, row->offset);
  return handled != nullptr && same_record(handled->message, message);
}

// A redriven record that failed again has the letter of its first failure.
bool dead_lettered(const View& view, Service service, const Record& record) {
  const Message& message = record.message;
  if (is_redrive_of_letter(view, service, message)) return true;
  const ProcessedRows& rows = processed_of(view, service);
  return std::any_of(rows.begin(), rows.end(), [&](const auto& entry) {
    return entry.second.handled == Handled::kDeadLettered &&
           stands_at(entry.second, message.topic, message.partition, record.offset);
  });
}

bool recorded_by_content(const View& view, Service service, const Record& record) {
  return match(
      decode_record(record.message),
      [&](const Event& event) {
        const auto* created = std::get_if<OrderCreated>(&event.what);
        if (service == Service::kInventory && created != nullptr && contradicts(view, *created))
          return false;
        return processed_of(view, service).contains(event.id);
      },
      [&](const UnknownType& unknown) { return processed_of(view, service).contains(unknown.id); },
      [](const Malformed&) { return false; });
}

std::optional<EventId> event_of_record(const Record& record) {
  return match(
      decode_record(record.message), [](const Event& event) { return std::optional(event.id); },
      [](const UnknownType& unknown) { return std::optional(unknown.id); },
      [](const Malformed&) { return std::optional<EventId>(); });
}

// True where the record, or the first one of its event, was handled so long ago that its row may have been swept.
bool maybe_swept(const View& view, Service service, const LogView& log, const Record& record) {
  const Instant swept = swept_before(view, service);
  if (swept == Instant{}) return false;
  Offset first = record.offset;
  const auto id = event_of_record(record);
  for (const auto& earlier : log.records) {
    if (earlier->offset >= first) break;
    if (id && event_of_record(*earlier) == id) first = earlier->offset;
  }
  const ProcessedRows& rows = processed_of(view, service);
  return std::none_of(rows.begin(), rows.end(), [&](const auto& entry) {
    const ProcessedRow& row = entry.second;
    return row.topic == log.topic && row.partition == log.partition && row.offset <= first && row.at >= swept;
  });
}

Checked check_record(const View& view, Service service, const LogView& log, const Record& record) {
  if (recorded_under_header(view, service, record)) return std::nullopt;
  if (recorded_by_content(view, service, record)) return std::nullopt;
  if (dead_lettered(view, service, record)) return std::nullopt;
  if (maybe_swept(view, service, log, record)) return std::nullopt;
  return broken("S8", {to_string(service), " has committed past ",
                       coordinates(record.message.topic, record.message.partition, record.offset),
                       ", which has no outcome there"});
}

// Every record of the log from `from` up to `to`, as far as the log keeps them.
Checked check_range(const View& view, const LogView& log, Offset from, Offset to) {
  const auto service = consumer_of(log.topic);
  if (!service) return std::nullopt;
  const std::int64_t size = static_cast<std::int64_t>(log.records.size());
  const std::int64_t begin = std::max<std::int64_t>(from.value - log.start.value, 0);
  const std::int64_t end = std::min<std::int64_t>(to.value - log.start.value, size);
  for (std::int64_t i = begin; i < end; ++i) {
    if (auto violation = check_record(view, *service, log, *log.records[static_cast<std::size_t>(i)]))
      return violation;
  }
  return std::nullopt;
}

}  // namespace

Checked s08_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    const auto* committed = std::get_if<OffsetCommitted>(&fact);
    if (committed == nullptr) continue;
    const LogView* log = log_of(view, committed->topic, committed->partition);
    if (log == nullptr) continue;
    if (auto violation =
            check_range(view, *log, committed->before.value_or(log->start), committed->after)) {
      return violation;
    }
  }
  return std::nullopt;
}

Checked s08_full(const View& view) {
  for (const LogView& log : view.logs) {
    if (!log.committed) continue;
    if (auto violation = check_range(view, log, log.start, *log.committed)) return violation;
  }
  return std::nullopt;
}

}  // namespace quickbite::property
