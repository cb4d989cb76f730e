#include "domain/api/place_order.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "domain/api/api.h"

namespace quickbite::api {
namespace {

using namespace std::string_literals;

Lines lines_of(std::string_view body) {
  const auto read = read_order(body);
  if (const auto* answer = std::get_if<HttpAnswer>(&read)) {
    ADD_FAILURE() << answer->body;
    return {};
  }
  return std::get<OrderBody>(read).lines;
}

HttpAnswer refusal(std::string_view body) {
  const auto read = read_order(body);
  const auto* answer = std::get_if<HttpAnswer>(&read);
  if (answer == nullptr) {
    ADD_FAILURE() << "not refused: " << body.substr(0, 200);
    return {};
  }
  EXPECT_EQ(header(answer->headers, "Content-Type"), "application/problem+json");
  return *answer;
}

void expect_malformed(std::string_view body) {
  const HttpAnswer answer = refusal(body);
  EXPECT_EQ(answer.status, 400) << body.substr(0, 200);
  EXPECT_TRUE(answer.body.starts_with("{\"type\":\"/problems/malformed-json\",")) << answer.body;
}

// A 422 that names `field`, in the document and to the reader.
void expect_invalid(std::string_view body, std::string_view field) {
  const HttpAnswer answer = refusal(body);
  EXPECT_EQ(answer.status, 422) << body.substr(0, 200);
  EXPECT_TRUE(answer.body.starts_with("{\"type\":\"/problems/invalid-order\",")) << answer.body;
  EXPECT_TRUE(answer.body.ends_with(",\"field\":\"" + std::string(field) + "\"}")) << answer.body;
  EXPECT_NE(answer.body.find("\"detail\":\"" + std::string(field) + " "), std::string::npos)
      << answer.body;
}

std::string of_user(std::string_view rest) {
  return "{\"userId\":\"u1\"" + std::string(rest) + "}";
}
std::string of_items(std::string_view items) {
  return of_user(",\"items\":[" + std::string(items) + "]");
}

Line line(std::string sku, std::int64_t quantity) {
  return {Sku(std::move(sku)), Quantity(quantity)};
}

TEST(ReadOrder, OneLineMayStandAlone) {
  EXPECT_EQ(lines_of(R"({"userId":"u1","sku":"burger","quantity":2})"), (Lines{line("burger", 2)}));
}

TEST(ReadOrder, SeveralLinesStandInItemsAndAreSummed) {
  EXPECT_EQ(
      lines_of(of_items(
          R"({"sku":"fries","quantity":1},{"quantity":2,"sku":"burger"},{"sku":"fries","quantity":3})")),
      (Lines{line("burger", 2), line("fries", 4)}));
}

TEST(ReadOrder, TheUserIsAnyPrintableText) {
  for (const std::string& user :
       {"u"s, "caf\xC3\xA9 \xF0\x9F\x8D\x94"s, std::string(64, 'u'), "\"quoted\\\""s}) {
    std::string escaped;
    for (const char c : user) {
      if (c == '"' || c == '\\') escaped += '\\';
      escaped += c;
    }
    const auto read =
        read_order("{\"userId\":\"" + escaped + "\",\"sku\":\"burger\",\"quantity\":2}");
    ASSERT_TRUE(std::holds_alternative<OrderBody>(read)) << user;
    EXPECT_EQ(std::get<OrderBody>(read).user, UserId(user));
  }
}

TEST(ReadOrder, ABadUserIsRefused) {
  for (const std::string& user :
       {"\"\""s, "null"s, "7"s, "true"s, "[]"s, "{}"s, "[\"u1\"]"s, "{\"userId\":\"u1\"}"s,
        "\"a\\u0000b\""s, "\"a\\nb\""s, "\"\\u007f\""s, "\"\\u0085\""s,
        '"' + std::string(65, 'u') + '"'}) {
    expect_invalid("{\"userId\":" + user + ",\"sku\":\"burger\",\"quantity\":2}", "userId");
  }
  expect_invalid(R"({"sku":"burger","quantity":2})", "userId");
}

TEST(ReadOrder, ABadSkuIsRefused) {
  for (const std::string& sku :
       {"\"\""s, "null"s, "7"s, "[]"s, "{}"s, "\"a b\""s, "\"a/b\""s, "\"caf\xC3\xA9\""s,
        "\"a\\u0000\""s, "\"" + std::string(65, 's') + "\""}) {
    expect_invalid(of_user(",\"sku\":" + sku + ",\"quantity\":2"), "sku");
    expect_invalid(
        of_items("{\"sku\":\"burger\",\"quantity\":1},{\"sku\":" + sku + ",\"quantity\":2}"),
        "items[1].sku");
  }
  EXPECT_EQ(lines_of(of_items("{\"sku\":\"A.b_C-9\",\"quantity\":1}")),
            (Lines{line("A.b_C-9", 1)}));
}

TEST(ReadOrder, ABadQuantityIsRefused) {
  for (const std::string& quantity :
       {"0"s, "-0"s, "-1"s, "1000001"s, "9223372036854775807"s, "9223372036854775808"s,
        "-9223372036854775809"s, std::string(400, '9'), "1.0"s, "1.5"s, "1e2"s, "1e999"s, "\"2\""s,
        "null"s, "true"s, "[]"s, "[2]"s, "{}"s}) {
    expect_invalid(of_user(",\"sku\":\"burger\",\"quantity\":" + quantity), "quantity");
    expect_invalid(of_items("{\"sku\":\"burger\",\"quantity\":1},{\"sku\":\"fries\",\"quantity\":" +
                            quantity + "}"),
                   "items[1].quantity");
  }
  EXPECT_EQ(lines_of(of_user(",\"sku\":\"burger\",\"quantity\":1000000")),
            (Lines{line("burger", 1'000'000)}));
}

TEST(ReadOrder, SumsAndNumbersOfLinesAreCapped) {
  const auto many = [](int count) {
    std::string items;
    for (int i = 0; i < count; ++i)
      items +=
          (i > 0 ? ",{\"sku\":\"s" : "{\"sku\":\"s") + std::to_string(i) + "\",\"quantity\":1}";
    return of_items(items);
  };
  EXPECT_EQ(lines_of(many(50)).size(), 50u);
  expect_invalid(many(51), "items");
  expect_invalid(of_items(R"({"sku":"b","quantity":1000000},{"sku":"b","quantity":1})"), "items");
  std::string same;
  for (int i = 0; i < 500; ++i)
    same += i > 0 ? R"(,{"sku":"b","quantity":1})" : R"({"sku":"b","quantity":1})";
  EXPECT_EQ(lines_of(of_items(same)), (Lines{line("b", 500)}));
}

TEST(ReadOrder, OneFormOrTheOtherIsNeeded) {
  expect_invalid(of_user(""), "items");
  expect_invalid(of_items(""), "items");
  expect_invalid(of_user(R"(,"sku":"burger")"), "quantity");
  expect_invalid(of_user(R"(,"quantity":2)"), "sku");
  expect_invalid(of_user(R"(,"sku":"burger","quantity":2,"items":[{"sku":"burger","quantity":2}])"),
                 "items");
  expect_invalid(of_user(R"(,"quantity":2,"items":[])"), "items");
  expect_invalid(of_user(R"(,"items":[],"sku":"burger")"), "items");
}

TEST(ReadOrder, AnObjectOrAnArrayIsNotAMissingField) {
  expect_invalid(of_user(R"(,"sku":[],"items":[{"sku":"burger","quantity":2}])"), "sku");
  expect_invalid(of_user(R"(,"quantity":{"sku":"x"},"items":[{"sku":"burger","quantity":2}])"),
                 "quantity");
  for (const std::string& body :
       {"{\"userId\":[\"u1\"]}"s, of_user(R"(,"items":{"sku":"burger"})"),
        of_items(R"({"sku":["b"],"quantity":1})"), of_items(R"({"sku":"b","quantity":[1]})")}) {
    EXPECT_NE(refusal(body).body.find(" must be "), std::string::npos) << body;
  }
}

TEST(ReadOrder, ItemsAreAnArrayOfObjects) {
  for (const char* items :
       {"null", "1", "\"burger\"", "{}", "{\"sku\":\"burger\",\"quantity\":2}"}) {
    expect_invalid(of_user(",\"items\":" + std::string(items)), "items");
  }
  for (const char* item : {"null", "1", "\"burger\"", "[]", "[\"burger\",2]",
                           "[{\"sku\":\"burger\",\"quantity\":2}]"}) {
    expect_invalid(of_items("{\"sku\":\"burger\",\"quantity\":2}," + std::string(item)),
                   "items[1]");
  }
  expect_invalid(of_items("{}"), "items[0].sku");
  expect_invalid(of_items(R"({"sku":"burger","quantity":1},{"sku":"fries"})"), "items[1].quantity");
  expect_invalid(of_items(R"({"sku":"burger","quantity":1},{"quantity":1})"), "items[1].sku");
}

TEST(ReadOrder, AnUnknownFieldIsNamed) {
  expect_invalid(of_user(R"(,"sku":"burger","quantity":2,"price":{"a":[1]})"), "price");
  expect_invalid(of_user(R"(,"Sku":"burger","quantity":2)"), "Sku");
  expect_invalid(of_user(R"(,"orderId":"x","sku":"burger","quantity":2)"), "orderId");
  expect_invalid(of_items(R"({"sku":"burger","quantity":2,"note":"rare"})"), "items[0].note");
  expect_invalid(of_user(",\"a\\\"b\":1"), "a\\\"b");
}

TEST(ReadOrder, ALongUnknownFieldIsCutBetweenCharacters) {
  std::string name(63, 'n');
  expect_invalid(of_user(",\"" + name + "\xC3\xA9\":1"), name);
}

TEST(ReadOrder, TheFirstThingWrongIsTheOneThatIsTold) {
  expect_invalid(R"({"userId":7,"sku":"","x":1})", "userId");
  expect_invalid(R"({"x":1,"userId":7})", "x");
}

TEST(ReadOrder, WhatIsNoObjectIsNoOrder) {
  for (const char* body : {"null", "true", "7", "\"text\"", "[]", "[{\"userId\":\"u1\"}]",
                           R"(["userId","u1","sku","burger","quantity",2])"}) {
    const HttpAnswer answer = refusal(body);
    EXPECT_EQ(answer.status, 422) << body;
    EXPECT_NE(answer.body.find("must be a JSON object"), std::string::npos) << answer.body;
  }
}

TEST(ReadOrder, WhatIsNotJsonAsWeTakeItIsMalformed) {
  const std::string good = of_user(R"(,"sku":"burger","quantity":2)");
  for (const std::string& body : {""s,
                                  " "s,
                                  "{"s,
                                  good + "x",
                                  good + good,
                                  good + "\0"s,
                                  "\0"s + good,
                                  "not json"s,
                                  "{\"userId\":\"u1\""s,
                                  of_user(",\"sku\":\"bur\nger\""),
                                  of_user(",\"sku\":\"\0\""s),
                                  of_user(",\"quantity\":01"),
                                  of_user(",\"quantity\":NaN"),
                                  of_user(",\"sku\":\"\\ud800\""),
                                  of_user(",\"sku\":\"\xFF\""),
                                  of_user(",\"sku\":\"\xED\xA0\x80\""),
                                  of_user(",\"userId\":\"u1\""),
                                  of_items(R"({"sku":"a","sku":"a","quantity":1})"),
                                  of_user(",\"x\":1,\"x\":1"),
                                  std::string(10'000, '['),
                                  std::string(60'000, '{')}) {
    expect_malformed(body);
  }
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "{\"a\":";
  expect_malformed(deep);
}

TEST(ReadOrder, TheBodyIsCapped) {
  std::string body = of_user(R"(,"sku":"burger","quantity":2)");
  body.append(kBodyBytesMax - body.size(), ' ');
  EXPECT_EQ(lines_of(body), (Lines{line("burger", 2)}));
  EXPECT_EQ(refusal(body + " ").status, 413);
  EXPECT_EQ(refusal(std::string(1 << 20, 'x')).status, 413);
}

RC_GTEST_PROP(ReadOrder, MutatedBodiesAreReadOrRefused, ()) {
  std::string body = of_items(R"({"sku":"burger","quantity":2},{"sku":"fries","quantity":1})");
  const auto changes = *rc::gen::inRange(1, 4);
  for (int i = 0; i < changes; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, body.size());
    const auto byte = static_cast<char>(*rc::gen::inRange(0, 256));
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        body[at] = byte;
        break;
      case 1:
        body.insert(at, 1, byte);
        break;
      default:
        body.erase(at, 1);
    }
  }
  const auto read = read_order(body);
  if (const auto* order = std::get_if<OrderBody>(&read)) {
    RC_ASSERT(is_user(order->user.value));
    RC_ASSERT(!order->lines.empty());
    RC_ASSERT(summed(order->lines) == order->lines);
    for (const Line& each : order->lines)
      RC_ASSERT(each.quantity.value >= 1 && each.quantity.value <= kQuantityMax);
  } else {
    const int status = std::get<HttpAnswer>(read).status;
    RC_ASSERT(status == 400 || status == 422);
  }
}

}  // namespace
}  // namespace quickbite::api
