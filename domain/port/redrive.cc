#include "domain/port/redrive.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "domain/base/check.h"
#include "domain/base/match.h"
#include "domain/port/dead_letter.h"
#include "domain/port/header_number.h"

namespace quickbite {
namespace {

// What a redrive put before the record's headers, and the relay before that, goes with the redrive: else a record that is
// redriven over and over would grow.
Headers without_redrive(Headers headers) {
  const auto ours = std::find_if(headers.begin(), headers.end(),
                                 [](const Header& each) { return each.name == kRedriveOfHeader; });
  const auto begin = static_cast<std::size_t>(ours - headers.begin());
  if (begin + kRedriveHeaders > headers.size() || !redrive_origin(headers)) return headers;
  headers.erase(headers.begin(), ours + kRedriveHeaders);
  return headers;
}

}  // namespace

std::optional<RedriveOrigin> redrive_origin(const Headers& headers) {
  const auto letter_text = header(headers, kRedriveOfHeader);
  if (!letter_text) return std::nullopt;
  const auto letter = parse_uuid(*letter_text);
  const auto topic_name = header(headers, kRedriveTopicHeader);
  const auto topic = topic_name ? parse_topic(*topic_name) : std::nullopt;
  const auto partition = header_number<std::int32_t>(headers, kRedrivePartitionHeader);
  const auto offset = header_number<std::int64_t>(headers, kRedriveOffsetHeader);
  if (!letter || !topic || !partition || !offset) return std::nullopt;
  return RedriveOrigin{EventId(*letter), *topic, Partition(*partition), Offset(*offset)};
}

EventId redrive_id(const EventId& letter, std::int64_t nth) {
  return EventId(uuid_v5(letter.value, "redrive/" + std::to_string(nth)));
}

std::optional<Record> record_of(const OutboxRow& letter) {
  const auto origin = dead_letter_origin(letter.headers);
  if (letter.type != kDeadLetterType || !origin || letter.headers.size() < kDeadLetterHeaders) return std::nullopt;
  Record record;
  record.message.topic = origin->topic;
  record.message.partition = origin->partition;
  record.message.key = letter.key;
  record.message.value = letter.payload;
  record.message.headers.assign(letter.headers.begin() + kDeadLetterHeaders, letter.headers.end());
  record.offset = origin->offset;
  return record;
}

std::optional<OutboxRow> redrive(const OutboxRow& letter, std::int64_t nth, Instant now) {
  std::optional<Record> record = record_of(letter);
  if (!record) return std::nullopt;
  OutboxRow row;
  row.id = redrive_id(letter.id, nth);
  row.shard = kDeadLetterShard;
  row.topic = record->message.topic;
  row.key = std::move(record->message.key);
  row.type = kRedriveType;
  row.payload = record->message.value;
  row.headers = {{std::string(kRedriveOfHeader), to_string(letter.id.value)},
                 {std::string(kRedriveTopicHeader), std::string(to_string(row.topic))},
                 {std::string(kRedrivePartitionHeader), std::to_string(record->message.partition.value)},
                 {std::string(kRedriveOffsetHeader), std::to_string(record->offset.value)}};
  for (Header& own : without_redrive(std::move(record->message.headers))) row.headers.push_back(std::move(own));
  row.created_at = now;
  return row;
}

std::optional<EventId> event_of_letter(const OutboxRow& letter) {
  const std::optional<Record> record = record_of(letter);
  if (!record) return std::nullopt;
  return match(
      decode_record(record->message), [](const Event& event) { return std::optional(event.id); },
      [](const UnknownType& unknown) { return std::optional(unknown.id); },
      [](const Malformed&) { return std::optional<EventId>(); });
}

std::string_view to_string(RedriveVerdict verdict) {
  switch (verdict) {
    case RedriveVerdict::kSend:
      return "send";
    case RedriveVerdict::kHandled:
      return "handled";
    case RedriveVerdict::kUnderWay:
      return "under-way";
    case RedriveVerdict::kSent:
      return "sent";
    case RedriveVerdict::kUnreadable:
      return "unreadable";
    case RedriveVerdict::kSpent:
      return "spent";
    case RedriveVerdict::kNoLetter:
      return "no-letter";
  }
  check_failed("a known RedriveVerdict", __FILE__, __LINE__);
}

RedriveVerdict decide_redrive(const LetterFound& letter, const RedriveMode& mode) {
  if (!record_of(letter.letter)) return RedriveVerdict::kNoLetter;
  if (letter.handled && !mode.force) return RedriveVerdict::kHandled;
  if (!letter.redrives.empty()) {
    if (!letter.redrives.back().sent) return RedriveVerdict::kUnderWay;
    if (!mode.again) return RedriveVerdict::kSent;
  }
  if (!mode.force && !event_of_letter(letter.letter)) return RedriveVerdict::kUnreadable;
  return next_redrive(letter) > kRedrivesMax ? RedriveVerdict::kSpent : RedriveVerdict::kSend;
}

std::int64_t next_redrive(const LetterFound& letter) {
  for (std::int64_t nth = kRedrivesMax; nth > 0 && !letter.redrives.empty(); --nth) {
    if (letter.redrives.back().id == redrive_id(letter.letter.id, nth)) return nth + 1;
  }
  return 1;
}

}  // namespace quickbite
