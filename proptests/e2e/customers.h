// Customers: people who order one of something after the other, each order tried again, with its key, until it has its 201.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "domain/base/ids.h"

namespace quickbite {

class Customers {
 public:
  // So many of them begin at once, at the API on that port of loopback; each thinks for so long between two orders.
  Customers(std::uint16_t port, int count, const std::string& sku, absl::Duration thought = absl::Milliseconds(10));
  ~Customers();  // stop()

  // Returns once each has the 201 that it was waiting for.
  void stop();

  // How many 201s they have had, by now.
  std::int64_t answered() const { return answered_; }
  // How often one had to try again.
  std::int64_t retries() const { return retries_; }
  // After stop(): every order that was answered 201.
  std::vector<OrderId> orders() const;

 private:
  class One;
  const absl::Duration thought_;
  std::atomic<bool> stop_{false};
  std::atomic<std::int64_t> answered_{0};
  std::atomic<std::int64_t> retries_{0};
  std::vector<std::unique_ptr<One>> all_;
};

}  // namespace quickbite
