// Services that are killed while customers order: every order ends, and ends right.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/api/api.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/evidence.h"
#include "services/live/sql.h"

namespace quickbite {
namespace {

constexpr int kCustomers = 6;
constexpr absl::Duration kThought = absl::Milliseconds(10);  // of a customer, between two orders

// Orders until it is told to stop, and tries each order again, with its key, until it has its 201.
class Customer {
 public:
  Customer(std::string user, std::string sku, const std::atomic<bool>& stop)
      : user_(std::move(user)), sku_(std::move(sku)), stop_(stop), thread_([this] { run(); }) {}
  ~Customer() { join(); }

  void join() {
    if (thread_.joinable()) thread_.join();
  }
  const std::vector<OrderId>& orders() const { return orders_; }
  int retries() const { return retries_; }

 private:
  void run() {
    live::Shop shop(one_stack().orders_port());
    for (int i = 0; !stop_; ++i) {
      const std::string key = absl::StrCat(sku_, "-", i);
      for (;;) {
        const auto order = shop.order(user_, sku_, 1, key);
        if (order.ok()) {
          orders_.push_back(*order);
          absl::SleepFor(kThought);
          break;
        }
        ++retries_;
        absl::SleepFor(absl::Milliseconds(20));
      }
    }
  }

  const std::string user_;
  const std::string sku_;
  const std::atomic<bool>& stop_;
  std::vector<OrderId> orders_;
  int retries_ = 0;
  std::thread thread_;
};

TEST(Crash, KilledUnderLoadBothServicesLoseNothingAndDoNothingTwice) {
  const std::string sku = stocked("crash", 1'000'000);
  const std::int64_t before = orders_in_database();
  std::atomic<bool> stop{false};
  std::vector<std::unique_ptr<Customer>> customers;
  for (int i = 0; i < kCustomers; ++i) {
    customers.push_back(std::make_unique<Customer>(absl::StrCat("u", i), sku, stop));
  }
  for (live::Child* victim : {&one_stack().orders(), &one_stack().inventory(), &one_stack().orders()}) {
    absl::SleepFor(absl::Milliseconds(700));
    victim->kill();
    absl::SleepFor(absl::Milliseconds(100));
    const absl::Status back = victim->start(no_interrupt());
    EXPECT_TRUE(back.ok()) << back;
  }
  absl::SleepFor(absl::Milliseconds(300));
  stop = true;
  std::vector<OrderId> orders;
  int retries = 0;
  for (const auto& customer : customers) {
    customer->join();
    orders.insert(orders.end(), customer->orders().begin(), customer->orders().end());
    retries += customer->retries();
  }
  EXPECT_GT(retries, 0) << "nobody noticed that Orders was killed";
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
