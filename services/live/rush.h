// Rush: a number of orders placed over HTTP by customers who do not give up, and what became of each.
//
// Each order has an idempotency key of its own, derived from the rush's name: a customer who got no answer, or a 5xx, sends the
// same order again, and a rush that is run again under the same name places the same orders.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/base/ids.h"
#include "services/live/patience.h"

namespace quickbite::live {

struct RushOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string name;          // 1 to 40 letters, digits, '-'
  std::int64_t orders = 0;
  int customers = 8;         // each a thread with a connection, and one order at a time
  double rate = 0;           // orders a second, evenly spaced; 0: as fast as they are answered
  std::vector<std::string> skus;  // one an order, in turn, never empty
  absl::Duration patience = absl::Minutes(2);  // with one order: to have it answered, and then to see it settled
  std::string token;         // Bearer; none: anonymous
};

struct Placed {
  OrderId id;
  std::string sku;
  std::string status;  // as the API told it last: CONFIRMED, CANCELLED OUT_OF_STOCK, …
};

struct RushResult {
  std::vector<Placed> placed;  // in the order of their numbers
  std::int64_t again = 0;      // attempts beyond the first of an order
  absl::Duration longest;      // that a customer went without a 201 for one order
};

// What one order of a rush buys.
inline constexpr std::int64_t kRushQuantity = 1;

// The subject of all of a rush's orders.
UserId rush_user(std::string_view name);

// Places them all, then waits until each is CONFIRMED or CANCELLED.
//   FailedPrecondition  an answer that no trying again will change, or an order id that does not follow from its key
//   DeadlineExceeded    an order that was not answered, or did not settle, within `patience`; the message names it
absl::StatusOr<RushResult> run_rush(const RushOptions& options, const Interrupt& interrupt,
                                    const std::function<void(std::int64_t answered, std::int64_t settled)>& progress);

}  // namespace quickbite::live
