// The HTTP API as a pure function: requests in, commands, queries or answers out; outcomes in, answers out.
//
//   POST /v1/orders                 → PlaceOrder    201 {"orderId","status",…}, Location, ETag
//   POST /v1/orders/{id}/cancel     → CancelOrder   200
//   GET  /v1/orders/{id}            → GetOrder      200, ETag = "version"; If-None-Match → 304; ?wait=20s&version=1: long-poll
//   GET  /v1/orders/{id}/timeline   → GetTimeline   200 {"steps":[…],"waitingFor":…}
//   GET  /v1/orders?userId=         → ListOrders    200 {"orders":[…],"next":"…"}, newest first
//   GET  /v1/menu                   → GetMenu       200 {"items":[…],"asOf","stale"}
// HEAD is GET whose body the port leaves out; OPTIONS is answered 204 with Allow.
// Errors are application/problem+json (RFC 9457) with stable types (`problem_type`).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/order/command.h"
#include "domain/port/http.h"
#include "domain/port/ledger.h"
#include "domain/port/menu.h"

namespace quickbite::api {

inline constexpr std::size_t kBodyBytesMax = 64 * 1024;
inline constexpr std::size_t kBodyDepthMax = 8;
inline constexpr std::size_t kIdempotencyKeyBytesMax = 128;

inline constexpr std::int64_t kPageMax = 200;           // orders on one page of a list
inline constexpr Duration kWaitMax = seconds(30);  // of a long-poll

// `caller`: who asks, where that is known; another user's order is then like one that does not exist.
struct GetOrder {
  OrderId id;
  std::optional<Version> known = std::nullopt;  // by the query, or If-None-Match
  Duration wait = {};                           // for a version other than `known`; 0: none
  std::optional<UserId> caller = std::nullopt;
  auto fields() const { return std::tie(id, known, wait, caller); }
};
struct ListOrders {
  UserId user;
  std::optional<std::int64_t> limit = std::nullopt;  // from 1 to kPageMax; none: Limits.list
  std::optional<ListPlace> after = std::nullopt;     // by the cursor
  auto fields() const { return std::tie(user, limit, after); }
};
struct GetTimeline {
  OrderId id;
  std::optional<UserId> caller = std::nullopt;
  auto fields() const { return std::tie(id, caller); }
};
using Query = std::variant<GetOrder, ListOrders, GetTimeline>;

struct GetMenu {
  auto fields() const { return std::tie(); }
};

using Routed = std::variant<Command, Query, GetMenu, HttpAnswer>;

// Routes and validates. `fresh` is the order id for a POST without an Idempotency-Key: random in production, a keyed draw in the simulator.
// `caller` is who the request is proved to come from, where that is known. Whatever is wrong with the request is already an
// answer (400, 403, 404, 405 with Allow, 413, 415, 422).
Routed route(const HttpRequest& request, const OrderId& fresh, const std::optional<UserId>& caller = std::nullopt);

// Which of the places above a request is for, as "/v1/orders/{orderId}"; a long-poll's says so, since its answers take long;
// "other" for what is none of them. One of these constants, never the client's words.
std::string_view route_name(const HttpRequest& request);

// How long a request may wait for news, which the http port adds to its deadline; 0 for most, and for what makes no sense.
Duration wait_of(const HttpRequest& request);

// The order id of an idempotency key: UUIDv5 of (subject, key).
OrderId keyed_order_id(const UserId& subject, std::string_view key);

HttpAnswer answer(const CommandOutcome& outcome);
HttpAnswer answer_order(const OrderRow* order, const GetOrder& get);  // null: 404
// Null, or another's order: 404. `trail` is that of the same order.
HttpAnswer answer_timeline(const OrderRow* order, const OrderTrail* trail, const GetTimeline& get);
// `orders`: one more than the page has room for tells that there is another page.
HttpAnswer answer_list(const std::vector<OrderRow>& orders, const ListOrders& list, std::int64_t limit);
HttpAnswer answer_menu(const MenuTold& menu, bool stale);

// problem("overloaded", 503, "Too many requests are waiting", "Try again in a second.")
HttpAnswer problem(std::string_view type, int status, std::string_view title, std::string_view detail);
// Of a place that is only read, to any method but GET and HEAD: 204 to OPTIONS, else 405, with Allow.
HttpAnswer only_for_reading(const HttpRequest& request);
HttpAnswer deadline_passed();  // 504: unknown whether it was done; retry with the same key
HttpAnswer overloaded();       // 503 with Retry-After: certainly not done
HttpAnswer unavailable();      // 503 with Retry-After, for reads while the database is away
HttpAnswer menu_unavailable(Duration retry);  // 503 with Retry-After: there never was a menu, and asking is no use for so long

}  // namespace quickbite::api
