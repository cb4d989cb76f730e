// Services that are killed while customers order: every order ends, and ends right.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "proptests/e2e/customers.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/evidence.h"

namespace quickbite {
namespace {

constexpr int kCustomers = 6;

TEST(Crash, KilledUnderLoadBothServicesLoseNothingAndDoNothingTwice) {
  const std::string sku = stocked("crash", 1'000'000);
  const std::int64_t before = orders_in_database();
  Customers customers(one_stack().orders_port(), kCustomers, sku);
  for (live::Child* victim : {&one_stack().orders(), &one_stack().inventory(), &one_stack().orders()}) {
    absl::SleepFor(absl::Milliseconds(700));
    victim->kill();
    absl::SleepFor(absl::Milliseconds(100));
    const absl::Status back = victim->start(no_interrupt());
    EXPECT_TRUE(back.ok()) << back;
  }
  absl::SleepFor(absl::Milliseconds(300));
  customers.stop();
  const std::vector<OrderId> orders = customers.orders();
  EXPECT_GT(customers.retries(), 0) << "nobody noticed that Orders was killed";
  ASSERT_GT(orders.size(), 50U);
  EXPECT_EQ(orders_in_database() - before, static_cast<std::int64_t>(orders.size())) << "a retry became another order";
  const absl::Status confirmed = all_become(orders, "CONFIRMED");
  EXPECT_TRUE(confirmed.ok()) << confirmed;
  const absl::Status once = live::reserved_once(one_stack(), orders, sku, static_cast<std::int64_t>(orders.size()));
  EXPECT_TRUE(once.ok()) << once;
  const auto told = live::events_in_topic(one_stack(), orders, Topic::kOrders, "OrderCreated");
  EXPECT_TRUE(told.ok()) << told.status();
}

TEST(Crash, APausedInventoryHoldsUpNobodyForGood) {
  const std::string sku = stocked("pause", 100);
  live::Shop shop(one_stack().orders_port());
  std::vector<OrderId> orders;
  for (int i = 0; i < 10; ++i) {
    if (i == 5) one_stack().inventory().pause();
    const auto order = shop.order("u1", sku, 1);
    ASSERT_TRUE(order.ok()) << order.status();
    orders.push_back(*order);
  }
  absl::SleepFor(absl::Milliseconds(500));
  one_stack().inventory().resume();
  EXPECT_TRUE(all_become(orders, "CONFIRMED").ok());
  EXPECT_TRUE(live::reserved_once(one_stack(), orders, sku, 10).ok());
}

}  // namespace
}  // namespace quickbite
