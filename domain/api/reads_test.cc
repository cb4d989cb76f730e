#include "domain/api/reads.h"

#include <gtest/gtest.h>

#include <string>

#include "domain/api/cursor.h"
#include "domain/api/test_requests.h"

namespace quickbite::api {
namespace {

TEST(Reads, GetAsksForOneOrder) {
  EXPECT_EQ(got(request("GET", order_path())).id, kOrder);
  EXPECT_FALSE(got(request("GET", order_path())).known);
  EXPECT_EQ(got(request("GET", "/v1/orders/AAAAAAAA-BBBB-5CCC-8DDD-EEEEEEEEEEEE")).id,
            OrderId(*parse_uuid("aaaaaaaa-bbbb-5ccc-8ddd-eeeeeeeeeeee")));
}

TEST(Reads, IfNoneMatchNamesTheVersionThatIsKnown) {
  const auto known = [](std::string value) {
    return got(request("GET", order_path(), "", {{"if-none-match", std::move(value)}})).known;
  };
  EXPECT_EQ(known("\"3\""), Version(3));
  EXPECT_EQ(known("W/\"3\""), Version(3));
  EXPECT_EQ(known("\"2\", \"10\" , \"4\""), Version(10));
  EXPECT_EQ(known("\"x\", \"2\""), Version(2));
  for (const char* none : {"", "*", "3", "\"\"", "\"-3\"", "\"0\"", "\"3x\"", "\"3", "\"12", "12\"",
                           "\"99999999999999999999\"", ",,,", "\"", "W/"}) {
    EXPECT_FALSE(known(none)) << none;
  }
}

TEST(Reads, GetListsTheOrdersOfAUser) {
  EXPECT_EQ(listed("userId=u1").user, UserId("u1"));
  EXPECT_EQ(listed("&userId=u1&").user, UserId("u1"));
  EXPECT_EQ(listed("userId=a%20b+c%2B%3d%26").user, UserId("a b c+=&"));
  EXPECT_EQ(listed("%75serId=caf%C3%A9").user, UserId("caf\xC3\xA9"));
  EXPECT_EQ(listed("userId=a=b").user, UserId("a=b"));
  EXPECT_EQ(listed("userId=" + std::string(64, 'u')).user, UserId(std::string(64, 'u')));
}

TEST(Reads, AListHasPages) {
  EXPECT_FALSE(listed("userId=u1").limit);
  EXPECT_EQ(listed("limit=200&userId=u1").limit, 200);
  EXPECT_EQ(listed("userId=u1&limit=1").limit, 1);
  const ListPlace place{Instant{77}, kOrder};
  const std::string cursor = write_cursor(UserId("u1"), place);
  EXPECT_EQ(listed("cursor=" + cursor + "&userId=u1").after, place);
  expect_refused(request("GET", "/v1/orders", "userId=u2&cursor=" + cursor), 400, "bad-query");
}

TEST(Reads, AReaderMayWaitForNews) {
  const auto asked = [](std::string query, Headers headers = {}) {
    return got(request("GET", order_path(), std::move(query), std::move(headers)));
  };
  EXPECT_EQ(asked("").wait, Duration{});
  EXPECT_EQ(asked("wait=20s&version=3").wait, seconds(20));
  EXPECT_EQ(asked("wait=20s&version=3").known, Version(3));
  EXPECT_EQ(asked("wait=1500ms", {{"if-none-match", "\"2\""}}).wait, milliseconds(1500));
  EXPECT_EQ(asked("wait=1500ms", {{"if-none-match", "\"2\""}}).known, Version(2));
  EXPECT_EQ(asked("wait=30s&version=7", {{"if-none-match", "\"2\""}}).known, Version(7));
  for (const char* wrong : {"wait=", "wait=20", "wait=s", "wait=-1s", "wait=31s", "wait=30001ms", "wait=1m", "wait=1.5s",
                            "wait=99999999999999999s", "wait=1s&wait=1s", "version=0", "version=-1", "version=", "version=x",
                            "version=99999999999999999999", "userId=u1", "wait=%"}) {
    expect_refused(request("GET", order_path(), wrong), 400, "bad-query");
  }
}

TEST(Reads, ThePortIsToldHowLongARequestMayWait) {
  EXPECT_EQ(wait_of(request("GET", order_path(), "version=1&wait=20s")), seconds(20));
  EXPECT_EQ(wait_of(request("GET", order_path(), "%77ait=20s")), Duration{}) << "as an attacker writes it, not a client";
  for (const char* none : {"", "version=1", "wait=31s", "wait=x", "await=20s", "wait=%"}) {
    EXPECT_EQ(wait_of(request("GET", order_path(), none)), Duration{}) << none;
  }
}

TEST(Reads, ATimelineIsAskedForByPath) {
  EXPECT_EQ((routed_as<GetTimeline, Query>(request("GET", order_path("/timeline"))).id), kOrder);
  expect_refused(request("GET", order_path("/timeline"), "x=1"), 400, "bad-query");
  expect_refused(request("GET", "/v1/orders/x/timeline"), 404, "no-such-order");
}

TEST(Reads, AQueryThatMakesNoSenseIsRefused) {
  for (const std::string& query : {std::string(),
                                   std::string("userId="),
                                   std::string("userId"),
                                   std::string("=u1"),
                                   std::string("user=u1"),
                                   std::string("userid=u1"),
                                   std::string("userId=u1&userId=u1"),
                                   std::string("userId=u1&limit="),
                                   std::string("userId=u1&limit=0"),
                                   std::string("userId=u1&limit=201"),
                                   std::string("userId=u1&limit=-1"),
                                   std::string("userId=u1&limit=+5"),
                                   std::string("userId=u1&limit=5x"),
                                   std::string("userId=u1&limit=99999999999999999999"),
                                   std::string("userId=u1&limit=5&limit=5"),
                                   std::string("userId=u1&cursor="),
                                   std::string("userId=u1&cursor=AAAA"),
                                   std::string("userId=u1&wait=1s"),
                                   std::string("userId=%"),
                                   std::string("userId=%4"),
                                   std::string("userId=%zz"),
                                   std::string("userId=%4g"),
                                   std::string("userId=%00"),
                                   std::string("userId=a%0Ab"),
                                   std::string("userId=%FF"),
                                   std::string("userId=%C3"),
                                   std::string("userId=%ED%A0%80"),
                                   std::string("userId=u\0x", 10),
                                   "userId=" + std::string(65, 'u'),
                                   std::string("userId=u1&%=x")}) {
    expect_refused(request("GET", "/v1/orders", query), 400, "bad-query");
  }
}

}  // namespace
}  // namespace quickbite::api
