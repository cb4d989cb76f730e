#include <utility>

#include "domain/inventory/rules.h"
#include "domain/machine/outbox.h"
#include "domain/machine/service.h"

namespace quickbite {
namespace {

// The rows of one SKU that one transaction writes are one row: its last.
void put(std::vector<StockRow>& rows, StockRow row) {
  for (StockRow& known : rows) {
    if (known.sku == row.sku) {
      known = std::move(row);
      return;
    }
  }
  rows.push_back(std::move(row));
}

}  // namespace

void InventoryService::add_keys(const Event& event, InventoryLedger::Keys& keys) {
  keys.orders.push_back(order_of(event.what));
  if (const auto* created = std::get_if<OrderCreated>(&event.what)) {
    for (const Line& line : created->lines) keys.skus.push_back(line.sku);
  }
}

// OrderCreated again, with other lines: its id, derived from the order's, is the same.
bool InventoryService::contradicts(const Event& event, const InventoryLedger::Rows& rows) {
  const auto* created = std::get_if<OrderCreated>(&event.what);
  if (created == nullptr) return false;
  const ReservationRow* row = rows.reservations.find(created->order);
  return row != nullptr && row->state != ReservationState::kTombstone && row->lines != summed(created->lines);
}

Ruling InventoryService::apply(const Event& event, InventoryLedger::Rows& rows, InventoryLedger::Writes& writes) {
  const OrderId order = order_of(event.what);
  InventoryDecision decision = decide(rows.reservations.find(order), rows.stock, event, rows.now);
  switch (decision.handled) {
    case InventoryHandled::kConflictingLines:  // `contradicts` has said so before
    case InventoryHandled::kIgnored:
      return {Handled::kIgnored, {}};
    case InventoryHandled::kApplied:
      break;
  }
  if (decision.reservation) {
    rows.reservations[order] = *decision.reservation;
    (decision.inserted ? writes.inserted : writes.updated).push_back(std::move(*decision.reservation));
  }
  for (StockRow& row : decision.stock) {
    *rows.stock.find(row.sku) = row;
    put(writes.stock, std::move(row));
  }
  for (MovementRow& row : decision.movements) writes.movements.push_back(std::move(row));
  if (decision.announce) {
    writes.outbox.push_back(outbox_row(Topic::kInventory, event_of(std::move(*decision.announce)), rows.now));
  }
  return {Handled::kApplied, {}};
}

}  // namespace quickbite
