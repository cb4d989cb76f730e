#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "domain/api/answers.h"
#include "domain/api/api.h"
#include "domain/api/place_order.h"
#include "domain/base/canonical.h"

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

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

HttpAnswer bad_key(std::string_view detail) {
  return problem("bad-idempotency-key", 400, "The Idempotency-Key cannot be used", detail);
}

HttpAnswer bad_query(std::string_view detail) {
  return problem("bad-query", 400, "The query cannot be understood", detail);
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
  constexpr std::string_view kJson = "application/json";
  if (type.size() != kJson.size()) return false;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const bool upper = type[i] >= 'A' && type[i] <= 'Z';
    if ((upper ? static_cast<char>(type[i] + ('a' - 'A')) : type[i]) != kJson[i]) return false;
  }
  return true;
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

Routed place_order(const HttpRequest& request, const OrderId& fresh) {
  if (request.body.size() > kBodyBytesMax) return std::get<HttpAnswer>(read_order(request.body));
  const auto content_type = header(request.headers, "content-type");
  if (!content_type || !is_json(*content_type)) {
    return problem("unsupported-media-type", 415, "The body must be JSON",
                   "Send it with the header Content-Type: application/json.");
  }
  MaybeKey maybe_key = idempotency_key(request.headers);
  if (auto* wrong = std::get_if<HttpAnswer>(&maybe_key)) return std::move(*wrong);
  auto body = read_order(request.body);
  if (auto* wrong = std::get_if<HttpAnswer>(&body)) return std::move(*wrong);

  auto& order = std::get<OrderBody>(body);
  const auto& key = std::get<std::optional<std::string_view>>(maybe_key);
  const OrderId id = key ? keyed_order_id(order.user, *key) : fresh;
  const RequestHash hash = hash_of_request(order.user, order.lines);
  return Command(PlaceOrder{id, std::move(order.user), std::move(order.lines), hash});
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// application/x-www-form-urlencoded: '+' is a space, %XX a byte. Nullopt where a '%' has no two
// hexadecimal digits.
std::optional<std::string> form_decoded(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_value(text[i + 1]);
      const int low = hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      result += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      result += text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

Routed list_orders(std::string_view query) {
  std::optional<UserId> user;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const auto name = form_decoded(pair.substr(0, equals));
    const auto value = form_decoded(pair.substr(std::min(pair.size(), equals + 1)));
    if (!name || !value) return bad_query("A '%' must be followed by two hexadecimal digits.");
    if (*name != "userId") return bad_query("The only parameter here is userId.");
    if (user) return bad_query("userId is given more than once.");
    if (!is_user(*value)) {
      return bad_query("userId must be 1 to 64 bytes of UTF-8 without control characters.");
    }
    user = UserId(*value);
  }
  if (!user) return bad_query("userId is missing: GET /v1/orders?userId=u1");
  return Query(ListOrders{std::move(*user)});
}

// The version that an If-None-Match names; of several the greatest, which is the likeliest to be
// current. What is no version of ours matches nothing, and the answer is then the order itself,
// which is always right.
std::optional<Version> known_version(const Headers& headers) {
  auto list = header(headers, "if-none-match");
  if (!list) return std::nullopt;
  std::optional<Version> known;
  std::string_view rest = *list;
  while (!rest.empty()) {
    const std::string_view element = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), element.size() + 1));
    std::string_view tag = trimmed(element);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') continue;
    tag = tag.substr(1, tag.size() - 2);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), number);
    if (error != std::errc{} || end != tag.data() + tag.size() || number < 1) continue;
    if (!known || known->value < number) known = Version(number);
  }
  return known;
}

// What stands after /v1/orders/.
Routed route_order(const HttpRequest& request, std::string_view rest) {
  constexpr std::string_view kCancel = "/cancel";
  const bool cancels = rest.ends_with(kCancel);
  if (cancels) rest.remove_suffix(kCancel.size());
  const auto id = parse_uuid(rest);
  if (!id)
    return rest.find('/') == std::string_view::npos && !rest.empty() ? no_such_order()
                                                                     : no_such_path();
  if (cancels) {
    if (request.method != "POST") return wrong_method("POST");
    return Command(CancelOrder{OrderId(*id)});
  }
  if (request.method != "GET") return wrong_method("GET");
  return Query(GetOrder{OrderId(*id), known_version(request.headers)});
}

}  // namespace

OrderId keyed_order_id(const UserId& subject, std::string_view key) {
  Encoder both;
  both.text(subject.value);
  both.text(key);
  return OrderId(uuid_v5(kKeyedSpace, both.view()));
}

Routed route(const HttpRequest& request, const OrderId& fresh) {
  const std::string_view path = request.path;
  if (path == kOrdersPath) {
    if (request.method == "POST") return place_order(request, fresh);
    if (request.method == "GET") return list_orders(request.query);
    return wrong_method("GET, POST");
  }
  if (path == kMenuPath) {
    if (request.method == "GET") return GetMenu{};
    return wrong_method("GET");
  }
  if (!path.starts_with(kOrdersPath) || path[kOrdersPath.size()] != '/') return no_such_path();
  return route_order(request, path.substr(kOrdersPath.size() + 1));
}

}  // namespace quickbite::api
