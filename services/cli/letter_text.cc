#include "services/cli/letter_text.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "domain/base/match.h"
#include "domain/message/wire.h"
#include "domain/port/dead_letter.h"
#include "services/cli/shown.h"

namespace quickbite::cli {
namespace {

// What this version makes of the record: its type and its order where it is an event, else why it is none.
struct Reading {
  std::string type;
  std::optional<OrderId> order;
  std::string trouble;  // NOT_JSON: …
};

Reading reading_of(const LetterFound& found) {
  const auto record = record_of(found.letter);
  if (!record) return {"", std::nullopt, "its headers are not those of a dead letter"};
  return match(
      decode_record(record->message),
      [](const Event& event) {
        return Reading{std::string(type_name(event.what)), order_of(event.what), ""};
      },
      [](const UnknownType& unknown) { return Reading{unknown.type, std::nullopt, ""}; },
      [](const Malformed& malformed) {
        return Reading{"", std::nullopt, absl::StrCat(std::string(to_string(malformed.reason)), ": ", malformed.detail)};
      });
}

std::string header_of(const OutboxRow& row, std::string_view name) {
  return std::string(header(row.headers, name).value_or(""));
}

std::string record_place(const LetterFound& found) {
  const auto origin = dead_letter_origin(found.letter.headers);
  return origin ? place_of(origin->topic, origin->partition, origin->offset) : "?";
}

std::string sent_text(const std::optional<SentAt>& sent, bool parked, Topic topic) {
  if (sent) return absl::StrCat("sent to ", place_of(topic, sent->partition, sent->offset));
  return parked ? "parked: the broker will not take it" : "waits in the outbox";
}

}  // namespace

std::string state_of(const LetterFound& found) {
  const RedriveVerdict verdict = decide_redrive(found, {});
  return verdict == RedriveVerdict::kSend ? "ready" : std::string(to_string(verdict));
}

std::string letters_table(const std::vector<KeptLetter>& letters) {
  Table table({"LETTER", "RECORD", "REASON", "STATE", "SINCE", "KEY"});
  for (const KeptLetter& letter : letters) {
    const OutboxRow& row = letter.found.letter;
    table.add({to_string(row.id.value), record_place(letter.found), one_line(header_of(row, kDeadLetterReasonHeader), 24),
               state_of(letter.found), ago(row.created_at), row.key ? one_line(*row.key, 36) : "(none)"});
  }
  return table.text();
}

std::string letter_text(const KeptLetter& letter, std::size_t most) {
  const LetterFound& found = letter.found;
  const OutboxRow& row = found.letter;
  const Reading reading = reading_of(found);
  Table table({"letter", to_string(row.id.value)});
  table.add({"record", absl::StrCat(record_place(found), ", refused by ", std::string(postgres::to_string(letter.service)))});
  table.add({"reason", header_of(row, kDeadLetterReasonHeader)});
  table.add({"error", one_line(header_of(row, kDeadLetterErrorHeader), 200)});
  table.add({"since", absl::StrCat(to_rfc3339(row.created_at), " (", ago(row.created_at), ")")});
  table.add({"published", sent_text(row.sent, row.parked, row.topic)});
  table.add({"state", state_of(found)});
  table.add({"this version", reading.trouble.empty() ? "reads it as " + reading.type : "cannot read it, " + reading.trouble});
  if (reading.order) table.add({"order", to_string(reading.order->value)});
  if (found.handled) {
    const ProcessedRow& handled = *found.handled;
    table.add({"its event", absl::StrCat(std::string(to_string(handled.handled)), " at ",
                                         place_of(handled.topic, handled.partition, handled.offset), ", ", ago(handled.at))});
  }
  for (const Announcement& redrive : found.redrives) {
    table.add({"redriven", absl::StrCat(ago(redrive.created_at), ", ", sent_text(redrive.sent, redrive.parked, redrive.topic))});
  }
  table.add({"key", row.key ? one_line(*row.key, 200) : "(none)"});
  if (const auto record = record_of(row)) {
    for (const Header& each : record->message.headers) {
      table.add({"header", absl::StrCat(one_line(each.name, 60), ": ", one_line(each.value, 120))});
    }
  }
  return absl::StrCat(table.text(), "\n", one_line(row.payload.view(), most), "\n");
}

void letter_members(JsonText& json, const KeptLetter& letter, bool whole) {
  const LetterFound& found = letter.found;
  const OutboxRow& row = found.letter;
  const Reading reading = reading_of(found);
  json.member("id", to_string(row.id.value));
  json.member("refused_by", postgres::to_string(letter.service));
  if (const auto origin = dead_letter_origin(row.headers)) {
    json.member("topic", to_string(origin->topic));
    json.member("partition", origin->partition.value);
    json.member("offset", origin->offset.value);
  }
  member_of_bytes(json, "reason", header_of(row, kDeadLetterReasonHeader));
  member_of_bytes(json, "error", header_of(row, kDeadLetterErrorHeader));
  json.member("since", to_rfc3339(row.created_at));
  json.member("state", state_of(found));
  json.member("published", row.sent.has_value());
  if (row.key) member_of_bytes(json, "key", *row.key);
  if (!reading.type.empty()) json.member("type", reading.type);
  if (reading.order) json.member("order_id", to_string(reading.order->value));
  if (found.handled) json.member("handled", to_string(found.handled->handled));
  json.member("redrives", found.redrives.size());
  json.member("bytes", row.payload.view().size());
  if (!whole) return;
  if (!reading.trouble.empty()) json.member("unreadable", reading.trouble);
  json.open_array("headers");
  const auto record = record_of(row);
  for (std::size_t i = 0; record && i < record->message.headers.size(); ++i) {
    json.open_object();
    member_of_bytes(json, "name", record->message.headers[i].name);
    member_of_bytes(json, "value", record->message.headers[i].value);
    json.close_object();
  }
  json.close_array();
  member_of_bytes(json, "value", row.payload.view());
}

}  // namespace quickbite::cli
