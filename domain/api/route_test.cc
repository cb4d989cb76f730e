#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "domain/api/api.h"
#include "domain/api/test_requests.h"

namespace quickbite::api {
namespace {

TEST(Route, EveryPlaceHasANameAndNoClientCanMakeOne) {
  EXPECT_EQ(route_name(request("POST", "/v1/orders")), "/v1/orders");
  EXPECT_EQ(route_name(request("GET", order_path())), "/v1/orders/{orderId}");
  EXPECT_EQ(route_name(request("GET", "/v1/orders/x")), "/v1/orders/{orderId}") << "an id that is none";
  EXPECT_EQ(route_name(request("GET", order_path(), "version=1&wait=20s")), "/v1/orders/{orderId}?wait");
  EXPECT_EQ(route_name(request("GET", order_path(), "wait=x")), "/v1/orders/{orderId}");
  EXPECT_EQ(route_name(request("POST", order_path("/cancel"))), "/v1/orders/{orderId}/cancel");
  EXPECT_EQ(route_name(request("GET", order_path("/timeline"))), "/v1/orders/{orderId}/timeline");
  EXPECT_EQ(route_name(request("GET", "/v1/menu")), "/v1/menu");
  for (const char* path : {"/", "/v1/ordersx", "/v1/orders/a/b", "/v2/orders"}) EXPECT_EQ(route_name(request("GET", path)), "other");
}

TEST(Route, PostPlacesAnOrderUnderTheFreshId) {
  const PlaceOrder command = placed(post(kBurgers));
  EXPECT_EQ(command.id, kFresh);
  EXPECT_EQ(command.user, UserId("u1"));
  EXPECT_EQ(command.lines, (Lines{{Sku("burger"), Quantity(2)}}));
}

TEST(Route, AKeyGivesTheSameIdEveryTimeAndToEachUserHisOwn) {
  const Headers key = {{"idempotency-key", "k1"}};
  const PlaceOrder command = placed(post(kBurgers, key));
  EXPECT_EQ(command.id, keyed_order_id(UserId("u1"), "k1"));
  EXPECT_EQ(placed(post(kBurgers, key)).id, command.id);
  EXPECT_NE(command.id, keyed_order_id(UserId("u2"), "k1"));
  EXPECT_NE(command.id, keyed_order_id(UserId("u1"), "k2"));
  EXPECT_NE(keyed_order_id(UserId("u1"), "k"), keyed_order_id(UserId("u"), "1k"));
}

// Clients hold on to their keys across releases: as Python's uuid.uuid5(uuid5(nil,
// "quickbite/orders"), "\x02u1\x02k1").
TEST(Route, TheIdOfAKeyIsTheSameInEveryVersion) {
  EXPECT_EQ(to_string(keyed_order_id(UserId("u1"), "k1").value),
            "a158fb57-6723-5a65-9087-bbb1abe1e5eb");
}

TEST(Route, TheRequestHashKnowsTheUserAndTheSumOfTheLinesAndNothingElse) {
  const RequestHash hash = placed(post(kBurgers)).hash;
  const auto hash_of = [](std::string body) { return placed(post(std::move(body))).hash; };
  EXPECT_EQ(hash_of(R"( {"quantity":2,"userId":"u1","sku":"burger"} )"), hash);
  EXPECT_EQ(
      hash_of(
          R"({"userId":"u1","items":[{"sku":"burger","quantity":1},{"sku":"burger","quantity":1}]})"),
      hash);
  EXPECT_EQ(placed(post(kBurgers, {{"idempotency-key", "k1"}})).hash, hash);
  EXPECT_NE(hash_of(R"({"userId":"u2","sku":"burger","quantity":2})"), hash);
  EXPECT_NE(hash_of(R"({"userId":"u1","sku":"burger","quantity":3})"), hash);
  EXPECT_NE(hash_of(R"({"userId":"u1","sku":"fries","quantity":2})"), hash);
  EXPECT_EQ(to_string(hash.value), "ebe73c38-fdd5-5b96-ae33-e910b303bd80");
}

TEST(Route, ACommandGoesWithTheTraceOfItsRequestAndABadOneIsNoReasonToRefuse) {
  const std::string trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto trace_of_routed = [](const HttpRequest& asked) {
    const Routed routed = route(asked, kFresh);
    EXPECT_TRUE(std::holds_alternative<Command>(routed));
    return trace_of(std::get<Command>(routed));
  };
  EXPECT_EQ(trace_of_routed(post(kBurgers, {{"traceparent", trace}})), parse_trace(trace));
  EXPECT_EQ(trace_of_routed(request("POST", order_path("/cancel"), "", {{"traceparent", trace}})), parse_trace(trace));
  EXPECT_EQ(trace_of_routed(post(kBurgers)), std::nullopt);
  EXPECT_EQ(trace_of_routed(post(kBurgers, {{"traceparent", "nonsense"}})), std::nullopt);
  Routed routed = route(post(kBurgers), kFresh);
  begin_trace(std::get<Command>(routed));
  EXPECT_EQ(trace_of(std::get<Command>(routed)), trace_of_order(kFresh)) << "what begins at the edge can be found by the order";
}

TEST(Route, ABlankAroundAKeyIsNotPartOfIt) {
  EXPECT_EQ(placed(post(kBurgers, {{"idempotency-key", " k1\t"}})).id,
            keyed_order_id(UserId("u1"), "k1"));
}

TEST(Route, AKeyIsVisibleAsciiOfSomeLength) {
  const auto with_key = [](std::string key) {
    return post(kBurgers, {{"idempotency-key", std::move(key)}});
  };
  EXPECT_EQ(placed(with_key(std::string(128, '~'))).id,
            keyed_order_id(UserId("u1"), std::string(128, '~')));
  for (const std::string& wrong :
       {std::string(), std::string(" \t"), std::string(129, 'k'), std::string("a b"),
        std::string("a\0b", 3), std::string("caf\xC3\xA9"), std::string("a\x7F"),
        std::string("a\nb")}) {
    expect_refused(with_key(wrong), 400, "bad-idempotency-key");
  }
  expect_refused(post(kBurgers, {{"idempotency-key", "k1"}, {"idempotency-key", "k1"}}), 400,
                 "bad-idempotency-key");
}

TEST(Route, TheBodyMustBeCalledJson) {
  for (const char* type : {"application/json", "Application/JSON",
                           "application/json; charset=utf-8", " application/json ;x"}) {
    HttpRequest ask = post(kBurgers);
    ask.headers = {{"content-type", type}};
    EXPECT_EQ(placed(ask).user, UserId("u1")) << type;
  }
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded",
                           "application/jsonp", "application/problem+json", "json"}) {
    HttpRequest ask = post(kBurgers);
    ask.headers = {{"content-type", type}};
    expect_refused(ask, 415, "unsupported-media-type");
  }
  HttpRequest ask = post(kBurgers);
  ask.headers.clear();
  expect_refused(ask, 415, "unsupported-media-type");
}

TEST(Route, CancelNeedsNothingButThePath) {
  EXPECT_EQ((routed_as<CancelOrder, Command>(request("POST", order_path("/cancel"))).id), kOrder);
}

TEST(Route, WhoeverIsKnownAsksInHisOwnName) {
  const UserId u1("u1");
  const auto as = [&](const HttpRequest& asked, std::optional<UserId> caller) { return route(asked, kFresh, caller); };
  const auto status = [&](const HttpRequest& asked) {
    const Routed routed = as(asked, u1);
    const auto* answer = std::get_if<HttpAnswer>(&routed);
    return answer == nullptr ? 0 : answer->status;
  };
  EXPECT_EQ(status(post(kBurgers)), 0);
  EXPECT_EQ(status(post(R"({"sku":"burger","quantity":2})")), 0) << "userId may be left out";
  EXPECT_EQ(status(post(R"({"userId":"u2","sku":"burger","quantity":2})")), 403);
  EXPECT_EQ(status(request("GET", "/v1/orders", "userId=u1")), 0);
  EXPECT_EQ(status(request("GET", "/v1/orders")), 0);
  EXPECT_EQ(status(request("GET", "/v1/orders", "userId=u2")), 403);
  const Routed left_out = as(post(R"({"sku":"burger","quantity":2})", {{"idempotency-key", "k1"}}), u1);
  EXPECT_EQ(std::get<PlaceOrder>(std::get<Command>(left_out)).id, keyed_order_id(u1, "k1"));
  EXPECT_EQ(std::get<PlaceOrder>(std::get<Command>(left_out)).hash, placed(post(kBurgers)).hash);
  EXPECT_EQ(std::get<GetOrder>(std::get<Query>(as(request("GET", order_path()), u1))).caller, u1);
  EXPECT_EQ(std::get<CancelOrder>(std::get<Command>(as(request("POST", order_path("/cancel")), u1))).caller, u1);
}

TEST(Route, HeadIsAGet) {
  EXPECT_EQ(got(request("HEAD", order_path())).id, kOrder);
  EXPECT_EQ((routed_as<ListOrders, Query>(request("HEAD", "/v1/orders", "userId=u1")).user), UserId("u1"));
}

TEST(Route, OptionsTellsWhatMayBeDone) {
  const auto allow = [](std::string path) {
    const Routed routed = route(request("OPTIONS", std::move(path)), kFresh);
    const auto& answer = std::get<HttpAnswer>(routed);
    EXPECT_EQ(answer.status, 204);
    return std::string(header(answer.headers, "Allow").value_or("nothing"));
  };
  EXPECT_EQ(allow("/v1/orders"), "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(allow(order_path()), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow(order_path("/timeline")), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow(order_path("/cancel")), "OPTIONS, POST");
  expect_refused(request("OPTIONS", "/v2"), 404, "not-found");
}

TEST(Route, AnUnknownPathIsNotFound) {
  for (const std::string& path :
       {std::string("/"), std::string(""), std::string("/v1"), std::string("/v1/order"),
        std::string("/v1/orders2"), std::string("/v2/orders"), std::string("/V1/ORDERS"),
        std::string("/v1/orders/"), std::string("//v1/orders"), order_path("/"),
        order_path("/cancel/"), order_path("/other"), std::string("/v1/orders//cancel"),
        std::string("/v1/orders\0", 11), "/v1/ordersx" + std::string(kOrderText),
        "/v1/orders" + std::string(kOrderText)}) {
    expect_refused(request("GET", path), 404, "not-found");
    expect_refused(request("DELETE", path), 404, "not-found");
    expect_refused(request("OPTIONS", path), 404, "not-found");
  }
}

TEST(Route, WhatIsNoIdIsNoOrder) {
  for (const char* id :
       {"x", "1", "11111111-2222-5333-8444-55555555555", "11111111-2222-5333-8444-5555555555555",
        "11111111-2222-5333-8444-55555555555g", "..", "%31", "cancel"}) {
    expect_refused(request("GET", "/v1/orders/" + std::string(id)), 404, "no-such-order");
    expect_refused(request("POST", "/v1/orders/" + std::string(id) + "/cancel"), 404,
                   "no-such-order");
  }
}

TEST(Route, AWrongMethodIsToldTheRightOnes) {
  const auto allow = [](std::string method, std::string path) {
    const HttpAnswer answer = refusal(request(std::move(method), std::move(path)));
    EXPECT_EQ(answer.status, 405);
    EXPECT_TRUE(answer.body.starts_with("{\"type\":\"/problems/method-not-allowed\","));
    return std::string(header(answer.headers, "Allow").value_or("nothing"));
  };
  for (const char* method : {"PUT", "DELETE", "PATCH", "", "post", "GARBAGE"}) {
    EXPECT_EQ(allow(method, "/v1/orders"), "GET, HEAD, OPTIONS, POST");
    EXPECT_EQ(allow(method, order_path()), "GET, HEAD, OPTIONS");
    EXPECT_EQ(allow(method, order_path("/cancel")), "OPTIONS, POST");
  }
  EXPECT_EQ(allow("POST", order_path()), "GET, HEAD, OPTIONS");
  EXPECT_EQ(allow("GET", order_path("/cancel")), "OPTIONS, POST");
  EXPECT_EQ(allow("HEAD", order_path("/cancel")), "OPTIONS, POST");
}

TEST(Route, WhatIsWrongIsToldInAFixedOrder) {
  HttpRequest all_wrong{
      "POST", "/v1/orders", "", {{"idempotency-key", ""}}, std::string(kBodyBytesMax + 1, '{')};
  expect_refused(all_wrong, 413, "body-too-large");
  all_wrong.body = "{";
  expect_refused(all_wrong, 415, "unsupported-media-type");
  all_wrong.headers.push_back({"content-type", "application/json"});
  expect_refused(all_wrong, 400, "bad-idempotency-key");
  all_wrong.headers[0].value = "k1";
  expect_refused(all_wrong, 400, "malformed-json");
  all_wrong.body = "{}";
  expect_refused(all_wrong, 422, "invalid-order");
}

RC_GTEST_PROP(Route, AnyRequestIsRoutedOrRefused,
              (std::string path, std::string query, std::string body, std::string value)) {
  const auto method = *rc::gen::element<std::string>("GET", "POST", "PUT");
  const auto base = *rc::gen::element<std::string>("", "/v1/orders", "/v1/orders/", order_path(),
                                                   order_path("/cancel"));
  const auto name =
      *rc::gen::element<std::string>("idempotency-key", "if-none-match", "content-type");
  const Routed routed = route(
      {method, base + path, query, {{"content-type", "application/json"}, {name, value}}, body},
      kFresh);
  if (const auto* answer = std::get_if<HttpAnswer>(&routed)) {
    RC_ASSERT(answer->status >= 400 && answer->status < 500);
    RC_ASSERT(answer->body.starts_with("{\"type\":\"/problems/"));
  }
}

TEST(Route, TheMenuIsRead) {
  const Routed routed = route(request("GET", "/v1/menu"), kFresh);
  EXPECT_TRUE(std::holds_alternative<GetMenu>(routed));
}

TEST(Route, TheMenuIsNotWrittenAndHasNothingBelowIt) {
  expect_refused(request("POST", "/v1/menu"), 405, "method-not-allowed");
  EXPECT_EQ(header(refusal(request("DELETE", "/v1/menu")).headers, "Allow"), "GET, HEAD, OPTIONS");
  expect_refused(request("GET", "/v1/menu/burger"), 404, "not-found");
  expect_refused(request("GET", "/v1/menus"), 404, "not-found");
}

}  // namespace
}  // namespace quickbite::api
