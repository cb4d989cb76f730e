#include "domain/message/wire_fields.h"

#include <optional>
#include <utility>
#include <variant>

namespace quickbite::wire {
namespace {

Malformed malformed(std::string_view detail) {
  return {MalformedReason::kWrongSchema, std::string(detail)};
}

using Judged = std::variant<Happening, Malformed>;

Judged judge_created(const OrderId& order, Fields& fields) {
  if (fields.user_id.state != State::kRight || fields.user_id.value.empty()) {
    return malformed("userId: a string of 1 to 256 bytes is needed");
  }
  if (fields.items.state != State::kRight || fields.items.value.empty()) {
    return malformed("items: 1 to 1000 of {\"sku\":string,\"quantity\":integer} are needed");
  }
  if (fields.sku.state == State::kWrong || fields.sku.state != fields.quantity.state) {
    return malformed("sku and quantity: a string of at most 256 bytes and an integer, or neither");
  }
  std::vector<Line>& lines = fields.items.value;
  if (fields.sku.state == State::kRight) {
    const Line line{Sku(std::move(fields.sku.value)), Quantity(fields.quantity.value)};
    if (lines.size() != 1 || lines.front() != line) {
      return Malformed{MalformedReason::kDisagreeing, "sku and quantity are not what items says"};
    }
  }
  return OrderCreated{order, UserId(std::move(fields.user_id.value)), std::move(lines)};
}

Judged judge_cancelled(const OrderId& order, const Fields& fields) {
  const auto reason = parse_cancel_reason(fields.reason.value);
  if (!reason) return malformed("reason: not a known reason to cancel");
  return OrderCancelled{order, *reason};
}

Judged judge_rejected(const OrderId& order, const Fields& fields) {
  const auto reason = parse_reject_reason(fields.reason.value);
  if (!reason) return malformed("reason: not a known reason to reject");
  return InventoryRejected{order, *reason};
}

enum class Type : std::uint8_t { kCreated, kCancelled, kReserved, kRejected };

std::optional<Type> known_type(std::string_view name) {
  if (name == "OrderCreated") return Type::kCreated;
  if (name == "OrderCancelled") return Type::kCancelled;
  if (name == "InventoryReserved") return Type::kReserved;
  if (name == "InventoryRejected") return Type::kRejected;
  return std::nullopt;
}

Judged judge_known(Type type, const OrderId& order, Fields& fields) {
  switch (type) {
    case Type::kCreated:
      return judge_created(order, fields);
    case Type::kCancelled:
      return judge_cancelled(order, fields);
    case Type::kReserved:
      return InventoryReserved{order};
    case Type::kRejected:
      return judge_rejected(order, fields);
  }
  return malformed("type");
}

}  // namespace

Decoded judge(Fields&& fields) {
  if (fields.type.state != State::kRight || fields.type.value.empty()) {
    return malformed("type: a string of 1 to 64 bytes is needed");
  }
  if (fields.event_id.state != State::kRight) return malformed("eventId: a UUID is needed");
  const EventId id(fields.event_id.value);
  const auto type = known_type(fields.type.value);
  if (!type) return UnknownType{id, std::move(fields.type.value)};
  if (fields.order_id.state != State::kRight) return malformed("orderId: a UUID is needed");

  Judged judged = judge_known(*type, OrderId(fields.order_id.value), fields);
  if (auto* wrong = std::get_if<Malformed>(&judged)) return std::move(*wrong);
  Event event = event_of(std::get<Happening>(std::move(judged)));
  if (event.id != id) return malformed("eventId: not the id of this event of this order");
  return event;
}

}  // namespace quickbite::wire
