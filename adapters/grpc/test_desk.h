// A Desk for tests: answers what it is told to, once it is let to.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "adapters/grpc/desk.h"

namespace quickbite::rpc {

class TestDesk : public Desk {
 public:
  MenuTold told{{{Sku("burger"), Quantity(5)}, {Sku("fries"), Quantity(0)}}, Instant{1'709'251'199'123'456}};
  absl::Status refusal;                     // where it is not Ok, what everything is answered with
  std::optional<quickbite::Restock> asked;  // the last restock
  std::vector<Sku> skus;                    // of the last GetStock
  std::atomic<int> calls{0};
  std::atomic<absl::Duration> left{absl::ZeroDuration()};  // until the deadline of the last call

  // From now on calls wait, until `let_go`.
  void hold() { set(true); }
  void let_go() { set(false); }

  absl::StatusOr<MenuTold> menu(std::int64_t limit, absl::Time deadline) override {
    pass(deadline);
    if (!refusal.ok()) return refusal;
    MenuTold menu = told;
    if (static_cast<std::int64_t>(menu.items.size()) > limit) menu.items.resize(static_cast<std::size_t>(limit));
    return menu;
  }
  absl::StatusOr<StockList> stock(const std::vector<Sku>& given, absl::Time deadline) override {
    pass(deadline);
    skus = given;
    if (!refusal.ok()) return refusal;
    return StockList{{{Sku("burger"), Quantity(5), Quantity(2)}}, Instant{-1}};
  }
  absl::StatusOr<ReservationRow> reservation(const OrderId& order, absl::Time deadline) override {
    pass(deadline);
    if (!refusal.ok()) return refusal;
    return ReservationRow{order, {{Sku("burger"), Quantity(2)}}, ReservationState::kReleased, Instant{7}};
  }
  absl::StatusOr<Restocked> restock(const quickbite::Restock& wanted, absl::Time deadline) override {
    pass(deadline);
    asked = wanted;
    if (!refusal.ok()) return refusal;
    return Restocked{{wanted.sku, wanted.quantity, Quantity(1)}, true};
  }

 private:
  void pass(absl::Time deadline) {
    ++calls;
    left = deadline - absl::Now();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !held_; });
  }
  void set(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
};

}  // namespace quickbite::rpc
