// S3: an announced change (create, cancel, expire, reserve, reject) and its outbox row are in one
// transaction, both ways.
//
// An order's history row names as its cause the event that announces it.
// OrderCancelled(UNKNOWN_ORDER) announces that there is no order; a dead letter and a redrive
// announce nothing.
#include <algorithm>
#include <string>

#include "domain/message/event.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

constexpr std::string_view kCreated = "OrderCreated";
constexpr std::string_view kCancelled = "OrderCancelled";
constexpr std::string_view kReserved = "InventoryReserved";
constexpr std::string_view kRejected = "InventoryRejected";

// The type of the event that tells of this transition; empty where none does.
std::string_view announced_by(const HistoryRow& row) {
  if (!row.before) return kCreated;
  if (row.after != OrderStatus::kCancelled) return {};
  if (row.reason == CancelReason::kCustomer || row.reason == CancelReason::kExpired)
    return kCancelled;
  return {};
}

// RELEASED from nothing was RESERVED in between.
std::string_view announced_by(const ReservationWritten& written) {
  if (written.before) return {};
  switch (written.after) {
    case ReservationState::kReserved:
    case ReservationState::kReleased:
      return kReserved;
    case ReservationState::kRejected:
      return kRejected;
    case ReservationState::kTombstone:
      return {};
  }
  return {};
}

// UNKNOWN_ORDER is told of an order that has no row; its id is derived from another name than a
// customer's cancel.
bool tells_of_no_order(const View& view, const OutboxRow& row) {
  const auto order = row.key ? parse_uuid(*row.key) : std::nullopt;
  if (!order || row.type != kCancelled || view.orders->orders.contains(OrderId(*order)))
    return false;
  return row.id == event_id(OrderCancelled{OrderId(*order), CancelReason::kUnknownOrder});
}

// The row of this outbox that the delta inserted and that `test` holds for, or null.
template <class Test>
const OutboxRow* inserted(const View& view, const Delta& delta, Service service, Test test) {
  const Outbox& outbox = outbox_of(view, service);
  const OutboxRow* found = nullptr;
  first<OutboxInserted>(delta, [&](const OutboxInserted& fact) {
    if (fact.service != service) return false;
    const OutboxRow* row = newest_row(outbox, fact.seq);
    if (row == nullptr || !test(*row)) return false;
    found = row;
    return true;
  });
  return found;
}

bool announces_nothing(const OutboxRow& row) {
  return is_dead_letter(row) || is_redrive(row);
}

int rows_announcing(const View& view, const Delta& delta, Service service) {
  int n = 0;
  inserted(view, delta, service, [&](const OutboxRow& row) {
    n += !announces_nothing(row);
    return false;
  });
  return n;
}

bool announces(const OutboxRow& row, const HistoryRow& change) {
  return row.id == change.cause && row.type == announced_by(change) && names(row.key, change.order);
}
bool announces(const OutboxRow& row, const ReservationWritten& change) {
  return row.type == announced_by(change) && names(row.key, change.order);
}

Checked unannounced(const OrderId& order, std::string_view type) {
  return broken("S3", {"order ", to_string(order.value), " changed without its ", type,
                       " in the outbox of that transaction"});
}
Checked unchanged(const OutboxRow& row) {
  return broken("S3", {row.type, " ", to_string(row.id.value), " of order ",
                       row.key.value_or("null"), " was put into the outbox without that change"});
}

// Every change that is announced has its row. As no two changes have one row, there are as many
// rows as such changes, or one of them announces nothing that happened.
Checked check_orders(const View& view, const Delta& delta) {
  const auto history = appended<HistoryAppended>(delta, view.orders->history);
  int surplus = 0;
  for (const HistoryRow& change : history) {
    if (announced_by(change).empty()) continue;
    --surplus;
    if (!inserted(view, delta, Service::kOrders,
                  [&](const OutboxRow& row) { return announces(row, change); })) {
      return unannounced(change.order, announced_by(change));
    }
  }
  surplus += rows_announcing(view, delta, Service::kOrders);
  if (surplus == 0) return std::nullopt;
  const OutboxRow* stray = inserted(view, delta, Service::kOrders, [&](const OutboxRow& row) {
    return !announces_nothing(row) && !tells_of_no_order(view, row) &&
           std::none_of(history.begin(), history.end(),
                        [&](const HistoryRow& change) { return announces(row, change); });
  });
  return stray == nullptr ? std::nullopt : unchanged(*stray);
}

Checked check_inventory(const View& view, const Delta& delta) {
  int surplus = 0;
  for (const Fact& fact : delta.facts) {
    const auto* change = std::get_if<ReservationWritten>(&fact);
    if (change == nullptr || announced_by(*change).empty()) continue;
    --surplus;
    if (!inserted(view, delta, Service::kInventory,
                  [&](const OutboxRow& row) { return announces(row, *change); })) {
      return unannounced(change->order, announced_by(*change));
    }
  }
  surplus += rows_announcing(view, delta, Service::kInventory);
  if (surplus == 0) return std::nullopt;
  const OutboxRow* stray = inserted(view, delta, Service::kInventory, [&](const OutboxRow& row) {
    return !announces_nothing(row) && !first<ReservationWritten>(delta, [&](const auto& change) {
      return announces(row, change);
    });
  });
  return stray == nullptr ? std::nullopt : unchanged(*stray);
}

}  // namespace

Checked s03_step(const View& view, const Delta& delta) {
  if (auto violation = check_orders(view, delta)) return violation;
  return check_inventory(view, delta);
}

}  // namespace quickbite::property
