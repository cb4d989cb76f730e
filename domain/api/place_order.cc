#include "domain/api/place_order.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/api/answers.h"
#include "domain/api/api.h"
#include "domain/message/rapidjson.h"

namespace quickbite::api {
namespace {

constexpr std::size_t kTextBytesMax = 64;       // of a user and of a SKU
constexpr std::size_t kNameShownBytesMax = 64;  // of an unknown field in an answer

constexpr std::string_view kUserNeeded =
    "must be a string of 1 to 64 bytes without control characters";
constexpr std::string_view kSkuNeeded =
    "must be a string of 1 to 64 letters, digits, '.', '_' or '-'";
constexpr std::string_view kQuantityNeeded = "must be a whole number from 1 to 1000000";
constexpr std::string_view kItemsNeeded =
    "must be an array of objects, each with a sku and a quantity";

bool is_sku(std::string_view text) {
  if (text.empty() || text.size() > kTextBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

bool is_quantity(const json::Scalar& value) {
  return value.kind == json::Kind::kInteger && value.integer >= 1 && value.integer <= kQuantityMax;
}

// The start of a name that a stranger gave, cut between characters.
std::string shown(std::string_view name) {
  std::string start(name.substr(0, kNameShownBytesMax));
  start.resize(utf8_valid_prefix(start));
  return start;
}

struct Violation {
  std::string field;
  std::string what;
};

enum class Name : std::uint8_t { kUser, kSku, kQuantity, kItems, kUnknown };

// Puts what the parse tells of into an order. The order is at depth 1, the list of items at 2, an
// item at 3. The first violation in the document is the one that is told; whatever is nested
// elsewhere stands behind one, so that nothing here asks where it is.
class Reading {
 public:
  explicit Reading(const std::optional<UserId>& caller) {
    if (caller) user_ = caller->value;
  }

  void key(std::size_t depth, std::string_view name) {
    if (depth == 1) {
      field_ = name == "userId"     ? Name::kUser
               : name == "sku"      ? Name::kSku
               : name == "quantity" ? Name::kQuantity
               : name == "items"    ? Name::kItems
                                    : Name::kUnknown;
      if (field_ == Name::kUnknown) violate(shown(name), "is not a field of an order");
    } else if (depth == 3) {
      item_field_ = name == "sku"        ? Name::kSku
                    : name == "quantity" ? Name::kQuantity
                                         : Name::kUnknown;
      if (item_field_ == Name::kUnknown) violate(in_item(shown(name)), "is not a field of an item");
    }
  }

  void scalar(std::size_t depth, const json::Scalar& value) {
    if (depth == 1) top(value);
    if (depth == 2) violate(in_item(""), "must be an object");
    if (depth == 3) item(value);
  }

  void open(std::size_t depth, bool is_array) {
    const json::Scalar nothing;  // what an object or an array is where a scalar is needed
    if (depth == 0) {
      is_object_ = !is_array;
    } else if (depth == 1) {
      if (is_array && field_ == Name::kItems) {
        has_items_ = true;
      } else {
        top(nothing);
      }
    } else if (depth == 2) {
      if (is_array) violate(in_item(""), "must be an object");
      sku_.reset();
      quantity_.reset();
    } else if (depth == 3) {
      item(nothing);
    }
  }

  void close(std::size_t depth) {
    if (depth == 2) end_item();
  }

  std::variant<OrderBody, Violation> finish() {
    if (!is_object_) return Violation{"", "The body must be a JSON object."};
    if (violation_) return *violation_;
    if (!user_) return Violation{"userId", "is missing"};
    const bool has_line = line_sku_ || line_quantity_;
    if (has_line && has_items_)
      return Violation{"items", "stands beside sku or quantity: give one form or the other"};
    if (!has_line && !has_items_)
      return Violation{"items", "is missing: give items, or sku and quantity"};
    if (has_line) {
      if (!line_sku_) return Violation{"sku", "is missing"};
      if (!line_quantity_) return Violation{"quantity", "is missing"};
      lines_ = {Line{Sku(*line_sku_), Quantity(*line_quantity_)}};
    }
    return within_caps();
  }

 private:
  void violate(std::string field, std::string_view what) {
    if (!violation_) violation_ = Violation{std::move(field), std::string(what)};
  }

  std::string in_item(std::string_view field) const {
    std::string path = "items[" + std::to_string(lines_.size()) + "]";
    if (!field.empty()) path.append(".").append(field);
    return path;
  }

  void top(const json::Scalar& value) {
    switch (field_) {
      case Name::kUser:
        if (value.kind == json::Kind::kString && is_user(value.text)) {
          user_ = std::string(value.text);
        } else {
          violate("userId", kUserNeeded);
        }
        return;
      case Name::kSku:
        return take_sku("sku", value, line_sku_);
      case Name::kQuantity:
        return take_quantity("quantity", value, line_quantity_);
      case Name::kItems:
        return violate("items", kItemsNeeded);
      case Name::kUnknown:
        return;
    }
  }

  void item(const json::Scalar& value) {
    if (item_field_ == Name::kSku) take_sku("", value, sku_);
    if (item_field_ == Name::kQuantity) take_quantity("", value, quantity_);
  }

  // `field` is empty within an item.
  void take_sku(std::string_view field, const json::Scalar& value,
                std::optional<std::string>& into) {
    if (value.kind == json::Kind::kString && is_sku(value.text)) {
      into = std::string(value.text);
    } else {
      violate(field.empty() ? in_item("sku") : std::string(field), kSkuNeeded);
    }
  }
  void take_quantity(std::string_view field, const json::Scalar& value,
                     std::optional<std::int64_t>& into) {
    if (is_quantity(value)) {
      into = value.integer;
    } else {
      violate(field.empty() ? in_item("quantity") : std::string(field), kQuantityNeeded);
    }
  }

  void end_item() {
    if (!sku_) violate(in_item("sku"), "is missing");
    if (!quantity_) violate(in_item("quantity"), "is missing");
    if (violation_) return;
    lines_.push_back(Line{Sku(std::move(*sku_)), Quantity(*quantity_)});
  }

  std::variant<OrderBody, Violation> within_caps() {
    if (lines_.empty()) return Violation{"items", "must hold at least one item"};
    Lines sums = summed(std::move(lines_));
    if (sums.size() > kLinesMax)
      return Violation{"items", "must not hold more than 50 different SKUs"};
    for (const Line& line : sums) {
      if (line.quantity.value > kQuantityMax) {
        return Violation{"items", "must not ask for more than 1000000 of one SKU"};
      }
    }
    return OrderBody{UserId(std::move(*user_)), std::move(sums)};
  }

  std::optional<std::string> user_;
  std::optional<std::string> line_sku_;
  std::optional<std::int64_t> line_quantity_;
  std::vector<Line> lines_;
  std::optional<std::string> sku_;
  std::optional<std::int64_t> quantity_;
  std::optional<Violation> violation_;
  Name field_ = Name::kUnknown;
  Name item_field_ = Name::kUnknown;
  bool is_object_ = false;
  bool has_items_ = false;
};

HttpAnswer not_json(const json::Result& result) {
  return problem("malformed-json", 400, "The body is not JSON as we take it",
                 "byte " + std::to_string(result.byte) + ": " + result.text);
}

HttpAnswer invalid(const Violation& violation) {
  constexpr std::string_view kTitle = "The body is not an order";
  if (violation.field.empty()) return problem("invalid-order", 422, kTitle, violation.what);
  return problem_of_field("invalid-order", 422, kTitle,
                          violation.field + " " + violation.what + ".", violation.field);
}

}  // namespace

bool is_user(std::string_view text) {
  return !text.empty() && text.size() <= kTextBytesMax && is_utf8(text) &&
         !has_control_character(text);
}

std::variant<OrderBody, HttpAnswer> read_order(std::string_view body, const std::optional<UserId>& caller) {
  if (body.size() > kBodyBytesMax) {
    return problem("body-too-large", 413, "The body is too large",
                   "An order takes at most 65536 bytes.");
  }
  Reading reading(caller);
  const json::Result result = json::parse(body, kBodyDepthMax, reading);
  if (result.fault != json::Fault::kNone) return not_json(result);
  auto finished = reading.finish();
  if (auto* violation = std::get_if<Violation>(&finished)) return invalid(*violation);
  return std::get<OrderBody>(std::move(finished));
}

}  // namespace quickbite::api
