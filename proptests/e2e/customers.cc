#include "proptests/e2e/customers.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/live/shop.h"

namespace quickbite {
namespace {

constexpr absl::Duration kAgain = absl::Milliseconds(20);  // before an order is tried again

}  // namespace

class Customers::One {
 public:
  One(Customers& all, std::uint16_t port, std::string user, std::string sku)
      : all_(all), shop_(port), user_(std::move(user)), sku_(std::move(sku)), thread_([this] { run(); }) {}
  ~One() { join(); }

  void join() {
    if (thread_.joinable()) thread_.join();
  }
  const std::vector<OrderId>& orders() const { return orders_; }

 private:
  void run() {
    for (int i = 0; !all_.stop_; ++i) {
      orders_.push_back(order(absl::StrCat(sku_, "-", i)));
      ++all_.answered_;
      absl::SleepFor(all_.thought_);
    }
  }

  OrderId order(const std::string& key) {
    for (;;) {
      const auto order = shop_.order(user_, sku_, 1, key);
      if (order.ok()) return *order;
      ++all_.retries_;
      absl::SleepFor(kAgain);
    }
  }

  Customers& all_;
  live::Shop shop_;
  const std::string user_;
  const std::string sku_;
  std::vector<OrderId> orders_;
  std::thread thread_;
};

Customers::Customers(std::uint16_t port, int count, const std::string& sku, absl::Duration thought) : thought_(thought) {
  for (int i = 0; i < count; ++i) all_.push_back(std::make_unique<One>(*this, port, absl::StrCat("u", i), sku));
}

Customers::~Customers() { stop(); }

void Customers::stop() {
  stop_ = true;
  for (const auto& one : all_) one->join();
}

std::vector<OrderId> Customers::orders() const {
  std::vector<OrderId> orders;
  for (const auto& one : all_) orders.insert(orders.end(), one->orders().begin(), one->orders().end());
  return orders;
}

}  // namespace quickbite
