// One customer's orders over HTTP, from POST to what became of them.
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/evidence.h"
#include "services/live/json.h"
#include "services/live/shop.h"

namespace quickbite {
namespace {

using live::HttpClient;
using live::Shop;

struct Phone {
  HttpClient http{one_stack().orders_port()};

  HttpAnswer post(const std::string& target, const std::string& body, const Headers& headers = {}) {
    const auto answer = http.post(target, body, headers);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(HttpAnswer{});
  }
  HttpAnswer get(const std::string& target, const Headers& headers = {}) {
    const auto answer = http.ask({"GET", target, "", headers, ""});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(HttpAnswer{});
  }
};

OrderId id_of(const HttpAnswer& answer) {
  const auto id = parse_uuid(live::json_member(answer.body, "orderId"));
  EXPECT_TRUE(id.has_value()) << answer.body;
  return OrderId(id.value_or(Uuid{}));
}

TEST(Orders, AnOrderIsPendingAndThenConfirmed) {
  const std::string sku = stocked("burger", 10);
  Phone phone;
  const HttpAnswer posted = phone.post("/v1/orders", live::order_body("u1", sku, 2));
  ASSERT_EQ(posted.status, 201) << posted.body;
  EXPECT_EQ(live::json_member(posted.body, "status"), "PENDING");
  const OrderId id = id_of(posted);
  EXPECT_EQ(header(posted.headers, "location"), absl::StrCat("/v1/orders/", to_string(id.value)));
  EXPECT_TRUE(all_become({id}, "CONFIRMED").ok());
  EXPECT_TRUE(live::reserved_once(one_stack(), {id}, sku, 2).ok());
  EXPECT_EQ(*live::stock_of(one_stack(), sku), (live::StockLevel{8, 2}));
}

TEST(Orders, AllLinesAreReservedOrNone) {
  const std::string burger = stocked("burger", 10);
  const std::string fries = stocked("fries", 3);
  Phone phone;
  const auto order = [&](int burgers, int portions) {
    return id_of(phone.post("/v1/orders", absl::StrCat(R"({"userId":"u1","items":[{"sku":")", burger, R"(","quantity":)", burgers,
                                                       R"(},{"sku":")", fries, R"(","quantity":)", portions, "}]}")));
  };
  const OrderId fits = order(2, 2);
  EXPECT_TRUE(all_become({fits}, "CONFIRMED").ok());
  const OrderId does_not = order(2, 2);
  EXPECT_TRUE(all_become({does_not}, "CANCELLED OUT_OF_STOCK").ok());
  EXPECT_EQ(*live::stock_of(one_stack(), burger), (live::StockLevel{8, 2}));
  EXPECT_EQ(*live::stock_of(one_stack(), fries), (live::StockLevel{1, 2}));
}

TEST(Orders, WhatNobodySellsIsCancelled) {
  Shop shop(one_stack().orders_port());
  const auto order = shop.order("u1", "no-such-dish", 1);
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_TRUE(all_become({*order}, "CANCELLED UNKNOWN_SKU").ok());
}

TEST(Orders, ACancelledOrderGivesItsStockBack) {
  const std::string sku = stocked("soup", 5);
  Shop shop(one_stack().orders_port());
  const auto order = shop.order("u1", sku, 5);
  ASSERT_TRUE(order.ok()) << order.status();
  ASSERT_TRUE(all_become({*order}, "CONFIRMED").ok());
  EXPECT_TRUE(shop.cancel(*order).ok());
  EXPECT_TRUE(shop.cancel(*order).ok()) << "a second time, too";
  EXPECT_EQ(*shop.status(*order), "CANCELLED CUSTOMER");
  const absl::Status released = live::await(no_interrupt(), absl::Seconds(30), [&]() -> absl::Status {
    const auto level = live::stock_of(one_stack(), sku);
    if (!level.ok()) return level.status();
    return *level == live::StockLevel{5, 0} ? absl::OkStatus() : absl::NotFoundError("not yet");
  });
  EXPECT_TRUE(released.ok()) << released;
  const auto again = shop.order("u1", sku, 5);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(all_become({*again}, "CONFIRMED").ok());
}

TEST(Orders, TheSameKeyIsTheSameOrder) {
  const std::string sku = stocked("pizza", 10);
  Phone phone;
  const Headers key = {{"Idempotency-Key", sku}};
  const HttpAnswer first = phone.post("/v1/orders", live::order_body("u1", sku, 2), key);
  ASSERT_EQ(first.status, 201) << first.body;
  ASSERT_TRUE(all_become({id_of(first)}, "CONFIRMED").ok());
  const HttpAnswer again = phone.post("/v1/orders", live::order_body("u1", sku, 2), key);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(id_of(again), id_of(first));
  EXPECT_EQ(live::json_member(again.body, "status"), "CONFIRMED") << "the order as it is now";
  EXPECT_EQ(phone.post("/v1/orders", live::order_body("u1", sku, 3), key).status, 422) << "another order under that key";
  EXPECT_NE(id_of(phone.post("/v1/orders", live::order_body("u2", sku, 2), key)), id_of(first)) << "another user's key";
  EXPECT_TRUE(live::reserved_once(one_stack(), {id_of(first)}, sku, 2).ok());
}

TEST(Orders, AReaderIsToldWhenNothingIsNew) {
  const std::string sku = stocked("salad", 10);
  Phone phone;
  const OrderId id = id_of(phone.post("/v1/orders", live::order_body("u1", sku, 1)));
  ASSERT_TRUE(all_become({id}, "CONFIRMED").ok());
  const std::string target = absl::StrCat("/v1/orders/", to_string(id.value));
  const HttpAnswer read = phone.get(target);
  const std::string tag(header(read.headers, "etag").value_or(""));
  EXPECT_EQ(tag, "\"2\"");
  EXPECT_EQ(phone.get(target, {{"If-None-Match", tag}}).status, 304);
  EXPECT_EQ(phone.get(target, {{"If-None-Match", "\"1\""}}).status, 200);
}

TEST(Orders, AUsersOrdersAreListedNewestFirst) {
  const std::string sku = stocked("cola", 10);
  const std::string user = "lister-" + sku;
  Shop shop(one_stack().orders_port());
  const auto first = shop.order(user, sku, 1);
  const auto second = shop.order(user, sku, 2);
  ASSERT_TRUE(first.ok() && second.ok());
  const HttpAnswer list = Phone().get("/v1/orders?userId=" + user);
  EXPECT_EQ(list.status, 200);
  const std::size_t older = list.body.find(to_string(first->value));
  const std::size_t newer = list.body.find(to_string(second->value));
  ASSERT_TRUE(older != list.body.npos && newer != list.body.npos) << list.body;
  EXPECT_LT(newer, older);
}

}  // namespace
}  // namespace quickbite
