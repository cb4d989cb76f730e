// S3: an announced change (create, cancel, expire, reserve, reject) and its outbox row are in one
// transaction, both ways.
//
// An order's history row names as its cause the event that announces it.
// OrderCancelled(UNKNOWN_ORDER) announces that there is no order, and a dead letter announces
// nothing.
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

Checked check_order_row(const View& view, std::span<const HistoryRow> history,
                        const OutboxRow& row) {
  for (const HistoryRow& change : history) {
    if (change.cause == row.id && announced_by(change) == row.type && names(row.key, change.order))
      return std::nullopt;
  }
  if (tells_of_no_order(view, row)) return std::nullopt;
  return broken("S3", {row.type, " ", to_string(row.id.value), " of order ",
                       row.key.value_or("null"), " was put into the outbox without that change"});
}

Checked check_reservation_row(const Delta& delta, const OutboxRow& row) {
  const auto* written = first<ReservationWritten>(delta, [&](const ReservationWritten& w) {
    return announced_by(w) == row.type && names(row.key, w.order);
  });
  if (written != nullptr) return std::nullopt;
  return broken("S3", {row.type, " ", to_string(row.id.value), " of order ",
                       row.key.value_or("null"), " was put into the outbox without that change"});
}

// Whether the delta inserted a row of this service's outbox that `test` holds for.
template <class Test>
bool inserted(const View& view, const Delta& delta, Service service, Test test) {
  const Outbox& outbox = outbox_of(view, service);
  return first<OutboxInserted>(delta, [&](const OutboxInserted& fact) {
           if (fact.service != service) return false;
           const OutboxRow* row = newest_row(outbox, fact.seq);
           return row != nullptr && test(*row);
         }) != nullptr;
}

Checked check_history(const View& view, const Delta& delta, const HistoryRow& change) {
  const std::string_view type = announced_by(change);
  if (type.empty() || inserted(view, delta, Service::kOrders, [&](const OutboxRow& row) {
        return row.id == change.cause && row.type == type;
      })) {
    return std::nullopt;
  }
  return broken("S3", {"order ", to_string(change.order.value), " changed without its ", type,
                       " in the outbox"});
}

Checked check_reservation(const View& view, const Delta& delta, const ReservationWritten& written) {
  const std::string_view type = announced_by(written);
  if (type.empty() || inserted(view, delta, Service::kInventory, [&](const OutboxRow& row) {
        return row.type == type && names(row.key, written.order);
      })) {
    return std::nullopt;
  }
  return broken("S3", {"the reservation of order ", to_string(written.order.value),
                       " changed without its ", type, " in the outbox"});
}

}  // namespace

Checked s03_step(const View& view, const Delta& delta) {
  const auto history = appended<HistoryAppended>(delta, view.orders->history);
  for (const HistoryRow& change : history) {
    if (auto violation = check_history(view, delta, change)) return violation;
  }
  for (const Fact& fact : delta.facts) {
    if (const auto* written = std::get_if<ReservationWritten>(&fact)) {
      if (auto violation = check_reservation(view, delta, *written)) return violation;
    } else if (const auto* announced = std::get_if<OutboxInserted>(&fact)) {
      const OutboxRow* row = newest_row(outbox_of(view, announced->service), announced->seq);
      if (row == nullptr || is_dead_letter(*row)) continue;
      auto violation = announced->service == Service::kOrders ? check_order_row(view, history, *row)
                                                              : check_reservation_row(delta, *row);
      if (violation) return violation;
    }
  }
  return std::nullopt;
}

}  // namespace quickbite::property
