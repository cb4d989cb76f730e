// The HTTP API as a pure function: requests in, commands, queries or answers out; outcomes in, answers out.
//
//   POST /v1/orders                 → PlaceOrder    201 {"orderId","status",…}, Location, ETag
//   POST /v1/orders/{id}/cancel     → CancelOrder   200
//   GET  /v1/orders/{id}            → GetOrder      200, ETag = "version"; If-None-Match → 304
//   GET  /v1/orders?userId=         → ListOrders    200 {"orders":[…]}, newest first
//   GET  /v1/menu                   → GetMenu       200 {"items":[…],"asOf","stale"}
// Errors are application/problem+json (RFC 9457) with stable types (`problem_type`).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/base/ids.h"
#include "domain/order/command.h"
#include "domain/port/http.h"
#include "domain/port/menu.h"

namespace quickbite::api {

inline constexpr std::size_t kBodyBytesMax = 64 * 1024;
inline constexpr std::size_t kBodyDepthMax = 8;
inline constexpr std::size_t kIdempotencyKeyBytesMax = 128;

struct GetOrder {
  OrderId id;
  std::optional<Version> known;  // If-None-Match
  auto fields() const { return std::tie(id, known); }
};
struct ListOrders {
  UserId user;
  auto fields() const { return std::tie(user); }
};
using Query = std::variant<GetOrder, ListOrders>;

struct GetMenu {
  auto fields() const { return std::tie(); }
};

using Routed = std::variant<Command, Query, GetMenu, HttpAnswer>;

// Routes and validates. `fresh` is the order id for a POST without an Idempotency-Key: random in production, a keyed draw in the simulator.
// Whatever is wrong with the request is already an answer (400, 404, 405 with Allow, 413, 415, 422).
Routed route(const HttpRequest& request, const OrderId& fresh);

// The order id of an idempotency key: UUIDv5 of (subject, key).
OrderId keyed_order_id(const UserId& subject, std::string_view key);

HttpAnswer answer(const CommandOutcome& outcome);
HttpAnswer answer_order(const OrderRow* order, std::optional<Version> known);  // null: 404
HttpAnswer answer_list(const std::vector<OrderRow>& orders);
HttpAnswer answer_menu(const MenuTold& menu, bool stale);

// problem("overloaded", 503, "Too many requests are waiting", "Try again in a second.")
HttpAnswer problem(std::string_view type, int status, std::string_view title, std::string_view detail);
HttpAnswer deadline_passed();  // 504: unknown whether it was done; retry with the same key
HttpAnswer overloaded();       // 503 with Retry-After: certainly not done
HttpAnswer unavailable();      // 503 with Retry-After, for reads while the database is away
HttpAnswer menu_unavailable(Duration retry);  // 503 with Retry-After: there never was a menu, and asking is no use for so long

}  // namespace quickbite::api
