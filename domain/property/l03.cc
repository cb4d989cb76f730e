// L3: no order is PENDING.
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked l03_full(const View& view) {
  for (const auto& [id, order] : view.orders->orders) {
    if (order.status == OrderStatus::kPending) {
      return broken("L3", {"order ", to_string(id.value), " is still PENDING"});
    }
  }
  return std::nullopt;
}

}  // namespace quickbite::property
