// What the API offers beyond placing an order: pages, news, the timeline, and what it says of itself.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/http_client.h"
#include "services/live/json.h"
#include "services/live/shop.h"
#include "services/live/sql.h"

namespace quickbite {
namespace {

HttpAnswer ask(const std::string& method, const std::string& target) {
  live::HttpClient http(one_stack().orders_port(), absl::Seconds(40));
  const auto answer = http.ask({method, target, "", {}, ""});
  EXPECT_TRUE(answer.ok()) << answer.status();
  return answer.value_or(HttpAnswer{});
}

OrderId placed(const std::string& user, const std::string& sku) {
  const auto order = live::Shop(one_stack().orders_port()).order(user, sku, 1);
  EXPECT_TRUE(order.ok()) << order.status();
  return order.value_or(OrderId{});
}

std::string path_of(const OrderId& order) { return "/v1/orders/" + to_string(order.value); }

TEST(Api, AListIsReadPageByPage) {
  const std::string sku = stocked("page", 100);
  std::vector<std::string> expected;
  for (int i = 0; i < 7; ++i) expected.insert(expected.begin(), to_string(placed(sku, sku).value));
  std::vector<std::string> seen;
  std::string target = absl::StrCat("/v1/orders?userId=", sku, "&limit=3");
  for (int pages = 1; !target.empty(); ++pages) {
    ASSERT_LE(pages, 3);
    const HttpAnswer page = ask("GET", target);
    ASSERT_EQ(page.status, 200) << page.body;
    for (std::size_t at = page.body.find("\"orderId\":\""); at != page.body.npos; at = page.body.find("\"orderId\":\"", at + 1)) {
      seen.push_back(page.body.substr(at + 11, 36));
    }
    const std::string link(header(page.headers, "link").value_or(""));
    target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    EXPECT_EQ(link.empty(), page.body.find("\"next\"") == page.body.npos);
  }
  EXPECT_EQ(seen, expected);
}

TEST(Api, ALongPollIsAnsweredWhenTheOrderChanges) {
  const std::string sku = stocked("news", 10);
  const OrderId order = placed("u1", sku);
  ASSERT_TRUE(all_become({order}, "CONFIRMED").ok());
  const absl::Time begin = absl::Now();
  HttpAnswer news;
  std::thread waiting([&] { news = ask("GET", path_of(order) + "?wait=20s&version=2"); });
  absl::SleepFor(absl::Seconds(1));
  EXPECT_TRUE(live::Shop(one_stack().orders_port()).cancel(order).ok());
  waiting.join();
  EXPECT_EQ(news.status, 200);
  EXPECT_EQ(live::json_member(news.body, "status"), "CANCELLED");
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(900));
  EXPECT_LE(absl::Now() - begin, absl::Seconds(10));
}

TEST(Api, ALongPollWithoutNewsEndsWithItsWait) {
  const OrderId order = placed("u1", stocked("quiet", 10));
  ASSERT_TRUE(all_become({order}, "CONFIRMED").ok());
  const absl::Time begin = absl::Now();
  EXPECT_EQ(ask("GET", path_of(order) + "?wait=7s&version=2").status, 304) << "later than the deadline of a plain request";
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(6900));
  EXPECT_EQ(ask("GET", path_of(order) + "?wait=7s&version=1").status, 200) << "at once";
}

// Changed behind Orders' back, as another replica would.
TEST(Api, ALongPollSeesWhatOthersChange) {
  const OrderId order = placed("u1", stocked("other", 10));
  ASSERT_TRUE(all_become({order}, "CONFIRMED").ok());
  const absl::Time begin = absl::Now();
  HttpAnswer news;
  std::thread waiting([&] { news = ask("GET", path_of(order) + "?wait=20s&version=2"); });
  absl::SleepFor(absl::Milliseconds(500));
  EXPECT_TRUE(live::sql_run(one_stack().orders_database(), "UPDATE orders SET version = 3 WHERE id = '" + to_string(order.value) + "'").ok());
  waiting.join();
  EXPECT_EQ(news.status, 200);
  EXPECT_LE(absl::Now() - begin, absl::Seconds(10));
}

TEST(Api, TheTimelineTellsEachStep) {
  const OrderId order = placed("u1", stocked("story", 10));
  ASSERT_TRUE(all_become({order}, "CONFIRMED").ok());
  const HttpAnswer timeline = ask("GET", path_of(order) + "/timeline");
  ASSERT_EQ(timeline.status, 200) << timeline.body;
  for (const char* part : {R"("what":"CREATED")", R"("what":"PUBLISHED")", R"("event":"OrderCreated")", R"("topic":"orders.v1")",
                           R"("what":"RECEIVED")", R"("event":"InventoryReserved","handled":"APPLIED","topic":"inventory.v1")",
                           R"("what":"CONFIRMED")", R"("waitingFor":null)"}) {
    EXPECT_NE(timeline.body.find(part), timeline.body.npos) << part << " in " << timeline.body;
  }
}

TEST(Api, HeadAndOptionsAreAnswered) {
  const OrderId order = placed("u1", stocked("head", 10));
  const HttpAnswer head = ask("HEAD", path_of(order));
  EXPECT_EQ(head.status, 200);
  EXPECT_TRUE(header(head.headers, "etag"));
  EXPECT_EQ(head.body, "");
  const HttpAnswer options = ask("OPTIONS", "/v1/orders");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(header(options.headers, "allow"), "GET, HEAD, OPTIONS, POST");
}

TEST(Api, TheServerKnowsItsOwnDocument) {
  const HttpAnswer document = ask("GET", "/openapi.yaml");
  EXPECT_EQ(document.status, 200);
  EXPECT_EQ(header(document.headers, "content-type"), "application/yaml");
  EXPECT_TRUE(document.body.starts_with("openapi: 3.0.3\n"));
  EXPECT_TRUE(document.body.ends_with("\n"));
}

}  // namespace
}  // namespace quickbite
