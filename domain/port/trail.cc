#include "domain/port/trail.h"

#include <algorithm>

#include "domain/message/event.h"

namespace quickbite {

std::vector<EventId> events_of(const OrderId& order) {
  std::vector<EventId> ids{event_id(OrderCreated{order, {}, {}}), event_id(OrderCancelled{order, CancelReason::kCustomer}),
                           event_id(InventoryReserved{order}), event_id(InventoryRejected{order, RejectReason::kOutOfStock})};
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace quickbite
