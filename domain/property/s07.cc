// S7: at most one effect per event id, ever; and every effect of a consumed event is in the
// transaction of its dedupe row.
//
// A dedupe row is inserted once. So it is enough, step by step, that effects and dedupe rows marked
// APPLIED come together, one for one. What a customer asks has no dedupe row: S2 lets it happen
// once. The full form counts them all. Of what happened before its dedupe row may have been swept it asks only that no later
// row says that the event came again.
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "domain/message/event.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

constexpr std::string_view kCancelled = "OrderCancelled";

// A transition that an event of Inventory caused, not a customer or a deadline.
bool consumed(const HistoryRow& row) {
  if (row.after == OrderStatus::kConfirmed) return true;
  return row.reason == CancelReason::kOutOfStock || row.reason == CancelReason::kUnknownSku;
}

bool consumed(const MovementRow& row) {
  return row.kind == MovementKind::kReserve || row.kind == MovementKind::kRelease;
}

bool applied_now(const Delta& delta, Service service, const EventId& id) {
  return first<ProcessedInserted>(delta, [&](const ProcessedInserted& p) {
           return p.id == id && p.service == service && p.handled == Handled::kApplied;
         }) != nullptr;
}

// `at`: when the effect came about, which is when its dedupe row did.
bool applied_ever(const View& view, Service service, const EventId& id, Instant at) {
  const ProcessedRow* row = processed_of(view, service).find(id);
  if (row == nullptr) return at < swept_before(view, service);
  return row->handled == Handled::kApplied;
}

// How many events brought a reservation from one state to the other; RELEASED from nothing was
// RESERVED in between.
int events_of(std::optional<ReservationState> before, ReservationState after) {
  return !before && after == ReservationState::kReleased ? 2 : 1;
}

// An InventoryReserved of an order that does not exist has as its effect this announcement.
bool answers_reserved(const OutboxRow& row, const EventId& reserved) {
  if (row.type != kCancelled || !row.key) return false;
  const auto order = parse_uuid(*row.key);
  return order && event_id(InventoryReserved{OrderId(*order)}) == reserved;
}

Checked without_dedupe(std::string_view what, const EventId& cause) {
  return broken("S7", {what, " is an effect of event ", to_string(cause.value),
                       ", whose dedupe row is not there with it"});
}
Checked without_effect(Service service, const EventId& id) {
  return broken("S7", {"event ", to_string(id.value), " is marked as applied in ",
                       to_string(service), ", but its effect is not there with the mark"});
}
Checked twice(std::string_view what, const EventId& cause) {
  return broken("S7", {what, " is a second effect of event ", to_string(cause.value)});
}

std::string name(const HistoryRow& row) {
  return "version " + std::to_string(row.version.value) + " of order " + to_string(row.order.value);
}
std::string name(const MovementRow& row) {
  return "the " + std::string(to_string(row.kind)) + " of " + std::to_string(row.quantity.value) +
         " " + row.sku.value;
}

Checked step_orders(const View& view, const Delta& delta) {
  const auto history = appended<HistoryAppended>(delta, view.orders->history);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const HistoryRow& row = history[i];
    for (std::size_t j = 0; j < i; ++j) {
      if (history[j].cause == row.cause) return twice(name(row), row.cause);
    }
    if (consumed(row) && !applied_now(delta, Service::kOrders, row.cause))
      return without_dedupe(name(row), row.cause);
  }
  for (const Fact& fact : delta.facts) {
    const auto* mark = std::get_if<ProcessedInserted>(&fact);
    if (mark == nullptr || mark->service != Service::kOrders || mark->handled != Handled::kApplied)
      continue;
    const auto is_effect = [&](const HistoryRow& row) { return row.cause == mark->id; };
    if (std::any_of(history.begin(), history.end(), is_effect)) continue;
    const auto* answer = first<OutboxInserted>(delta, [&](const OutboxInserted& fact) {
      const OutboxRow* row = newest_row(outbox_of(view, fact.service), fact.seq);
      return fact.service == Service::kOrders && row != nullptr && answers_reserved(*row, mark->id);
    });
    if (answer == nullptr) return without_effect(Service::kOrders, mark->id);
  }
  return std::nullopt;
}

Checked step_inventory(const View& view, const Delta& delta) {
  const auto movements = appended<MovementAppended>(delta, view.inventory->movements);
  for (std::size_t i = 0; i < movements.size(); ++i) {
    const MovementRow& row = movements[i];
    if (consumed(row) && !applied_now(delta, Service::kInventory, row.cause)) {
      return without_dedupe(name(row), row.cause);
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (movements[j].cause == row.cause && movements[j].sku == row.sku)
        return twice(name(row), row.cause);
    }
  }
  const ReservationWritten* written = nullptr;
  const ProcessedInserted* mark = nullptr;
  int surplus = 0;
  for (const Fact& fact : delta.facts) {
    if (const auto* w = std::get_if<ReservationWritten>(&fact)) {
      written = w;
      surplus += events_of(w->before, w->after);
    } else if (const auto* p = std::get_if<ProcessedInserted>(&fact)) {
      if (p->service != Service::kInventory || p->handled != Handled::kApplied) continue;
      mark = p;
      --surplus;
    }
  }
  if (surplus == 0) return std::nullopt;
  if (surplus < 0) return without_effect(Service::kInventory, mark->id);
  return broken("S7", {"a change of the reservation of order ", to_string(written->order.value),
                       " is an effect of an event whose dedupe row is not there with it"});
}

Checked full_orders(const View& view) {
  const OrdersTables& tables = *view.orders;
  std::vector<EventId> causes;
  causes.reserve(tables.history.size());
  for (const HistoryRow& row : tables.history) {
    causes.push_back(row.cause);
    if (consumed(row) && !applied_ever(view, Service::kOrders, row.cause, row.at))
      return without_dedupe(name(row), row.cause);
  }
  std::sort(causes.begin(), causes.end());
  const auto same = std::adjacent_find(causes.begin(), causes.end());
  if (same != causes.end()) return twice("a transition", *same);
  for (const auto& [id, row] : tables.processed) {
    if (row.handled != Handled::kApplied || std::binary_search(causes.begin(), causes.end(), id))
      continue;
    const auto answers = [event = id](const auto& entry) { return answers_reserved(entry.second, event); };
    if (std::any_of(tables.outbox.begin(), tables.outbox.end(), answers)) continue;
    if (row.at < tables.swept) continue;  // the answer's row may have been swept before this one
    return without_effect(Service::kOrders, id);
  }
  return std::nullopt;
}

// How many of the events that brought the reservation to where it is must still have their dedupe rows. Of RELEASED the first
// was at its RESERVE.
int effects_kept(const InventoryTables& tables, const ReservationRow& row) {
  const int later = row.updated_at >= tables.swept;
  if (events_of(std::nullopt, row.state) == 1) return later;
  const auto reserved = std::find_if(tables.movements.begin(), tables.movements.end(), [&](const MovementRow& movement) {
    return movement.kind == MovementKind::kReserve && movement.order == row.order;
  });
  return later + (reserved == tables.movements.end() || reserved->at >= tables.swept);
}

Checked full_inventory(const View& view) {
  const InventoryTables& tables = *view.inventory;
  std::vector<const MovementRow*> movements;
  movements.reserve(tables.movements.size());
  for (const MovementRow& row : tables.movements) {
    movements.push_back(&row);
    if (consumed(row) && !applied_ever(view, Service::kInventory, row.cause, row.at))
      return without_dedupe(name(row), row.cause);
  }
  const auto key = [](const MovementRow* row) { return std::tie(row->cause, row->sku); };
  std::sort(movements.begin(), movements.end(),
            [&](const MovementRow* a, const MovementRow* b) { return key(a) < key(b); });
  const auto same = std::adjacent_find(
      movements.begin(), movements.end(),
      [&](const MovementRow* a, const MovementRow* b) { return key(a) == key(b); });
  if (same != movements.end()) return twice(name(**same), (*same)->cause);

  int effects = 0;
  for (const auto& [order, row] : tables.reservations) effects += effects_kept(tables, row);
  int applied = 0;
  for (const auto& [id, row] : tables.processed) {
    applied += row.handled == Handled::kApplied && row.at >= tables.swept;
  }
  if (effects == applied) return std::nullopt;
  return broken(
      "S7",
      {std::to_string(applied),
       " events are marked as applied in Inventory, but the reservations show the effects of ",
       std::to_string(effects)});
}

}  // namespace

Checked s07_step(const View& view, const Delta& delta) {
  if (auto violation = step_orders(view, delta)) return violation;
  return step_inventory(view, delta);
}

Checked s07_full(const View& view) {
  if (auto violation = full_orders(view)) return violation;
  return full_inventory(view);
}

}  // namespace quickbite::property
