// Who may ask Orders, from where and how often: real tokens, a real process, a real database.
#include <gtest/gtest.h>
#include <jwt.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"
#include "services/live/http_client.h"
#include "services/live/json.h"

namespace quickbite {
namespace {

const std::string kSecret = "a secret of more than thirty-two bytes";

std::string token_of(const std::string& user, const std::string& secret = kSecret, long seconds = 600) {
  jwt_t* token = nullptr;
  jwt_new(&token);
  jwt_add_grant(token, "sub", user.c_str());
  jwt_add_grant_int(token, "exp", static_cast<long>(std::time(nullptr)) + seconds);
  jwt_set_alg(token, JWT_ALG_HS256, reinterpret_cast<const unsigned char*>(secret.data()), static_cast<int>(secret.size()));
  const std::unique_ptr<char, decltype(&std::free)> text(jwt_encode_str(token), &std::free);
  jwt_free(token);
  return text.get();
}

std::vector<std::string> with_database(std::vector<std::string> flags) {
  flags.push_back("--database=" + RealPostgres::instance().session(postgres::Service::kOrders).connection);
  flags.push_back("--kafka=127.0.0.1:1");  // orders are taken without a broker
  return flags;
}

class AccessTest : public testing::Test {
 protected:
  std::string key_file() {
    std::ofstream(folder_ / "key") << kSecret << "\n";
    return folder_ / "key";
  }

  static HttpAnswer ask(const RunningService& service, HttpRequest request, const std::string& token = "") {
    if (!token.empty()) request.headers.push_back({"Authorization", "Bearer " + token});
    const auto answer = live::HttpClient(service.port()).ask(request);
    EXPECT_TRUE(answer.ok()) << answer.status() << service.log();
    return answer.value_or(HttpAnswer{0, {}, ""});
  }
  static HttpRequest get(std::string target) { return {"GET", std::move(target), "", {}, ""}; }
  static HttpRequest place(const std::string& body) {
    return {"POST", "/v1/orders", "", {{"Content-Type", "application/json"}}, body};
  }
  static void await_database(const RunningService& service) {
    EXPECT_TRUE(service.comes_to_wait_for("\"database\",\"met\":true") || service.log().find("waiting") != std::string::npos);
    eventually(absl::Seconds(10), [&] { return ask(service, get("/v1/orders?userId=u1"), token_of("u1")).status == 200; });
  }

  TemporaryFolder folder_;
};

TEST_F(AccessTest, AnAddressThatOthersReachNeedsKeysOrAWord) {
  RunningService open(QUICKBITE_ORDERS, {"--http-address=0.0.0.0", "--database=host=127.0.0.1 port=1", "--kafka=127.0.0.1:1"});
  EXPECT_EQ(open.wait(absl::Seconds(10)), 2);
  EXPECT_NE(open.log().find("--jwt-keys"), std::string::npos) << open.log();
  EXPECT_NE(open.log().find("--allow-anonymous"), std::string::npos) << open.log();
  RunningService allowed(QUICKBITE_ORDERS, {"--http-address=0.0.0.0", "--allow-anonymous", "--database=host=127.0.0.1 port=1",
                                            "--kafka=127.0.0.1:1"});
  EXPECT_NE(allowed.port(), 0) << allowed.log();
  RunningService keyed(QUICKBITE_ORDERS, {"--http-address=0.0.0.0", "--jwt-keys=" + key_file(), "--database=host=127.0.0.1 port=1",
                                          "--kafka=127.0.0.1:1"});
  EXPECT_NE(keyed.port(), 0) << keyed.log();
}

TEST_F(AccessTest, AKeyThatIsNoneIsSaid) {
  RunningService service(QUICKBITE_ORDERS, {"--jwt-keys=/nowhere", "--database=host=127.0.0.1 port=1", "--kafka=127.0.0.1:1"});
  EXPECT_EQ(service.wait(absl::Seconds(10)), 2);
  EXPECT_NE(service.log().find("--jwt-keys: cannot read '/nowhere'"), std::string::npos) << service.log();
}

TEST_F(AccessTest, WithoutATokenThatCountsNobodyIsServed) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--jwt-keys=" + key_file()}));
  for (const std::string& token : {std::string(), std::string("x.y.z"), token_of("u1", kSecret + "!"), token_of("u1", kSecret, -600)}) {
    for (const HttpRequest& request : {get("/v1/orders?userId=u1"), get("/v1/nowhere"), place("{}")}) {
      const HttpAnswer answer = ask(service, request, token);
      EXPECT_EQ(answer.status, 401) << answer.body;
      EXPECT_TRUE(header(answer.headers, "www-authenticate").value_or("").starts_with("Bearer")) << answer.body;
    }
  }
  EXPECT_EQ(ask(service, get("/healthz")).status, 200);
  EXPECT_EQ(ask(service, get("/openapi.yaml")).status, 200);
}

TEST_F(AccessTest, AUserSeesAndChangesHisOwnOrdersAlone) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--jwt-keys=" + key_file()}));
  await_database(service);
  const HttpAnswer placed = ask(service, place(R"({"sku":"burger","quantity":1})"), token_of("u1"));
  ASSERT_EQ(placed.status, 201) << placed.body;
  EXPECT_EQ(live::json_member(placed.body, "userId"), "u1") << "the token's subject";
  const std::string path(header(placed.headers, "location").value_or(""));
  EXPECT_EQ(ask(service, get(path), token_of("u1")).status, 200);
  EXPECT_EQ(ask(service, get(path + "/timeline"), token_of("u1")).status, 200);
  EXPECT_EQ(ask(service, get(path), token_of("u2")).status, 404);
  EXPECT_EQ(ask(service, get(path + "?wait=5s&version=1"), token_of("u2")).status, 404);
  EXPECT_EQ(ask(service, get(path + "/timeline"), token_of("u2")).status, 404);
  EXPECT_EQ(ask(service, {"POST", path + "/cancel", "", {}, ""}, token_of("u2")).status, 404);
  EXPECT_EQ(ask(service, get("/v1/orders?userId=u1"), token_of("u2")).status, 403);
  EXPECT_EQ(ask(service, get("/v1/orders"), token_of("u2")).body.find(path.substr(11)), std::string::npos);
  EXPECT_EQ(ask(service, place(R"({"userId":"u1","sku":"burger","quantity":1})"), token_of("u2")).status, 403);
  EXPECT_EQ(ask(service, {"POST", path + "/cancel", "", {}, ""}, token_of("u1")).status, 200);
}

TEST_F(AccessTest, ABrowserIsToldWhichPagesMayAsk) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--jwt-keys=" + key_file(), "--cors-origins=https://shop.example"}));
  const Headers preflight = {{"Origin", "https://shop.example"}, {"Access-Control-Request-Method", "POST"}};
  const HttpAnswer answer = ask(service, {"OPTIONS", "/v1/orders", "", preflight, ""});
  EXPECT_EQ(answer.status, 204) << "without a token: browsers send none";
  EXPECT_EQ(header(answer.headers, "access-control-allow-origin"), "https://shop.example");
  EXPECT_EQ(header(answer.headers, "access-control-allow-methods"), "GET, HEAD, POST");
  const HttpAnswer refused = ask(service, {"GET", "/v1/orders?userId=u1", "", {{"Origin", "https://shop.example"}}, ""});
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(header(refused.headers, "access-control-allow-origin"), "https://shop.example") << "the page may read why";
  const HttpAnswer other = ask(service, {"GET", "/healthz", "", {{"Origin", "https://other.example"}}, ""});
  EXPECT_FALSE(header(other.headers, "access-control-allow-origin"));
}

TEST_F(AccessTest, WhoAsksTooOftenIsToldWhenToAskAgain) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--rate-limit=1", "--rate-burst=3"}));
  int refused = 0;
  for (int i = 0; i < 10; ++i) {
    const HttpAnswer answer = ask(service, get("/v1/orders?userId=u1"));
    if (answer.status != 429) continue;
    ++refused;
    EXPECT_TRUE(header(answer.headers, "retry-after"));
  }
  EXPECT_GE(refused, 5);
  EXPECT_NE(ask(service, get("/v1/orders?userId=u2")).status, 429) << "each user has his own";
}

// How many of so many requests are let through.
int passed(const RunningService& service, int requests, const std::function<HttpRequest(int)>& request) {
  int passed = 0;
  for (int i = 0; i < requests; ++i) {
    const auto answer = live::HttpClient(service.port()).ask(request(i));
    EXPECT_TRUE(answer.ok()) << answer.status();
    if (answer.ok() && answer->status == 429) {
      EXPECT_TRUE(header(answer->headers, "retry-after"));
    } else {
      ++passed;
    }
  }
  return passed;
}

TEST_F(AccessTest, WhoSendsNoTokenCountsForHisAddressWhomeverHeNames) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--peer-rate-limit=1", "--peer-rate-burst=6"}));
  EXPECT_LE(passed(service, 30, [](int i) {
              const std::string user = "u" + std::to_string(i);
              return i % 3 == 0 ? get("/v1/menu") : i % 3 == 1 ? get("/v1/orders?userId=" + user) : get("/" + user);
            }), 12);
  for (const char* path : {"/healthz", "/readyz", "/metrics"}) {
    EXPECT_EQ(passed(service, 30, [&](int) { return get(path); }), 30) << path << " is nobody's to use up";
  }
}

TEST_F(AccessTest, WhoSendsATokenThatCountsDoesNotCountForHisAddress) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--jwt-keys=" + key_file(), "--peer-rate-limit=1", "--peer-rate-burst=6"}));
  EXPECT_LE(passed(service, 30, [&](int i) {
              HttpRequest request = get(i % 2 == 0 ? "/openapi.yaml" : "/v1/menu");
              if (i % 4 == 1) request.headers.push_back({"Authorization", "Bearer " + token_of("u1", kSecret + "!")});
              return request;
            }), 12);
  EXPECT_EQ(passed(service, 30, [](int i) {
              HttpRequest request = get("/v1/nowhere");
              request.headers.push_back({"Authorization", "Bearer " + token_of("u" + std::to_string(i))});
              return request;
            }), 30);
}

TEST_F(AccessTest, BehindAProxyItIsTheAddressThatTheProxySaw) {
  RunningService service(QUICKBITE_ORDERS, with_database({"--peer-rate-limit=1", "--peer-rate-burst=6", "--proxies=1"}));
  const auto forwarded = [](const std::string& addresses) {
    HttpRequest request = get("/v1/menu");
    request.headers.push_back({"X-Forwarded-For", addresses});
    return request;
  };
  EXPECT_LE(passed(service, 30, [&](int i) { return forwarded("198.51.100." + std::to_string(i) + ", 192.0.2.1"); }), 12);
  EXPECT_GE(passed(service, 6, [&](int) { return forwarded("192.0.2.2"); }), 6) << "another's";
  EXPECT_LE(passed(service, 30, [&](int i) { return forwarded("2001:db8:0:1::" + std::to_string(i)); }), 12) << "one subscriber's network";
  EXPECT_GE(passed(service, 6, [&](int) { return forwarded("2001:db8:0:2::1"); }), 6) << "another's";
}

}  // namespace
}  // namespace quickbite
