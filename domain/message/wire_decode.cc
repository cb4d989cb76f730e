#include <optional>
#include <utility>

#include "domain/base/check.h"
#include "domain/message/rapidjson.h"
#include "domain/message/wire.h"
#include "domain/message/wire_fields.h"

namespace quickbite {
namespace wire {
namespace {

constexpr std::size_t kDetailBytesMax = 200;

std::optional<std::string> text_of(const json::Scalar& value, std::size_t bytes_max) {
  if (value.kind != json::Kind::kString || value.text.size() > bytes_max) return std::nullopt;
  if (value.text.find('\0') != std::string_view::npos) return std::nullopt;
  return std::string(value.text);
}

void set_text(Field<std::string>& field, const json::Scalar& value, std::size_t bytes_max) {
  if (auto text = text_of(value, bytes_max)) {
    field.set(std::move(*text));
  } else {
    field.refuse();
  }
}

void set_uuid(Field<Uuid>& field, const json::Scalar& value) {
  const auto uuid = value.kind == json::Kind::kString ? parse_uuid(value.text) : std::nullopt;
  if (uuid) {
    field.set(*uuid);
  } else {
    field.refuse();
  }
}

void set_integer(Field<std::int64_t>& field, const json::Scalar& value) {
  if (value.kind == json::Kind::kInteger) {
    field.set(value.integer);
  } else {
    field.refuse();
  }
}

enum class Name : std::uint8_t {
  kType,
  kEventId,
  kOrderId,
  kUserId,
  kSku,
  kQuantity,
  kItems,
  kReason,
  kUnknown
};

Name name_of(std::string_view name) {
  if (name == "type") return Name::kType;
  if (name == "eventId") return Name::kEventId;
  if (name == "orderId") return Name::kOrderId;
  if (name == "userId") return Name::kUserId;
  if (name == "sku") return Name::kSku;
  if (name == "quantity") return Name::kQuantity;
  if (name == "items") return Name::kItems;
  if (name == "reason") return Name::kReason;
  return Name::kUnknown;
}

// Puts what the parse tells of into Fields. The envelope is at depth 1, the list of items at 2, an
// item at 3.
class Reading {
 public:
  // Only the keys of these two depths: a key from deeper down must not name a value in an array
  // above it.
  void key(std::size_t depth, std::string_view name) {
    if (depth == 1) field_ = name_of(name);
    if (depth == 3) item_field_ = name_of(name);
  }

  void scalar(std::size_t depth, const json::Scalar& value) {
    if (depth == 1) top(value);
    if (depth == 2 && in_items_) fields_.items.refuse();
    if (depth == 3) item(value);
  }

  void open(std::size_t depth, bool is_array) {
    if (depth == 1) {
      in_items_ = is_array && field_ == Name::kItems;
      if (in_items_) {
        fields_.items.set({});
      } else {
        top(json::Scalar{});  // as null: of no type that is needed here
      }
    } else if (depth == 2) {
      sku_ = {};
      quantity_ = {};
    }
  }

  void close(std::size_t depth) {
    if (depth == 2 && in_items_) end_item();
  }

  Fields&& take() { return std::move(fields_); }

 private:
  void top(const json::Scalar& value) {
    switch (field_) {
      case Name::kType:
        return set_text(fields_.type, value, kWireTypeBytesMax);
      case Name::kEventId:
        return set_uuid(fields_.event_id, value);
      case Name::kOrderId:
        return set_uuid(fields_.order_id, value);
      case Name::kUserId:
        return set_text(fields_.user_id, value, kWireTextBytesMax);
      case Name::kSku:
        return set_text(fields_.sku, value, kWireTextBytesMax);
      case Name::kQuantity:
        return set_integer(fields_.quantity, value);
      case Name::kReason:
        return set_text(fields_.reason, value, kWireTextBytesMax);
      case Name::kItems:
        return fields_.items.refuse();
      case Name::kUnknown:
        return;
    }
  }

  void item(const json::Scalar& value) {
    if (item_field_ == Name::kSku) set_text(sku_, value, kWireTextBytesMax);
    if (item_field_ == Name::kQuantity) set_integer(quantity_, value);
  }

  void end_item() {
    std::vector<Line>& lines = fields_.items.value;
    if (sku_.state != State::kRight || quantity_.state != State::kRight ||
        lines.size() == kWireLinesMax) {
      fields_.items.refuse();
      return;
    }
    lines.push_back(Line{Sku(std::move(sku_.value)), Quantity(quantity_.value)});
  }

  Fields fields_;
  Field<std::string> sku_;  // of the item that is open
  Field<std::int64_t> quantity_;
  Name field_ = Name::kUnknown;
  Name item_field_ = Name::kUnknown;
  bool in_items_ = false;
};

MalformedReason reason_of(json::Fault fault) {
  switch (fault) {
    case json::Fault::kNotUtf8:
      return MalformedReason::kNotUtf8;
    case json::Fault::kNotJson:
      return MalformedReason::kNotJson;
    case json::Fault::kTooDeep:
      return MalformedReason::kTooDeep;
    case json::Fault::kDuplicateKey:
      return MalformedReason::kDuplicateKey;
    case json::Fault::kNone:
      break;
  }
  check_failed("a fault", __FILE__, __LINE__);
}

Malformed unparsed(const json::Result& result) {
  std::string detail = "byte " + std::to_string(result.byte) + ": " + result.text;
  if (detail.size() > kDetailBytesMax) detail.resize(kDetailBytesMax);
  return {reason_of(result.fault), std::move(detail)};
}

}  // namespace

Decoded decode_json(std::string_view bytes) {
  Reading reading;
  const json::Result result = json::parse(bytes, kWireDepthMax, reading);
  if (result.fault != json::Fault::kNone) return unparsed(result);
  return judge(reading.take());
}

}  // namespace wire

std::string_view to_string(MalformedReason reason) {
  switch (reason) {
    case MalformedReason::kEmpty:
      return "EMPTY";
    case MalformedReason::kTooLarge:
      return "TOO_LARGE";
    case MalformedReason::kNotUtf8:
      return "NOT_UTF8";
    case MalformedReason::kNotJson:
      return "NOT_JSON";
    case MalformedReason::kTooDeep:
      return "TOO_DEEP";
    case MalformedReason::kDuplicateKey:
      return "DUPLICATE_KEY";
    case MalformedReason::kWrongSchema:
      return "WRONG_SCHEMA";
    case MalformedReason::kDisagreeing:
      return "DISAGREEING";
    case MalformedReason::kWrongKey:
      return "WRONG_KEY";
  }
  check_failed("a known MalformedReason", __FILE__, __LINE__);
}

Decoded decode_event(std::string_view bytes) {
  if (bytes.empty()) return Malformed{MalformedReason::kEmpty, "no bytes"};
  if (bytes.size() > kWireBytesMax) {
    return Malformed{MalformedReason::kTooLarge, std::to_string(bytes.size()) + " bytes"};
  }
  if (auto fields = wire::read_canonical(bytes)) return wire::judge(std::move(*fields));
  return wire::decode_json(bytes);
}

Decoded decode_record(const Message& message) {
  Decoded decoded = decode_event(message.value.view());
  const auto* event = std::get_if<Event>(&decoded);
  if (event == nullptr) return decoded;
  if (!message.key) return Malformed{MalformedReason::kWrongKey, "the key is null"};
  if (*message.key != to_string(order_of(event->what).value)) {
    return Malformed{MalformedReason::kWrongKey, "the key is not the order id"};
  }
  return decoded;
}

}  // namespace quickbite
