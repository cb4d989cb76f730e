#include <gtest/gtest.h>

#include <string>

#include "domain/api/api.h"
#include "domain/api/cursor.h"

namespace quickbite::api {
namespace {

constexpr std::string_view kOrderText = "11111111-2222-5333-8444-555555555555";

OrderRow order() {
  OrderRow row;
  row.id = OrderId(*parse_uuid(kOrderText));
  row.user = UserId("caf\xC3\xA9 \"u1\"\n");
  row.lines = {{Sku("burger"), Quantity(2)}, {Sku("fries"), Quantity(1)}};
  row.version = Version(1);
  row.created_at = Instant{1'709'251'199'123'456};
  row.updated_at = Instant{1'709'251'200'000'000};
  return row;
}

const std::string kPending =
    "{\"orderId\":\"" + std::string(kOrderText) +
    "\",\"userId\":\"caf\xC3\xA9 \\\"u1\\\"\\u000a\",\"status\":\"PENDING\","
    "\"items\":[{\"sku\":\"burger\",\"quantity\":2},{\"sku\":\"fries\",\"quantity\":1}],"
    "\"version\":1,"
    "\"createdAt\":\"2024-02-29T23:59:59.123456Z\",\"updatedAt\":\"2024-03-01T00:00:00.000000Z\"}";

void expect_problem(const HttpAnswer& answer, int status, std::string_view type) {
  EXPECT_EQ(answer.status, status);
  EXPECT_EQ(header(answer.headers, "Content-Type"), "application/problem+json");
  EXPECT_TRUE(
      answer.body.starts_with("{\"type\":\"/problems/" + std::string(type) + "\",\"title\":\""))
      << answer.body;
  EXPECT_NE(answer.body.find(",\"status\":" + std::to_string(status) + ",\"detail\":\""),
            std::string::npos)
      << answer.body;
}

TEST(Answer, ANewOrderIsCreatedAndSaysWhereItIs) {
  const HttpAnswer created = answer(Placed{order(), false});
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body, kPending);
  EXPECT_EQ(header(created.headers, "Content-Type"), "application/json");
  EXPECT_EQ(header(created.headers, "Location"), "/v1/orders/" + std::string(kOrderText));
  EXPECT_EQ(header(created.headers, "ETag"), "\"1\"");
}

TEST(Answer, AReplayIsAnsweredAsThatButShowsTheOrderOfNow) {
  OrderRow row = order();
  row.status = OrderStatus::kConfirmed;
  row.version = Version(2);
  const HttpAnswer replay = answer(Placed{row, true});
  EXPECT_EQ(replay.status, 201);
  EXPECT_NE(replay.body.find("\"status\":\"CONFIRMED\",\"items\""), std::string::npos);
  EXPECT_EQ(header(replay.headers, "ETag"), "\"2\"");
}

TEST(Answer, ACancelledOrderSaysWhy) {
  OrderRow row = order();
  row.status = OrderStatus::kCancelled;
  row.reason = CancelReason::kCustomer;
  const HttpAnswer cancelled = answer(Cancelled{row});
  EXPECT_EQ(cancelled.status, 200);
  EXPECT_NE(cancelled.body.find("\"status\":\"CANCELLED\",\"reason\":\"CUSTOMER\",\"items\""),
            std::string::npos);
  EXPECT_FALSE(header(cancelled.headers, "Location"));
}

TEST(Answer, EveryOtherOutcomeIsAProblem) {
  expect_problem(answer(KeyReused{}), 422, "idempotency-key-reused");
  expect_problem(answer(NoSuchOrder{}), 404, "no-such-order");
  expect_problem(answer(Unprocessable{}), 422, "unprocessable");
  expect_problem(answer(Overloaded{}), 503, "overloaded");
}

TEST(Answer, WhatMayBeTriedAgainSaysWhen) {
  expect_problem(overloaded(), 503, "overloaded");
  expect_problem(unavailable(), 503, "unavailable");
  expect_problem(deadline_passed(), 504, "deadline-passed");
  for (const HttpAnswer& each : {overloaded(), unavailable(), deadline_passed()}) {
    EXPECT_EQ(header(each.headers, "Retry-After"), "1");
  }
}

TEST(AnswerOrder, IsTheOrderOrNothing) {
  const OrderRow row = order();
  const HttpAnswer found = answer_order(&row, {row.id});
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.body, kPending);
  EXPECT_EQ(header(found.headers, "ETag"), "\"1\"");
  EXPECT_EQ(header(found.headers, "Cache-Control"), "no-cache");
  expect_problem(answer_order(nullptr, {order().id}), 404, "no-such-order");
  expect_problem(answer_order(nullptr, {order().id, Version(1)}), 404, "no-such-order");
}

TEST(AnswerOrder, AKnownVersionIsNotSentAgain) {
  const OrderRow row = order();
  const HttpAnswer known = answer_order(&row, {row.id, Version(1)});
  EXPECT_EQ(known.status, 304);
  EXPECT_EQ(known.body, "");
  EXPECT_EQ(header(known.headers, "ETag"), "\"1\"");
  EXPECT_FALSE(header(known.headers, "Content-Type"));
  EXPECT_EQ(answer_order(&row, {row.id, Version(2)}).status, 200);
}

TEST(AnswerList, HoldsTheOrdersAsTheyWereGiven) {
  const ListOrders list{UserId("u1"), {}, {}};
  EXPECT_EQ(answer_list({}, list, 2).body, "{\"orders\":[]}");
  const HttpAnswer two = answer_list({order(), order()}, list, 2);
  EXPECT_EQ(two.status, 200);
  EXPECT_EQ(two.body, "{\"orders\":[" + kPending + "," + kPending + "]}");
  EXPECT_EQ(header(two.headers, "Content-Type"), "application/json");
  EXPECT_EQ(header(two.headers, "Link"), std::nullopt) << "this is the last page";
}

TEST(AnswerList, NamesTheNextPageWhereThereIsOneOrderMore) {
  const ListOrders list{UserId("caf\xC3\xA9 &"), {}, {}};
  OrderRow last = order();
  last.created_at = Instant{last.created_at.us - 1};
  const HttpAnswer page = answer_list({order(), last, order()}, list, 2);
  const std::string cursor = write_cursor(list.user, {last.created_at, last.id});
  EXPECT_TRUE(page.body.ends_with("],\"next\":\"" + cursor + "\"}")) << page.body;
  EXPECT_EQ(header(page.headers, "Link"),
            "</v1/orders?userId=caf%C3%A9%20%26&limit=2&cursor=" + cursor + ">; rel=\"next\"");
}

TEST(AnswerOrder, OfAnotherUserIsLikeNone) {
  const OrderRow row = order();
  expect_problem(answer_order(&row, {row.id, {}, {}, UserId("u2")}), 404, "no-such-order");
  EXPECT_EQ(answer_order(&row, {row.id, {}, {}, row.user}).status, 200);
}

TEST(Problem, IsEscaped) {
  EXPECT_EQ(problem("x", 400, "a \"b\"", "c\\d").body,
            R"({"type":"/problems/x","title":"a \"b\"","status":400,"detail":"c\\d"})");
}

TEST(Answer, TheMenuSaysWhatThereIsAndOfWhen) {
  const MenuTold menu{{{Sku("burger"), Quantity(5)}, {Sku("fries"), Quantity(0)}},
                      Instant{1'709'251'199'123'456}};
  const HttpAnswer fresh = answer_menu(menu, false);
  EXPECT_EQ(fresh.status, 200);
  EXPECT_EQ(header(fresh.headers, "Content-Type"), "application/json");
  EXPECT_EQ(fresh.body,
            "{\"items\":[{\"sku\":\"burger\",\"available\":5},{\"sku\":\"fries\",\"available\":0}],"
            "\"asOf\":\"2024-02-29T23:59:59.123456Z\",\"stale\":false}");
  EXPECT_TRUE(answer_menu(menu, true).body.ends_with("123456Z\",\"stale\":true}"));
  EXPECT_EQ(answer_menu({}, false).body,
            "{\"items\":[],\"asOf\":\"1970-01-01T00:00:00.000000Z\",\"stale\":false}");
}

TEST(Answer, WithoutAnyMenuItSaysWhenToAskAgain) {
  expect_problem(menu_unavailable(Duration{}), 503, "menu-unavailable");
  EXPECT_EQ(header(menu_unavailable(Duration{}).headers, "Retry-After"), "1");
  EXPECT_EQ(header(menu_unavailable(milliseconds(1000)).headers, "Retry-After"), "1");
  EXPECT_EQ(header(menu_unavailable(milliseconds(1001)).headers, "Retry-After"), "2");
}

}  // namespace
}  // namespace quickbite::api
