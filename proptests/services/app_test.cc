// The phone app as Orders serves it: to anybody, at once, and nothing but what was in the folder when it started.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "domain/message/record.h"
#include "proptests/services/running.h"
#include "services/live/http_client.h"

namespace quickbite {
namespace {

class AppTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "app/assets");
    std::ofstream(folder_ / "app/index.html") << "<p>app</p>";
    std::ofstream(folder_ / "app/pages.txt") << "/\n/orders\n";
    std::ofstream(folder_ / "app/assets/x-1.js") << "x";
    std::ofstream(folder_ / "secret") << "secret";
  }

  // Without a database or a broker, which it waits for.
  static std::vector<std::string> flags(std::vector<std::string> more) {
    more.insert(more.end(), {"--database=host=127.0.0.1 port=1", "--kafka=127.0.0.1:1"});
    return more;
  }
  static HttpAnswer ask(const RunningService& service, const std::string& method, const std::string& target) {
    return live::HttpClient(service.port()).ask({method, target, "", {}, ""}).value_or(HttpAnswer{0, {}, ""});
  }

  TemporaryFolder folder_;
};

TEST_F(AppTest, IsThereBeforeTheDatabaseIsUnderAStrictPolicy) {
  const RunningService orders(QUICKBITE_ORDERS, flags({"--app=" + (folder_ / "app"), "--app-status=http://127.0.0.1:8088"}));
  for (const char* path : {"/", "/orders", "/orders?id=1"}) {
    const HttpAnswer page = orders.get(path);
    EXPECT_EQ(page.status, 200) << path << orders.log();
    EXPECT_EQ(page.body, "<p>app</p>");
    const std::string policy(header(page.headers, "content-security-policy").value_or(""));
    EXPECT_NE(policy.find("default-src 'none'; script-src 'self'"), std::string::npos) << policy;
    EXPECT_NE(policy.find("connect-src 'self' http://127.0.0.1:8088;"), std::string::npos) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos) << policy;
  }
  EXPECT_EQ(orders.get("/app.json").body, "{\"status\":\"http://127.0.0.1:8088/status.json\"}\n");
  EXPECT_EQ(ask(orders, "POST", "/").status, 405);
  EXPECT_EQ(ask(orders, "OPTIONS", "/app.json").status, 204);
  for (const char* path : {"/../secret", "/assets/../../secret", "/%2e%2e/secret", "/assets/", "/pages.txt", "/v1"}) {
    const HttpAnswer answer = orders.get(path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.body.find("secret\""), std::string::npos);
  }
}

TEST_F(AppTest, NobodyHasToSayWhoHeIsToHaveIt) {
  std::ofstream(folder_ / "key") << "a secret of more than thirty-two bytes\n";
  const RunningService orders(QUICKBITE_ORDERS, flags({"--app=" + (folder_ / "app"), "--jwt-keys=" + (folder_ / "key")}));
  EXPECT_EQ(orders.get("/").status, 200) << orders.log();
  EXPECT_EQ(orders.get("/app.json").body, "{\"status\":null}\n");
  EXPECT_EQ(orders.get("/v1/menu").status, 401);
}

TEST_F(AppTest, ItsFilesAreCountedUnderOneRouteAndNothingElseIs) {
  const RunningService orders(QUICKBITE_ORDERS, flags({"--app=" + (folder_ / "app")}));
  for (const char* path : {"/", "/orders", "/assets/x-1.js", "/app.json", "/nowhere", "/assets/nowhere.js"}) orders.get(path);
  const std::string metrics = orders.get("/metrics").body;
  EXPECT_NE(metrics.find(R"(quickbite_http_requests_total{code="200",method="GET",route="app"} 4)"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find(R"(quickbite_http_requests_total{code="404",method="GET",route="other"} 2)"), std::string::npos) << metrics;
}

TEST_F(AppTest, WithoutAFolderThereIsNone) {
  const RunningService orders(QUICKBITE_ORDERS, flags({}));
  EXPECT_EQ(orders.get("/").status, 404);
  EXPECT_EQ(orders.get("/app.json").status, 404);
}

TEST_F(AppTest, AFolderThatIsNoAppIsSaidToBeNone) {
  for (const auto& [flag, expected] : {std::pair("--app=" + (folder_ / ""), std::string("--app: there is no index.html in ")),
                                       std::pair(std::string("--app-status=*"), std::string("expected an origin"))}) {
    RunningService orders(QUICKBITE_ORDERS, flags({flag}));
    EXPECT_EQ(orders.wait(absl::Seconds(10)), 2) << flag;
    EXPECT_NE(orders.log().find(expected), std::string::npos) << orders.log();
  }
}

}  // namespace
}  // namespace quickbite
