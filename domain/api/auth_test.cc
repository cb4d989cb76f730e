#include "domain/api/auth.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quickbite::api {
namespace {

HttpRequest with(std::vector<std::string> values) {
  HttpRequest request{"GET", "/v1/orders", "", {}, ""};
  for (std::string& value : values) request.headers.push_back({"authorization", std::move(value)});
  return request;
}

std::string token(const HttpRequest& request) {
  const auto found = bearer_token(request);
  const auto* text = std::get_if<std::string_view>(&found);
  return text == nullptr ? "" : std::string(*text);
}

std::string challenge(const HttpRequest& request) {
  const auto found = bearer_token(request);
  const auto* answer = std::get_if<HttpAnswer>(&found);
  if (answer == nullptr) return "none";
  EXPECT_EQ(answer->status, 401);
  EXPECT_TRUE(answer->body.starts_with("{\"type\":\"/problems/unauthorized\","));
  return std::string(header(answer->headers, "WWW-Authenticate").value_or(""));
}

TEST(BearerToken, StandsAfterItsScheme) {
  for (const char* value : {"Bearer a.b.c", "bearer a.b.c", "BEARER   a.b.c ", " Bearer a.b.c"}) {
    EXPECT_EQ(token(with({value})), "a.b.c") << value;
  }
}

TEST(BearerToken, IsAskedForWhereThereIsNone) {
  EXPECT_EQ(challenge(with({})), "Bearer realm=\"quickbite\"");
  EXPECT_EQ(challenge(with({"Basic dTE6cA=="})), "Bearer realm=\"quickbite\"");
  EXPECT_EQ(challenge(with({"Bearer"})), "Bearer realm=\"quickbite\"");
  EXPECT_EQ(challenge(with({""})), "Bearer realm=\"quickbite\"");
}

TEST(BearerToken, IsOne) {
  EXPECT_EQ(challenge(with({"Bearer a.b.c", "Bearer a.b.c"})), "Bearer realm=\"quickbite\", error=\"invalid_request\"");
  EXPECT_EQ(challenge(with({"Bearer a.b.c d"})), "Bearer realm=\"quickbite\", error=\"invalid_request\"");
}

TEST(BearerToken, ThatDoesNotCountIsToldWhy) {
  const HttpAnswer answer = invalid_token("it has expired");
  EXPECT_EQ(answer.status, 401);
  EXPECT_EQ(header(answer.headers, "WWW-Authenticate"), "Bearer realm=\"quickbite\", error=\"invalid_token\"");
  EXPECT_NE(answer.body.find("The token is not valid: it has expired."), std::string::npos);
}

}  // namespace
}  // namespace quickbite::api
