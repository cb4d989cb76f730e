#include "domain/order/order.h"

#include "domain/base/check.h"

namespace quickbite {

std::string_view to_string(OrderStatus status) {
  switch (status) {
    case OrderStatus::kPending:
      return "PENDING";
    case OrderStatus::kConfirmed:
      return "CONFIRMED";
    case OrderStatus::kCancelled:
      return "CANCELLED";
  }
  check_failed("a known OrderStatus", __FILE__, __LINE__);
}

}  // namespace quickbite
