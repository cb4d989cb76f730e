// The quick decoder: reads exactly what `encode_event` writes of plain ASCII, and leaves everything
// else to the parser. Nearly every record is of that form, and a simulated order would otherwise
// spend most of its time in the parser.
#include <cstddef>
#include <optional>
#include <utility>

#include "domain/message/wire_fields.h"

namespace quickbite::wire {
namespace {

class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : rest_(bytes) {}

  bool skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }

  // The text up to the next quote, where no character of it has to be looked at twice.
  std::optional<std::string_view> plain(std::size_t bytes_max) {
    for (std::size_t i = 0; i < rest_.size() && i <= bytes_max; ++i) {
      const char c = rest_[i];
      if (c == '"') {
        const std::string_view text = rest_.substr(0, i);
        rest_.remove_prefix(i + 1);
        return text;
      }
      if (c < ' ' || c > '~' || c == '\\') return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Uuid> uuid() {
    const auto uuid = parse_uuid(rest_.substr(0, kUuidTextBytes));
    if (uuid) rest_.remove_prefix(kUuidTextBytes);
    return uuid;
  }

  // Only what surely fits into 64 bits.
  std::optional<std::int64_t> integer() {
    constexpr std::size_t kDigitsMax = 18;
    const bool negative = skip("-");
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') {
      if (digits == kDigitsMax) return std::nullopt;
      value = value * 10 + (rest_[digits] - '0');
      ++digits;
    }
    const bool leading_zero = digits > 0 && rest_.front() == '0' && (digits > 1 || negative);
    if (digits == 0 || leading_zero) return std::nullopt;
    rest_.remove_prefix(digits);
    return negative ? -value : value;
  }

  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// "burger","quantity":2
std::optional<Line> read_line(Cursor& cursor) {
  const auto sku = cursor.plain(kWireTextBytesMax);
  if (!sku || !cursor.skip(",\"quantity\":")) return std::nullopt;
  const auto quantity = cursor.integer();
  if (!quantity) return std::nullopt;
  return Line{Sku(std::string(*sku)), Quantity(*quantity)};
}

bool read_items(Cursor& cursor, std::vector<Line>& lines) {
  do {
    if (!cursor.skip("{\"sku\":\"")) return false;
    auto line = read_line(cursor);
    if (!line || !cursor.skip("}") || lines.size() == kWireLinesMax) return false;
    lines.push_back(std::move(*line));
  } while (cursor.skip(","));
  return cursor.skip("]");
}

bool read_created(Cursor& cursor, Fields& fields) {
  if (!cursor.skip(",\"userId\":\"")) return false;
  const auto user = cursor.plain(kWireTextBytesMax);
  if (!user) return false;
  fields.user_id.set(std::string(*user));
  if (cursor.skip(",\"sku\":\"")) {
    auto line = read_line(cursor);
    if (!line) return false;
    fields.sku.set(std::move(line->sku.value));
    fields.quantity.set(line->quantity.value);
  }
  if (!cursor.skip(",\"items\":[")) return false;
  fields.items.set({});
  return read_items(cursor, fields.items.value);
}

bool read_reason(Cursor& cursor, Fields& fields) {
  if (!cursor.skip(",\"reason\":\"")) return false;
  const auto reason = cursor.plain(kWireTextBytesMax);
  if (!reason) return false;
  fields.reason.set(std::string(*reason));
  return true;
}

bool read_fields(std::string_view type, Cursor& cursor, Fields& fields) {
  if (type == "OrderCreated") return read_created(cursor, fields);
  if (type == "InventoryReserved") return true;
  if (type == "OrderCancelled" || type == "InventoryRejected") return read_reason(cursor, fields);
  return false;
}

}  // namespace

std::optional<Fields> read_canonical(std::string_view bytes) {
  Cursor cursor(bytes);
  if (!cursor.skip("{\"type\":\"")) return std::nullopt;
  const auto type = cursor.plain(kWireTypeBytesMax);
  if (!type || !cursor.skip(",\"eventId\":\"")) return std::nullopt;
  const auto event_id = cursor.uuid();
  if (!event_id || !cursor.skip("\",\"orderId\":\"")) return std::nullopt;
  const auto order_id = cursor.uuid();
  if (!order_id || !cursor.skip("\"")) return std::nullopt;

  std::optional<Fields> fields(std::in_place);
  fields->type.set(std::string(*type));
  fields->event_id.set(*event_id);
  fields->order_id.set(*order_id);
  if (!read_fields(*type, cursor, *fields)) return std::nullopt;
  if (!cursor.skip("}") || !cursor.at_end()) return std::nullopt;
  return fields;
}

}  // namespace quickbite::wire
