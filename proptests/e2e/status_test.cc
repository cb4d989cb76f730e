// What `quickbite up` tells the app's status page of the running system.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "domain/message/record.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/http_client.h"
#include "services/live/system_status.h"

namespace quickbite {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StatusTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = live::SystemStatus::start(0);
    ASSERT_TRUE(started.ok()) << started.status();
    status_ = *std::move(started);
    serving_.api = one_stack().url();
    serving_.app = serving_.api + "/";
    serving_.status = serving_.app + "status";
    for (live::Child* child : {&one_stack().inventory(), &one_stack().orders()}) {
      serving_.processes.push_back({child->name(), child->pid(), child->log_path()});
    }
  }

  HttpAnswer get(const std::string& path, const std::string& origin = "") {
    int port = 0;
    const std::string url = status_->origin();
    EXPECT_TRUE(absl::SimpleAtoi(url.substr(url.rfind(':') + 1), &port));
    Headers headers;
    if (!origin.empty()) headers.push_back({"Origin", origin});
    const auto answer = live::HttpClient(static_cast<std::uint16_t>(port)).ask({"GET", path, "", headers, ""});
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(HttpAnswer{0, {}, ""});
  }

  std::string told() {
    status_->look(one_stack(), serving_, {{"A story", "held", true}});
    return get("/status.json").body;
  }

  absl::Status comes_to_tell(const std::string& text) {
    return live::await(no_interrupt(), absl::Seconds(20), [&] {
      const std::string now = told();
      return now.find(text) != now.npos ? absl::OkStatus() : absl::NotFoundError(now);
    });
  }

  live::Serving serving_;
  std::unique_ptr<live::SystemStatus> status_;
};

constexpr const char* kNothingLags = "\"lag\": {\n    \"orders.v1\": 0,\n    \"inventory.v1\": 0\n  }";

TEST_F(StatusTest, TellsOfServicesOrdersOutboxesLagAndStories) {
  EXPECT_TRUE(comes_to_tell(kNothingLags).ok()) << told();
  const std::string now = told();
  for (const char* part : {"\"name\": \"Inventory\"", "\"ready\": true", "\"PENDING\": ", "\"outbox\": {", "\"deadLetters\": {",
                           "\"title\": \"A story\"", "\"held\": true"}) {
    EXPECT_THAT(now, HasSubstr(part));
  }
  EXPECT_THAT(now, Not(HasSubstr("\"ready\": false")));
}

TEST_F(StatusTest, CountsWhatAGroupHasNotCommittedYet) {
  ASSERT_TRUE(comes_to_tell(kNothingLags).ok());
  const std::string sku = stocked("status", 100);
  one_stack().inventory().kill();
  live::Shop shop(one_stack().orders_port());
  std::vector<OrderId> orders;
  for (int i = 0; i < 3; ++i) {
    const auto order = shop.order(absl::StrCat("status-", i), sku, 1);
    ASSERT_TRUE(order.ok()) << order.status();
    orders.push_back(*order);
  }
  EXPECT_TRUE(comes_to_tell("\"lag\": {\n    \"orders.v1\": 3,").ok()) << told();
  EXPECT_THAT(told(), HasSubstr("\"runs\": false"));
  ASSERT_TRUE(one_stack().inventory().start(no_interrupt()).ok());
  EXPECT_TRUE(all_become(orders, "CONFIRMED").ok());
  EXPECT_TRUE(comes_to_tell(kNothingLags).ok()) << told();
}

TEST_F(StatusTest, SaysThatItDoesNotKnowTheLagWhileKafkaIsAway) {
  ASSERT_TRUE(comes_to_tell(kNothingLags).ok());
  ASSERT_TRUE(one_stack().kafka().down().ok());
  EXPECT_TRUE(comes_to_tell("\"lag\": {\n    \"orders.v1\": null,\n    \"inventory.v1\": null\n  }").ok()) << told();
  ASSERT_TRUE(one_stack().kafka().up().ok());
  EXPECT_TRUE(comes_to_tell(kNothingLags).ok()) << told();
}

TEST_F(StatusTest, TellsThePagesOfItsOwnApiAloneAndLeadsToTheStatusPage) {
  told();
  const auto allowed = [&](const std::string& origin) {
    return std::string(header(get("/status.json", origin).headers, "access-control-allow-origin").value_or("none"));
  };
  const std::string port = serving_.api.substr(serving_.api.rfind(':'));
  EXPECT_EQ(allowed(serving_.api), serving_.api);
  EXPECT_EQ(allowed("http://localhost" + port), "http://localhost" + port);
  EXPECT_EQ(allowed("http://evil.example"), "none");
  const HttpAnswer root = get("/");
  EXPECT_EQ(root.status, 302);
  EXPECT_EQ(header(root.headers, "location"), serving_.status);
  EXPECT_EQ(get("/elsewhere").status, 404);
}

}  // namespace
}  // namespace quickbite
