#include "domain/api/answers.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "domain/api/api.h"
#include "domain/api/cursor.h"
#include "domain/api/query_string.h"
#include "domain/base/match.h"
#include "domain/message/json_write.h"

namespace quickbite::api {
namespace {

using json::append_number;
using json::append_string;
using json::append_time;
using json::append_uuid;

std::string etag(Version version) {
  return '"' + std::to_string(version.value) + '"';
}

void append_line(std::string& out, const Line& line) {
  out += "{\"sku\":";
  append_string(out, line.sku.value);
  out += ",\"quantity\":";
  append_number(out, line.quantity.value);
  out += '}';
}

void append_order(std::string& out, const OrderRow& order) {
  out += "{\"orderId\":\"";
  append_uuid(out, order.id.value);
  out += "\",\"userId\":";
  append_string(out, order.user.value);
  out += ",\"status\":";
  append_string(out, to_string(order.status));
  if (order.reason) {
    out += ",\"reason\":";
    append_string(out, to_string(*order.reason));
  }
  out += ",\"items\":[";
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    if (i > 0) out += ',';
    append_line(out, order.lines[i]);
  }
  out += "],\"version\":";
  append_number(out, order.version.value);
  out += ",\"createdAt\":\"";
  append_time(out, order.created_at);
  out += "\",\"updatedAt\":\"";
  append_time(out, order.updated_at);
  out += "\"}";
}

std::size_t size_estimate(const OrderRow& order) {
  return 320 + 48 * order.lines.size();
}

HttpAnswer order_answer(int status, const OrderRow& order) {
  HttpAnswer answer;
  answer.status = status;
  answer.headers.reserve(3);  // with what else its caller says
  answer.headers.push_back({"Content-Type", "application/json"});
  answer.headers.push_back({"ETag", etag(order.version)});
  answer.body.reserve(size_estimate(order));
  append_order(answer.body, order);
  return answer;
}

// RFC 9110 section 10.2.3: whole seconds; here at least one.
HttpAnswer retried_later(HttpAnswer answer, Duration after = seconds(1)) {
  const std::int64_t whole = (after.us + seconds(1).us - 1) / seconds(1).us;
  answer.headers.push_back({"Retry-After", std::to_string(std::max<std::int64_t>(whole, 1))});
  return answer;
}

}  // namespace

HttpAnswer problem_of_field(std::string_view type, int status, std::string_view title,
                            std::string_view detail, std::optional<std::string_view> field) {
  HttpAnswer answer;
  answer.status = status;
  answer.headers = {{"Content-Type", "application/problem+json"}};
  std::string& out = answer.body;
  out += "{\"type\":";
  append_string(out, "/problems/" + std::string(type));
  out += ",\"title\":";
  append_string(out, title);
  out += ",\"status\":";
  append_number(out, status);
  out += ",\"detail\":";
  append_string(out, detail);
  if (field) {
    out += ",\"field\":";
    append_string(out, *field);
  }
  out += '}';
  return answer;
}

HttpAnswer problem(std::string_view type, int status, std::string_view title,
                   std::string_view detail) {
  return problem_of_field(type, status, title, detail, std::nullopt);
}

HttpAnswer no_such_order() {
  return problem("no-such-order", 404, "There is no such order", "No order has this id.");
}

HttpAnswer overloaded() {
  return retried_later(problem("overloaded", 503, "Too many requests are waiting",
                               "Nothing was done. Try again in a second."));
}

HttpAnswer unavailable() {
  return retried_later(problem("unavailable", 503, "The orders cannot be read now",
                               "The database is away. Try again in a second."));
}

HttpAnswer menu_unavailable(Duration retry) {
  return retried_later(problem("menu-unavailable", 503, "The menu is not known yet",
                               "Inventory has not answered. Orders are taken all the same."),
                       retry);
}

HttpAnswer deadline_passed() {
  return retried_later(
      problem("deadline-passed", 504, "It is not known whether this was done",
              "Ask again; an order with the same Idempotency-Key is never placed twice."));
}

HttpAnswer answer(const CommandOutcome& outcome) {
  return match(
      outcome,
      [](const Placed& placed) {
        HttpAnswer answer = order_answer(201, placed.order);
        std::string location = "/v1/orders/";
        append_uuid(location, placed.order.id.value);
        answer.headers.push_back({"Location", std::move(location)});
        return answer;
      },
      [](const KeyReused&) {
        return problem("idempotency-key-reused", 422, "The key was used for another order",
                       "Use a new Idempotency-Key for a new order. Nothing was done.");
      },
      [](const Cancelled& cancelled) { return order_answer(200, cancelled.order); },
      [](const NoSuchOrder&) { return no_such_order(); },
      [](const Unprocessable&) {
        return problem("unprocessable", 422, "The order cannot be kept",
                       "The database refuses this order. Nothing was done.");
      },
      [](const Overloaded&) { return overloaded(); });
}

HttpAnswer answer_order(const OrderRow* order, const GetOrder& get) {
  if (order == nullptr || (get.caller && *get.caller != order->user)) return no_such_order();
  HttpAnswer answer;
  if (get.known == order->version) {
    answer.status = 304;
    answer.headers = {{"ETag", etag(order->version)}};
  } else {
    answer = order_answer(200, *order);
  }
  answer.headers.push_back({"Cache-Control", "no-cache"});
  return answer;
}

HttpAnswer answer_list(const std::vector<OrderRow>& orders, const ListOrders& list, std::int64_t limit) {
  const std::size_t shown = std::min(orders.size(), static_cast<std::size_t>(limit));
  HttpAnswer answer;
  answer.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}};
  answer.body = "{\"orders\":[";
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) answer.body += ',';
    append_order(answer.body, orders[i]);
  }
  answer.body += ']';
  if (shown < orders.size()) {
    const OrderRow& last = orders[shown - 1];
    const std::string cursor = write_cursor(list.user, {last.created_at, last.id});
    answer.body += ",\"next\":";
    append_string(answer.body, cursor);
    answer.headers.push_back({"Link", "</v1/orders?userId=" + form_encoded(list.user.value) + "&limit=" +
                                          std::to_string(limit) + "&cursor=" + cursor + ">; rel=\"next\""});
  }
  answer.body += '}';
  return answer;
}

HttpAnswer answer_menu(const MenuTold& menu, bool stale) {
  HttpAnswer answer;
  answer.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-cache"}};
  std::string& out = answer.body;
  out = "{\"items\":[";
  for (std::size_t i = 0; i < menu.items.size(); ++i) {
    out += i == 0 ? "{\"sku\":" : ",{\"sku\":";
    append_string(out, menu.items[i].sku.value);
    out += ",\"available\":";
    append_number(out, menu.items[i].available.value);
    out += '}';
  }
  out += "],\"asOf\":\"";
  append_time(out, menu.as_of);
  out += stale ? "\",\"stale\":true}" : "\",\"stale\":false}";
  return answer;
}

}  // namespace quickbite::api
