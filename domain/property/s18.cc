// S18: a response shows only the caller's own orders.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked s18_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    const auto* shown = std::get_if<OrderShown>(&fact);
    if (shown == nullptr) continue;
    const OrderRow* row = view.orders->orders.find(shown->order);
    if (row == nullptr || row->user == shown->caller) continue;
    return broken("S18", {"order ", to_string(row->id.value), " of ", row->user.value, " is shown to ", shown->caller.value});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
