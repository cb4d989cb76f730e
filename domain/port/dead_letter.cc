#include "domain/port/dead_letter.h"

#include <charconv>
#include <cstdint>
#include <system_error>

namespace quickbite {
namespace {

// UUIDv5 of "urn:quickbite:dead-letter" in the URL namespace.
constexpr Uuid kSpace{0xF0F6'AE80'28CF'599E, 0xB40D'1187'AB49'7B26};

template <class T>
std::optional<T> number(const Headers& headers, std::string_view name) {
  const auto text = header(headers, name);
  if (!text) return std::nullopt;
  T value = 0;
  const char* end = text->data() + text->size();
  const auto [at, error] = std::from_chars(text->data(), end, value);
  if (error != std::errc{} || at != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string refused_reason(std::string_view sqlstate) {
  std::string reason(kReasonRefused);
  reason += ' ';
  reason += sqlstate;
  return reason;
}

EventId dead_letter_id(std::string_view cluster, Topic topic, Partition partition, Offset offset, const Bytes& bytes) {
  // Only the cluster's name may hold a slash, and it stands first: no two sets of parts give the same name.
  std::string name(cluster);
  name += '/';
  name += to_string(topic);
  name += '/';
  name += std::to_string(partition.value);
  name += '/';
  name += std::to_string(offset.value);
  name += '/';
  name += std::to_string(bytes.hash());
  return EventId(uuid_v5(kSpace, name));
}

OutboxRow dead_letter(std::string_view cluster, const Record& record, std::string_view reason, std::string_view error,
                      Instant now) {
  const Message& message = record.message;
  OutboxRow row;
  row.id = dead_letter_id(cluster, message.topic, message.partition, record.offset, message.value);
  row.shard = kDeadLetterShard;
  row.topic = dead_letter_topic(message.topic);
  row.key = message.key;
  row.type = kDeadLetterType;
  row.payload = message.value;
  row.headers.reserve(kDeadLetterHeaders + message.headers.size());
  row.headers = {{std::string(kDeadLetterTopicHeader), std::string(to_string(message.topic))},
                 {std::string(kDeadLetterPartitionHeader), std::to_string(message.partition.value)},
                 {std::string(kDeadLetterOffsetHeader), std::to_string(record.offset.value)},
                 {std::string(kDeadLetterReasonHeader), std::string(reason)},
                 {std::string(kDeadLetterErrorHeader), std::string(error)}};
  row.headers.insert(row.headers.end(), message.headers.begin(), message.headers.end());
  row.created_at = now;
  return row;
}

ProcessedRow dead_lettered(const OutboxRow& letter, const Record& record, Instant now) {
  ProcessedRow row;
  row.id = letter.id;
  row.topic = record.message.topic;
  row.partition = record.message.partition;
  row.offset = record.offset;
  row.handled = Handled::kDeadLettered;
  row.at = now;
  return row;
}

std::optional<DeadLetterOrigin> dead_letter_origin(const Headers& headers) {
  const auto topic_name = header(headers, kDeadLetterTopicHeader);
  const auto topic = topic_name ? parse_topic(*topic_name) : std::nullopt;
  const auto partition = number<std::int32_t>(headers, kDeadLetterPartitionHeader);
  const auto offset = number<std::int64_t>(headers, kDeadLetterOffsetHeader);
  const auto reason = header(headers, kDeadLetterReasonHeader);
  if (!topic || !partition || !offset || !reason) return std::nullopt;
  return DeadLetterOrigin{*topic, Partition(*partition), Offset(*offset), *reason};
}

}  // namespace quickbite
