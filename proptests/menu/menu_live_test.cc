// The menu on the whole real system: Inventory is killed, and comes back.
#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "services/live/http_client.h"
#include "services/live/json.h"
#include "services/live/shop.h"
#include "services/live/sql.h"
#include "services/live/stack.h"

namespace quickbite::live {
namespace {

TEST(MenuLive, IsStaleWhileInventoryIsDeadOrdersAreTakenAndItIsFreshAgain) {
  std::string folder = testing::TempDir() + "/quickbite-menu-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::filesystem::permissions(folder, std::filesystem::perms::all);  // PostgreSQL runs as another user
  StackOptions options;
  options.folder = folder;
  options.fsync = false;
  const Interrupt interrupt;
  auto started = Stack::start(options, interrupt, [](const std::string&, absl::Duration) {});
  ASSERT_TRUE(started.ok()) << started.status();
  Stack& stack = **started;
  HttpClient phone(stack.orders_port(), absl::Seconds(10));
  Shop shop(stack.orders_port());

  // Nothing is stocked: a menu of nothing is a menu.
  auto answer = phone.get("/v1/menu");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->status, 200) << answer->body;
  EXPECT_TRUE(absl::StrContains(answer->body, "{\"items\":[],")) << answer->body;

  ASSERT_TRUE(stack.add_stock("burger", 50).ok());
  const auto moved = sql_rows(stack.inventory_database(), "SELECT kind, quantity, sku FROM stock_movements");
  ASSERT_TRUE(moved.ok()) << moved.status();
  EXPECT_EQ(*moved, (std::vector<SqlRow>{{"RESTOCK", "50", "burger"}}));
  answer = phone.get("/v1/menu");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(absl::StrContains(answer->body, "{\"sku\":\"burger\",\"available\":50}")) << answer->body;
  EXPECT_TRUE(absl::StrContains(answer->body, "\"stale\":false")) << answer->body;
  const std::string stale = absl::StrCat(answer->body.substr(0, answer->body.find("\"stale\"")), "\"stale\":true}");

  stack.inventory().kill();
  for (int i = 0; i < 5; ++i) {
    const absl::Time begin = absl::Now();
    answer = phone.get("/v1/menu");
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, stale) << "the last menu, as of when it was";
    EXPECT_LT(absl::Now() - begin, absl::Seconds(3));
    const auto order = shop.order("customer-0", "burger", 1, absl::StrCat("k", i));
    EXPECT_TRUE(order.ok()) << order.status();
  }
  answer = phone.get("/readyz");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->status, 200) << "Orders is ready without Inventory: " << answer->body;

  ASSERT_TRUE(stack.inventory().start(interrupt).ok());
  const absl::Time until = absl::Now() + absl::Seconds(30);
  do {
    answer = phone.get("/v1/menu");
    ASSERT_TRUE(answer.ok()) << answer.status();
    if (absl::StrContains(answer->body, "\"available\":45}") && absl::StrContains(answer->body, "\"stale\":false")) break;
    absl::SleepFor(absl::Milliseconds(100));
  } while (absl::Now() < until);
  EXPECT_TRUE(absl::StrContains(answer->body, "\"available\":45}")) << answer->body;
  EXPECT_TRUE(absl::StrContains(answer->body, "\"stale\":false")) << answer->body;

  stack.stop();
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace quickbite::live
