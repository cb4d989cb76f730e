// OrderNumbers: orders placed, settled and cancelled, and how long they were PENDING, as the transactions say that store it.
//
// What a commit in doubt came to is found out by a reload, and is not counted here: these numbers may be a few too small, and are
// for rates and delays. How many orders there are, the database says.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "adapters/metrics/registry.h"
#include "domain/base/time.h"
#include "domain/message/reason.h"
#include "domain/port/ledger.h"

namespace quickbite::runtime {

inline constexpr std::size_t kCancelReasons = 5;

class OrderNumbers {
 public:
  explicit OrderNumbers(metrics::Registry& registry);

  struct Changes {
    std::int64_t placed = 0;
    std::vector<Duration> confirmed;  // how long each was PENDING, by the database's clock
    std::array<std::int64_t, kCancelReasons> cancelled{};
  };
  static Changes changes_of(const Store<OrdersLedger>& store);
  void observe(const Changes& changes) const;

 private:
  metrics::Counter placed_;
  metrics::Counter confirmed_;
  metrics::Histogram pending_;
  std::array<metrics::Counter, kCancelReasons> cancelled_;
};

}  // namespace quickbite::runtime
