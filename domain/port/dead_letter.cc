#include "domain/port/dead_letter.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/port/header_number.h"
#include "domain/port/redrive.h"

namespace quickbite {
namespace {

class Decimal {
 public:
  template <class N>
  explicit Decimal(N number) {
    size_ = static_cast<std::size_t>(std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr - digits_.data());
  }
  operator std::string_view() const { return {digits_.data(), size_}; }

 private:
  std::array<char, 20> digits_;
  std::size_t size_;
};

EventId id_at(const Uuid& cluster, Topic topic, Partition partition, Offset offset,
              const Bytes& bytes) {
  return EventId(uuid_v5_of_parts(cluster, {to_string(topic), "/", Decimal(partition.value), "/",
                                            Decimal(offset.value), "/", Decimal(bytes.hash())}));
}

}  // namespace

std::string refused_reason(std::string_view sqlstate) {
  std::string reason(kReasonRefused);
  reason += ' ';
  reason += sqlstate;
  return reason;
}

EventId dead_letter_id(const Uuid& cluster, const Record& record) {
  const Message& message = record.message;
  if (const auto first = redrive_origin(message.headers)) {
    const EventId id =
        id_at(cluster, first->topic, first->partition, first->offset, message.value);
    if (id == first->letter) return id;
  }
  return dead_letter_id_here(cluster, record);
}

EventId dead_letter_id_here(const Uuid& cluster, const Record& record) {
  const Message& message = record.message;
  return id_at(cluster, message.topic, message.partition, record.offset, message.value);
}

OutboxRow dead_letter(const Record& record, const EventId& id, std::string_view reason,
                      std::string_view error, Instant now) {
  const Message& message = record.message;
  OutboxRow row;
  row.id = id;
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

std::optional<DeadLetterOrigin> dead_letter_origin(const Headers& headers) {
  const auto topic_name = header(headers, kDeadLetterTopicHeader);
  const auto topic = topic_name ? parse_topic(*topic_name) : std::nullopt;
  const auto partition = header_number<std::int32_t>(headers, kDeadLetterPartitionHeader);
  const auto offset = header_number<std::int64_t>(headers, kDeadLetterOffsetHeader);
  const auto reason = header(headers, kDeadLetterReasonHeader);
  if (!topic || !partition || !offset || !reason) return std::nullopt;
  return DeadLetterOrigin{*topic, Partition(*partition), Offset(*offset), *reason};
}

}  // namespace quickbite
