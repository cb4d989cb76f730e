// What a client can get wrong, over the wire: a problem document with the right status, the process lives, nothing half-written.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/json.h"

namespace quickbite {
namespace {

struct Bad {
  std::string name;
  int status;
  std::string bytes;  // the whole request
};

std::string post(std::string_view body, std::string_view headers = "Content-Type: application/json\r\n") {
  return absl::StrCat("POST /v1/orders HTTP/1.1\r\nHost: x\r\n", std::string(headers), "Content-Length: ", body.size(), "\r\n\r\n",
                      std::string(body));
}

std::string ask(std::string_view line) { return absl::StrCat(std::string(line), " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"); }

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::vector<Bad> bodies() {
  const std::string nul(1, '\0');
  return {
      {"no body", 400, post("")},
      {"no JSON", 400, post("order me a burger")},
      {"half a JSON object", 400, post(R"({"userId":"u1","sku":"burger",)")},
      {"two JSON objects", 400, post(R"({"userId":"u1","sku":"burger","quantity":1}{})")},
      {"no UTF-8", 400, post("{\"userId\":\"\xff\xfe\",\"sku\":\"burger\",\"quantity\":1}")},
      {"a lone surrogate", 400, post(R"({"userId":"\ud800","sku":"burger","quantity":1})")},
      {"a key twice", 400, post(R"({"userId":"u1","userId":"u2","sku":"burger","quantity":1})")},
      {"10,000 arrays in each other", 400, post(repeated("[", 10'000) + repeated("]", 10'000))},
      {"10,000 objects in each other", 400, post(repeated(R"({"a":)", 10'000) + "1" + repeated("}", 10'000))},
      {"a NUL byte between the JSON", 400, post("{\"userId\":\"u1\"," + nul + "\"sku\":\"burger\",\"quantity\":1}")},
      {"an array", 422, post("[1,2,3]")},
      {"a string", 422, post("\"burger\"")},
      {"null", 422, post("null")},
      {"an empty object", 422, post("{}")},
      {"no user", 422, post(R"({"sku":"burger","quantity":1})")},
      {"no SKU", 422, post(R"({"userId":"u1","quantity":1})")},
      {"no quantity", 422, post(R"({"userId":"u1","sku":"burger"})")},
      {"a field that there is not", 422, post(R"({"userId":"u1","sku":"burger","quantity":1,"price":0})")},
      {"a quantity as text", 422, post(R"({"userId":"u1","sku":"burger","quantity":"1"})")},
      {"a quantity with a fraction", 422, post(R"({"userId":"u1","sku":"burger","quantity":1.5})")},
      {"a quantity of true", 422, post(R"({"userId":"u1","sku":"burger","quantity":true})")},
      {"zero of it", 422, post(R"({"userId":"u1","sku":"burger","quantity":0})")},
      {"fewer than none of it", 422, post(R"({"userId":"u1","sku":"burger","quantity":-1})")},
      {"more than a million", 422, post(R"({"userId":"u1","sku":"burger","quantity":1000001})")},
      {"more than 64 bits hold", 422, post(R"({"userId":"u1","sku":"burger","quantity":99999999999999999999999})")},
      {"a quantity in powers of ten", 422, post(R"({"userId":"u1","sku":"burger","quantity":1e400})")},
      {"a user who is a number", 422, post(R"({"userId":1,"sku":"burger","quantity":1})")},
      {"a user without a name", 422, post(R"({"userId":"","sku":"burger","quantity":1})")},
      {"a user with a NUL byte in the name", 422, post(R"({"userId":"u\u00001","sku":"burger","quantity":1})")},
      {"a user whose name is too long", 422, post(absl::StrCat(R"({"userId":")", std::string(65, 'u'), R"(","sku":"burger","quantity":1})"))},
      {"a SKU with a NUL byte", 422, post(R"({"userId":"u1","sku":"bur\u0000ger","quantity":1})")},
      {"a SKU with blanks", 422, post(R"({"userId":"u1","sku":"a burger","quantity":1})")},
      {"no items", 422, post(R"({"userId":"u1","items":[]})")},
      {"an item that is none", 422, post(R"({"userId":"u1","items":[7]})")},
      {"both forms at once", 422, post(R"({"userId":"u1","sku":"burger","quantity":1,"items":[{"sku":"fries","quantity":1}]})")},
      {"too many different items", 422, [] {
         std::string items;
         for (int i = 0; i < 51; ++i) absl::StrAppend(&items, i == 0 ? "" : ",", R"({"sku":"s)", i, R"(","quantity":1})");
         return post(absl::StrCat(R"({"userId":"u1","items":[)", items, "]}"));
       }()},
      {"a body of a megabyte", 413, post(absl::StrCat(R"({"userId":")", std::string(1 << 20, 'u'), R"("})"))},
      {"a megabyte of nothing", 413, post(std::string(1 << 20, ' '))},
  };
}

std::vector<Bad> requests() {
  const std::string good = R"({"userId":"u1","sku":"burger","quantity":1})";
  const std::string json = "Content-Type: application/json\r\n";
  return {
      {"no content type", 415, post(good, "")},
      {"another content type", 415, post(good, "Content-Type: text/plain\r\n")},
      {"an empty key", 400, post(good, json + "Idempotency-Key: \r\n")},
      {"a key of 200 bytes", 400, post(good, json + "Idempotency-Key: " + std::string(200, 'k') + "\r\n")},
      {"two keys", 400, post(good, json + "Idempotency-Key: a\r\nIdempotency-Key: b\r\n")},
      {"a path that there is not", 404, ask("GET /v2/orders")},
      {"another path that there is not", 404, ask("GET /v1/orders/x/y/z")},
      {"an id that is none", 404, ask("GET /v1/orders/7")},
      {"an order that there is not", 404, ask("GET /v1/orders/00000000-0000-4000-8000-000000000000")},
      {"a cancel of an order that there is not", 404, ask("POST /v1/orders/00000000-0000-4000-8000-000000000000/cancel")},
      {"DELETE of the orders", 405, ask("DELETE /v1/orders")},
      {"PUT of an order", 405, ask("PUT /v1/orders/00000000-0000-4000-8000-000000000000")},
      {"GET of a cancel", 405, ask("GET /v1/orders/00000000-0000-4000-8000-000000000000/cancel")},
      {"a list without a user", 400, ask("GET /v1/orders")},
      {"a list of a user with a NUL byte", 400, ask("GET /v1/orders?userId=u%001")},
      {"a list with a bad escape", 400, ask("GET /v1/orders?userId=%zz")},
      {"two lengths", 400, "POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"},
      {"no HTTP", 400, "HELLO\r\n\r\n"},
  };
}

void expect_problem(const Bad& bad) {
  live::HttpClient client(one_stack().orders_port());
  const auto answer = client.ask_raw(bad.bytes);
  ASSERT_TRUE(answer.ok()) << bad.name << ": " << answer.status();
  EXPECT_EQ(answer->status, bad.status) << bad.name << ": " << answer->body;
  EXPECT_EQ(header(answer->headers, "content-type"), "application/problem+json") << bad.name;
  EXPECT_EQ(live::json_member(answer->body, "status"), std::to_string(bad.status)) << bad.name << ": " << answer->body;
  EXPECT_NE(live::json_member(answer->body, "title"), "") << bad.name << ": " << answer->body;
  EXPECT_EQ(header(answer->headers, "allow").has_value(), bad.status == 405) << bad.name;
}

void expect_problems(const std::vector<Bad>& all) {
  const std::int64_t before = orders_in_database();
  const pid_t pid = one_stack().orders().pid();
  for (const Bad& bad : all) expect_problem(bad);
  EXPECT_EQ(orders_in_database(), before) << "something was written";
  EXPECT_TRUE(one_stack().orders().running());
  EXPECT_EQ(one_stack().orders().pid(), pid);
  const std::string sku = stocked("after-bad-input", 1);
  const auto order = live::Shop(one_stack().orders_port()).order("u1", sku, 1);
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_TRUE(all_become({*order}, "CONFIRMED").ok());
}

TEST(BadInput, AWrongBodyIsAProblemAndNothingElse) { expect_problems(bodies()); }

TEST(BadInput, AWrongRequestIsAProblemAndNothingElse) { expect_problems(requests()); }

TEST(BadInput, AClientThatLeavesInTheMiddleOfItsOrderLeavesNothingBehind) {
  const std::int64_t before = orders_in_database();
  for (const std::size_t bytes : {1U, 20U, 90U, 120U}) {
    live::HttpClient client(one_stack().orders_port(), absl::Milliseconds(50));
    EXPECT_FALSE(client.ask_raw(post(R"({"userId":"u1","sku":"burger","quantity":1})").substr(0, bytes)).ok());
  }
  EXPECT_EQ(orders_in_database(), before);
}

}  // namespace
}  // namespace quickbite
