#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "domain/api/answers.h"
#include "domain/api/api.h"
#include "domain/api/headers.h"
#include "domain/api/place_order.h"
#include "domain/api/reads.h"
#include "domain/base/canonical.h"
#include "domain/base/check.h"

namespace quickbite::api {
namespace {

constexpr std::string_view kOrdersPath = "/v1/orders";
constexpr std::string_view kMenuPath = "/v1/menu";

// The namespace of keyed order ids: UUIDv5 of "quickbite/orders" in the nil namespace.
constexpr Uuid kKeyedSpace{0xC1BE8180DB145913, 0xBEE26BA3AD49765E};

// Two requests are the same when they ask for the same: the same user and, summed, the same lines.
RequestHash hash_of_request(const UserId& user, const Lines& lines) {
  Encoder canonical;
  canonical.text("PlaceOrder");
  encode(canonical, user);
  encode(canonical, lines);
  return RequestHash(uuid_v5(Uuid{}, canonical.view()));
}

HttpAnswer bad_key(std::string_view detail) {
  return problem("bad-idempotency-key", 400, "The Idempotency-Key cannot be used", detail);
}

HttpAnswer no_such_path() {
  return problem("not-found", 404, "There is nothing here", "The API is under /v1/orders and /v1/menu.");
}

HttpAnswer wrong_method(std::string_view allowed) {
  std::string detail = "Allowed here: ";
  detail += allowed;
  detail += '.';
  HttpAnswer answer = problem("method-not-allowed", 405, "The method is not allowed here", detail);
  answer.headers.push_back({"Allow", std::string(allowed)});
  return answer;
}

// RFC 9110 section 8.3.1: type and subtype without regard to case; parameters say nothing about
// JSON.
bool is_json(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  return same_token(type, "application/json");
}

bool is_visible_ascii(std::string_view text) {
  for (const char c : text) {
    if (c < '!' || c > '~') return false;
  }
  return true;
}

using MaybeKey = std::variant<std::optional<std::string_view>, HttpAnswer>;

MaybeKey idempotency_key(const Headers& headers) {
  std::optional<std::string_view> key;
  for (const Header& each : headers) {
    if (each.name != "idempotency-key") continue;
    if (key) return bad_key("It is given more than once.");
    key = trimmed(each.value);
    if (key->empty() || key->size() > kIdempotencyKeyBytesMax || !is_visible_ascii(*key)) {
      return bad_key("It must be 1 to 128 visible ASCII characters, without spaces.");
    }
  }
  return key;
}

Routed place_order(const HttpRequest& request, const OrderId& fresh, const std::optional<UserId>& caller) {
  if (request.body.size() > kBodyBytesMax) return std::get<HttpAnswer>(read_order(request.body, caller));
  const auto content_type = header(request.headers, "content-type");
  if (!content_type || !is_json(*content_type)) {
    return problem("unsupported-media-type", 415, "The body must be JSON",
                   "Send it with the header Content-Type: application/json.");
  }
  MaybeKey maybe_key = idempotency_key(request.headers);
  if (auto* wrong = std::get_if<HttpAnswer>(&maybe_key)) return std::move(*wrong);
  auto body = read_order(request.body, caller);
  if (auto* wrong = std::get_if<HttpAnswer>(&body)) return std::move(*wrong);

  auto& order = std::get<OrderBody>(body);
  if (caller && order.user != *caller) return another_user();
  const auto& key = std::get<std::optional<std::string_view>>(maybe_key);
  const OrderId id = key ? keyed_order_id(order.user, *key) : fresh;
  const RequestHash hash = hash_of_request(order.user, order.lines);
  return Command(PlaceOrder{id, std::move(order.user), std::move(order.lines), hash, trace_in(request.headers)});
}

// What a path is, and what may be done there.
enum class Place : std::uint8_t { kNowhere, kOrders, kOrder, kTimeline, kCancel, kMenu };

struct Found {
  Place place = Place::kNowhere;
  std::optional<OrderId> order;  // none: what stands in its place is no id
};

Found find(std::string_view path) {
  if (path == kOrdersPath) return {Place::kOrders, std::nullopt};
  if (path == kMenuPath) return {Place::kMenu, std::nullopt};
  if (!path.starts_with(kOrdersPath) || path[kOrdersPath.size()] != '/') return {};
  std::string_view rest = path.substr(kOrdersPath.size() + 1);
  Place place = Place::kOrder;
  const auto takes = [&](std::string_view end, Place what) {
    if (!rest.ends_with(end)) return;
    rest.remove_suffix(end.size());
    place = what;
  };
  takes("/cancel", Place::kCancel);
  if (place == Place::kOrder) takes("/timeline", Place::kTimeline);
  if (rest.empty() || rest.find('/') != std::string_view::npos) return {};
  const auto id = parse_uuid(rest);
  return {place, id ? std::optional(OrderId(*id)) : std::nullopt};
}

std::string_view allowed(Place place) {
  switch (place) {
    case Place::kOrders:
      return "GET, HEAD, OPTIONS, POST";
    case Place::kOrder:
    case Place::kTimeline:
    case Place::kMenu:
      return "GET, HEAD, OPTIONS";
    case Place::kCancel:
      return "OPTIONS, POST";
    case Place::kNowhere:
      return "";
  }
  check_failed("a known Place", __FILE__, __LINE__);
}

// The answer to OPTIONS: what may be done here.
HttpAnswer options(std::string_view allowed) {
  return {204, {{"Allow", std::string(allowed)}}, ""};
}

}  // namespace

HttpAnswer only_for_reading(const HttpRequest& request) {
  constexpr std::string_view kAllowed = "GET, HEAD, OPTIONS";
  return request.method == "OPTIONS" ? options(kAllowed) : wrong_method(kAllowed);
}

OrderId keyed_order_id(const UserId& subject, std::string_view key) {
  Encoder both;
  both.text(subject.value);
  both.text(key);
  return OrderId(uuid_v5(kKeyedSpace, both.view()));
}

std::string_view route_name(const HttpRequest& request) {
  switch (find(request.path).place) {
    case Place::kNowhere:
      return "other";
    case Place::kOrders:
      return "/v1/orders";
    case Place::kOrder:
      return wait_of(request).us > 0 ? "/v1/orders/{orderId}?wait" : "/v1/orders/{orderId}";
    case Place::kTimeline:
      return "/v1/orders/{orderId}/timeline";
    case Place::kCancel:
      return "/v1/orders/{orderId}/cancel";
    case Place::kMenu:
      return "/v1/menu";
  }
  check_failed("a known Place", __FILE__, __LINE__);
}

Routed route(const HttpRequest& request, const OrderId& fresh, const std::optional<UserId>& caller) {
  const Found at = find(request.path);
  if (at.place == Place::kNowhere) return no_such_path();
  const bool gets = request.method == "GET" || request.method == "HEAD";
  const bool posts = request.method == "POST";
  if (request.method == "OPTIONS") return options(allowed(at.place));
  if (at.place == Place::kOrders) {
    if (posts) return place_order(request, fresh, caller);
    if (gets) return read_list(request.query, caller);
    return wrong_method(allowed(at.place));
  }
  if (at.place == Place::kCancel ? !posts : !gets) return wrong_method(allowed(at.place));
  if (at.place == Place::kMenu) return GetMenu{};
  if (!at.order) return no_such_order();
  if (at.place == Place::kCancel) return Command(CancelOrder{*at.order, caller, trace_in(request.headers)});
  if (at.place == Place::kTimeline) return read_timeline(*at.order, request.query, caller);
  return read_one(*at.order, request, caller);
}

}  // namespace quickbite::api
