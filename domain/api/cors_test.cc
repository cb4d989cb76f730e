#include "domain/api/cors.h"

#include <gtest/gtest.h>

namespace quickbite::api {
namespace {

const Cors kShop{{"https://shop.example", "http://127.0.0.1:3000"}};

HttpRequest from(std::string method, std::string origin, Headers more = {}) {
  more.push_back({"origin", std::move(origin)});
  return {std::move(method), "/v1/orders", "", std::move(more), ""};
}

TEST(Cors, LetsTheOriginsInThatWereGiven) {
  for (const std::string& origin : kShop.origins) {
    const Headers headers = cors_headers(kShop, from("GET", origin));
    EXPECT_EQ(header(headers, "Access-Control-Allow-Origin"), origin);
    EXPECT_EQ(header(headers, "Vary"), "Origin");
    EXPECT_TRUE(header(headers, "Access-Control-Expose-Headers"));
    EXPECT_FALSE(header(headers, "Access-Control-Allow-Methods")) << "this is no preflight";
  }
}

TEST(Cors, SaysNothingToOthers) {
  for (const char* origin : {"https://evil.example", "https://shop.example.evil", "http://shop.example", "null", "", "*"}) {
    const Headers headers = cors_headers(kShop, from("GET", origin));
    EXPECT_FALSE(header(headers, "Access-Control-Allow-Origin")) << origin;
    EXPECT_EQ(header(headers, "Vary"), "Origin");
  }
  EXPECT_TRUE(cors_headers(Cors{}, from("GET", "https://shop.example")).empty());
  EXPECT_EQ(cors_headers(kShop, {"GET", "/v1/orders", "", {}, ""}).size(), 1u) << "no browser asks";
}

TEST(Cors, AnswersAPreflight) {
  const Headers ask = {{"access-control-request-method", "POST"}};
  const Headers headers = cors_headers(kShop, from("OPTIONS", "https://shop.example", ask));
  EXPECT_EQ(header(headers, "Access-Control-Allow-Methods"), "GET, HEAD, POST");
  EXPECT_EQ(header(headers, "Access-Control-Allow-Headers"), "Authorization, Content-Type, Idempotency-Key, If-None-Match, traceparent");
  EXPECT_EQ(header(headers, "Access-Control-Max-Age"), "600");
  EXPECT_FALSE(header(cors_headers(kShop, from("OPTIONS", "https://evil.example", ask)), "Access-Control-Allow-Methods"));
}

TEST(Cors, MayLetEverybodyIn) {
  const Headers headers = cors_headers(Cors{{"*"}}, from("GET", "https://any.example"));
  EXPECT_EQ(header(headers, "Access-Control-Allow-Origin"), "*");
}

TEST(Cors, AnOriginHasNoPath) {
  for (const char* origin : {"*", "https://shop.example", "http://127.0.0.1:8080", "http://[::1]:8080"}) EXPECT_TRUE(is_origin(origin));
  for (const char* wrong : {"", "shop.example", "https://", "https://shop.example/", "ftp://x", "https://Shop.example", "https://a b"}) {
    EXPECT_FALSE(is_origin(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace quickbite::api
