// Shop: the orders API as a customer's phone uses it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "domain/base/ids.h"
#include "services/live/http_client.h"
#include "services/live/patience.h"

namespace quickbite::live {

class Shop {
 public:
  explicit Shop(std::uint16_t port) : client_(port) {}

  // POST /v1/orders. Anything but 201 is an error that shows the answer.
  absl::StatusOr<OrderId> order(std::string_view user, std::string_view sku, std::int64_t quantity,
                                std::string_view key = "");
  absl::Status cancel(const OrderId& order);

  // GET /v1/orders/{id}: PENDING, CONFIRMED, CANCELLED, and of the last why: "CANCELLED OUT_OF_STOCK".
  absl::StatusOr<std::string> status(const OrderId& order);

  // Ok where all of them have that status now; else the first that has not.
  absl::Status all_are(const std::vector<OrderId>& orders, std::string_view status);

  HttpClient& http() { return client_; }

 private:
  HttpClient client_;
};

// POST's body for an order of one line.
std::string order_body(std::string_view user, std::string_view sku, std::int64_t quantity);

}  // namespace quickbite::live
