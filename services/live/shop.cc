#include "services/live/shop.h"

#include "absl/strings/str_cat.h"
#include "services/live/json.h"

namespace quickbite::live {
namespace {

absl::Status unexpected(std::string_view asked, const HttpAnswer& answer) {
  return absl::FailedPreconditionError(
      absl::StrCat(std::string(asked), " was answered ", answer.status, ": ", answer.body));
}

std::string path_of(const OrderId& order) { return absl::StrCat("/v1/orders/", to_string(order.value)); }

}  // namespace

std::string order_body(std::string_view user, std::string_view sku, std::int64_t quantity) {
  return absl::StrCat(R"({"userId":")", std::string(user), R"(","sku":")", std::string(sku), R"(","quantity":)", quantity,
                      "}");
}

absl::StatusOr<OrderId> Shop::order(std::string_view user, std::string_view sku, std::int64_t quantity,
                                    std::string_view key) {
  Headers headers;
  if (!key.empty()) headers.push_back({"Idempotency-Key", std::string(key)});
  const auto answer = client_.post("/v1/orders", order_body(user, sku, quantity), headers);
  if (!answer.ok()) return answer.status();
  const auto id = parse_uuid(json_member(answer->body, "orderId"));
  if (answer->status != 201 || !id) return unexpected("POST /v1/orders", *answer);
  return OrderId(*id);
}

absl::Status Shop::cancel(const OrderId& order) {
  const auto answer = client_.post(path_of(order) + "/cancel", "");
  if (!answer.ok()) return answer.status();
  return answer->status == 200 ? absl::OkStatus() : unexpected("the cancel", *answer);
}

absl::StatusOr<std::string> Shop::status(const OrderId& order) {
  const auto answer = client_.get(path_of(order));
  if (!answer.ok()) return answer.status();
  if (answer->status != 200) return unexpected(absl::StrCat("GET ", path_of(order)), *answer);
  const std::string reason = json_member(answer->body, "reason");
  return absl::StrCat(json_member(answer->body, "status"), reason.empty() ? "" : " ", reason);
}

absl::Status Shop::all_are(const std::vector<OrderId>& orders, std::string_view wanted) {
  std::size_t others = 0;
  std::string one;
  for (const OrderId& order : orders) {
    const absl::StatusOr<std::string> found = status(order);
    if (!found.ok()) return found.status();
    if (*found == wanted) continue;
    if (others++ == 0) one = absl::StrCat(to_string(order.value), " is ", *found);
  }
  if (others == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(others, " of ", orders.size(), " orders are not ", std::string(wanted), ": ", one));
}

}  // namespace quickbite::live
