// The body of POST /v1/orders: bytes in, an order's user and lines out, or the problem document
// that says what is wrong. Private to domain/api.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "domain/base/ids.h"
#include "domain/message/line.h"
#include "domain/port/http.h"

namespace quickbite::api {

struct OrderBody {
  UserId user;
  Lines lines;  // summed, within the caps
};

// Where the caller is known, `userId` may be left out.
std::variant<OrderBody, HttpAnswer> read_order(std::string_view body, const std::optional<UserId>& caller = std::nullopt);

// 1 to 64 bytes of UTF-8 without control characters.
bool is_user(std::string_view text);

}  // namespace quickbite::api
