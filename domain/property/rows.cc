#include "domain/property/rows.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "domain/base/hex.h"
#include "domain/base/uuid.h"
#include "domain/inventory/reservation.h"
#include "domain/message/line.h"
#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"

namespace quickbite::property {
namespace {

// Four characters, the first one in the lowest byte.
std::uint64_t four(const char* text) {
  std::uint32_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, text, sizeof value);
  } else {
    for (int i = 0; i < 4; ++i) value |= std::uint32_t{static_cast<std::uint8_t>(text[i])} << (8 * i);
  }
  return value;
}

// Four characters from `a` and four from `b`.
std::uint64_t digits(const char* text, int a, int b) {
  return four(text + a) | four(text + b) << 32;
}

constexpr int kNewest = 4;  // rows looked at from the end before searching

}  // namespace

std::string_view to_string(Service service) {
  return service == Service::kOrders ? "Orders" : "Inventory";
}

const LogView* log_of(const View& view, Topic topic, Partition partition) {
  for (const LogView& log : view.logs) {
    if (log.topic == topic && log.partition == partition) return &log;
  }
  return nullptr;
}

const OutboxRow* newest_row(const Outbox& outbox, OutboxSeq seq) {
  auto at = outbox.end();
  for (int i = 0; i < kNewest && at != outbox.begin(); ++i) {
    --at;
    if (at->first == seq) return &at->second;
    if (at->first < seq) return nullptr;
  }
  return outbox.find(seq);
}

// Eight digits at a time, without writing the text.
bool names(const std::optional<std::string>& key, const OrderId& order) {
  if (!key || key->size() != 36) return false;
  const char* text = key->data();
  const auto& [high, low] = order.value;
  return digits(text, 0, 4) == hex_digits(high >> 32) && text[8] == '-' &&
         digits(text, 9, 14) == hex_digits(high) && text[13] == '-' && text[18] == '-' &&
         digits(text, 19, 24) == hex_digits(low >> 32) && text[23] == '-' &&
         digits(text, 28, 32) == hex_digits(low);
}

bool is_redrive(const OutboxRow& row) {
  return row.type == kRedriveType;
}

bool is_redrive_of_letter(const View& view, Service service, const Message& message) {
  const auto first = redrive_origin(message.headers);
  if (!first) return false;
  const ProcessedRow* row = processed_of(view, service).find(first->letter);
  if (row == nullptr || row->handled != Handled::kDeadLettered ||
      !stands_at(*row, first->topic, first->partition, first->offset)) {
    return false;
  }
  const Record* original = record_at(view, first->topic, first->partition, first->offset);
  return original == nullptr || original->message.value == message.value;
}

bool is_dead_letter(const OutboxRow& row) {
  if (is_redrive(row)) return false;
  return row.shard == kDeadLetterShard || row.topic == Topic::kOrdersDeadLetter ||
         row.topic == Topic::kInventoryDeadLetter || row.type == kDeadLetterType;
}

namespace {

constexpr std::ptrdiff_t kRelayHeaders = 2;  // that a relay puts before the row's own

// The outbox row of which this is the record, a dead letter's.
OutboxRow letter_of(const Message& message) {
  OutboxRow row;
  row.topic = message.topic;
  row.key = message.key;
  row.type = kDeadLetterType;
  row.payload = message.value;
  const auto size = static_cast<std::ptrdiff_t>(message.headers.size());
  row.headers.assign(message.headers.begin() + std::min(size, kRelayHeaders), message.headers.end());
  return row;
}

}  // namespace

std::vector<OutboxRow> letters_of(const View& view, Service service, const OrderId& order) {
  std::vector<OutboxRow> letters;
  for (const auto& [seq, row] : outbox_of(view, service)) {
    if (is_dead_letter(row) && names(row.key, order)) letters.push_back(row);
  }
  for (const LogView& log : view.logs) {
    if (log.topic != dead_letter_topic(consumed_by(service))) continue;
    for (const auto& record : log.records) {
      if (names(record->message.key, order)) letters.push_back(letter_of(record->message));
    }
  }
  return letters;
}

bool is_parked(const View& view, Service service, const OrderId& order) {
  const Outbox& outbox = outbox_of(view, service);
  return std::any_of(outbox.begin(), outbox.end(),
                     [&](const auto& entry) { return entry.second.parked && names(entry.second.key, order); });
}

bool in_hand(const View& view, const OrderId& order) {
  return std::any_of(std::begin(kServices), std::end(kServices), [&](Service service) {
    const std::vector<OutboxRow> letters = letters_of(view, service, order);
    return is_parked(view, service, order) || std::any_of(letters.begin(), letters.end(), [&](const OutboxRow& letter) {
             const auto event = event_of_letter(letter);
             return !event || !processed_of(view, service).contains(*event);
           });
  });
}

bool stands_at(const ProcessedRow& row, Topic topic, Partition partition, Offset offset) {
  return row.offset == offset && row.partition == partition && row.topic == topic;
}

const Record* record_at(const View& view, Topic topic, Partition partition, Offset offset) {
  const LogView* log = log_of(view, topic, partition);
  if (log == nullptr || offset < log->start) return nullptr;
  const auto index = static_cast<std::uint64_t>(offset.value - log->start.value);
  return index < log->records.size() ? log->records[static_cast<std::size_t>(index)].get() : nullptr;
}

bool contradicts(const View& view, const OrderCreated& created) {
  const ReservationRow* row = view.inventory->reservations.find(created.order);
  return row != nullptr && row->state != ReservationState::kTombstone &&
         row->lines != summed(created.lines);
}

std::optional<Violation> broken(std::string_view property,
                                std::initializer_list<std::string_view> parts) {
  Violation violation{property, {}};
  for (const std::string_view part : parts) violation.what += part;
  return violation;
}

std::string coordinates(Topic topic, Partition partition, Offset offset) {
  std::string text(to_string(topic));
  text += '/';
  text += std::to_string(partition.value);
  text += '@';
  text += std::to_string(offset.value);
  return text;
}

}  // namespace quickbite::property
