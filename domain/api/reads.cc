#include "domain/api/reads.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "domain/api/cursor.h"
#include "domain/api/headers.h"
#include "domain/api/place_order.h"
#include "domain/api/query_string.h"

namespace quickbite::api {
namespace {

// Digits alone; nullopt where they are too many.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "20s", "1500ms".
std::optional<Duration> wait_length(std::string_view text) {
  const bool in_milliseconds = text.ends_with("ms");
  if (!in_milliseconds && !text.ends_with("s")) return std::nullopt;
  text.remove_suffix(in_milliseconds ? 2 : 1);
  const auto number = whole_number(text);
  if (!number || *number > kWaitMax.us) return std::nullopt;  // no overflow below
  const Duration wait = in_milliseconds ? milliseconds(*number) : seconds(*number);
  if (wait > kWaitMax) return std::nullopt;
  return wait;
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
    const auto number = whole_number(tag);
    if (!number || *number < 1) continue;
    if (!known || known->value < *number) known = Version(*number);
  }
  return known;
}

}  // namespace

HttpAnswer another_user() {
  return problem("another-user", 403, "This is another user's",
                 "userId is not the user that the token names; it may be left out.");
}

Routed read_list(std::string_view query, const std::optional<UserId>& caller) {
  auto read = read_query(query);
  if (auto* wrong = std::get_if<HttpAnswer>(&read)) return std::move(*wrong);
  std::optional<UserId> user = caller;
  std::optional<std::int64_t> limit;
  std::optional<std::string> cursor;
  for (auto& [name, value] : std::get<std::vector<Parameter>>(read)) {
    if (name == "userId") {
      if (!is_user(value)) {
        return bad_query("userId must be 1 to 64 bytes of UTF-8 without control characters.");
      }
      if (caller && caller->value != value) return another_user();
      user = UserId(std::move(value));
    } else if (name == "limit") {
      limit = whole_number(value);
      if (!limit || *limit < 1 || *limit > kPageMax) {
        return bad_query("limit must be a whole number from 1 to 200.");
      }
    } else if (name == "cursor") {
      cursor = std::move(value);
    } else {
      return bad_query("The parameters here are userId, limit and cursor.");
    }
  }
  if (!user) return bad_query("userId is missing: GET /v1/orders?userId=u1");
  ListOrders list{std::move(*user), limit, std::nullopt};
  if (cursor) {
    list.after = read_cursor(list.user, *cursor);
    if (!list.after) return bad_query("cursor is none that was given for this user's list.");
  }
  return Query(std::move(list));
}

Routed read_one(const OrderId& id, const HttpRequest& request, const std::optional<UserId>& caller) {
  auto read = read_query(request.query);
  if (auto* wrong = std::get_if<HttpAnswer>(&read)) return std::move(*wrong);
  GetOrder get{id, known_version(request.headers), Duration{}, caller};
  for (const auto& [name, value] : std::get<std::vector<Parameter>>(read)) {
    if (name == "wait") {
      const auto wait = wait_length(value);
      if (!wait) return bad_query("wait must be a whole number and s or ms, at most 30s: wait=20s");
      get.wait = *wait;
    } else if (name == "version") {
      const auto version = whole_number(value);
      if (!version || *version < 1) return bad_query("version must be a whole number from 1.");
      get.known = Version(*version);
    } else {
      return bad_query("The parameters here are wait and version.");
    }
  }
  return Query(std::move(get));
}

Routed read_timeline(const OrderId& id, std::string_view query, const std::optional<UserId>& caller) {
  auto read = read_query(query);
  if (auto* wrong = std::get_if<HttpAnswer>(&read)) return std::move(*wrong);
  if (!std::get<std::vector<Parameter>>(read).empty()) return bad_query("There are no parameters here.");
  return Query(GetTimeline{id, caller});
}

Duration wait_of(const HttpRequest& request) {
  if (request.query.find("wait") == std::string::npos) return {};
  const auto read = read_query(request.query);
  const auto* parameters = std::get_if<std::vector<Parameter>>(&read);
  if (parameters == nullptr) return {};
  for (const auto& [name, value] : *parameters) {
    if (name == "wait") return wait_length(value).value_or(Duration{});
  }
  return {};
}

}  // namespace quickbite::api
