// What the tests of routing ask with, and how they look at what became of it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "domain/api/api.h"

namespace quickbite::api {

inline const OrderId kFresh(Uuid{9, 9});
inline constexpr std::string_view kOrderText = "11111111-2222-5333-8444-555555555555";
inline const OrderId kOrder(*parse_uuid(kOrderText));

inline HttpRequest request(std::string method, std::string path, std::string query = "",
                    Headers headers = {}) {
  return {std::move(method), std::move(path), std::move(query), std::move(headers), ""};
}

inline HttpRequest post(std::string body, Headers more = {}) {
  Headers headers = {{"content-type", "application/json"}};
  headers.insert(headers.end(), more.begin(), more.end());
  return {"POST", "/v1/orders", "", std::move(headers), std::move(body)};
}

inline const std::string kBurgers = R"({"userId":"u1","sku":"burger","quantity":2})";

inline std::string order_path(std::string_view rest = "") {
  return "/v1/orders/" + std::string(kOrderText) + std::string(rest);
}

inline HttpAnswer refusal(const HttpRequest& request) {
  const Routed routed = route(request, kFresh);
  const auto* answer = std::get_if<HttpAnswer>(&routed);
  if (answer == nullptr) {
    ADD_FAILURE() << "not refused: " << request.method << ' ' << request.path << '?'
                  << request.query;
    return {};
  }
  EXPECT_EQ(header(answer->headers, "Content-Type"), "application/problem+json");
  return *answer;
}

inline void expect_refused(const HttpRequest& request, int status, std::string_view type) {
  const HttpAnswer answer = refusal(request);
  EXPECT_EQ(answer.status, status);
  EXPECT_TRUE(answer.body.starts_with("{\"type\":\"/problems/" + std::string(type) + "\","))
      << answer.body;
}

template <class T, class Kind>
T routed_as(const HttpRequest& request) {
  const Routed routed = route(request, kFresh);
  if (const auto* kind = std::get_if<Kind>(&routed)) {
    if (const auto* found = std::get_if<T>(kind)) return *found;
  }
  if (const auto* answer = std::get_if<HttpAnswer>(&routed)) ADD_FAILURE() << answer->body;
  ADD_FAILURE() << "routed elsewhere";
  return {};
}

inline PlaceOrder placed(const HttpRequest& request) {
  return routed_as<PlaceOrder, Command>(request);
}
inline GetOrder got(const HttpRequest& request) {
  return routed_as<GetOrder, Query>(request);
}
inline ListOrders listed(std::string query) {
  return routed_as<ListOrders, Query>(request("GET", "/v1/orders", std::move(query)));
}

}  // namespace quickbite::api
