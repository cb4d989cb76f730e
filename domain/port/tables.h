// What a service's database holds, whole: the simulated ledger keeps it, properties and audit read it.
#pragma once

#include <tuple>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/table.h"
#include "domain/inventory/reservation.h"
#include "domain/order/order.h"
#include "domain/port/lease.h"
#include "domain/port/rows.h"

namespace quickbite {

struct OrdersTables {
  Table<OrderId, OrderRow> orders;
  std::vector<HistoryRow> history;  // in commit order
  Table<EventId, ProcessedRow> processed;
  Table<OutboxSeq, OutboxRow> outbox;
  Instant swept;  // dedupe rows and sent rows of before then may have been deleted; nothing: none was
  LeaseTables relays;

  auto fields() const { return std::tie(orders, history, processed, outbox, swept, relays); }
};

struct InventoryTables {
  Table<OrderId, ReservationRow> reservations;
  FlatMap<Sku, StockRow> stock;
  std::vector<MovementRow> movements;  // in commit order
  Table<EventId, ProcessedRow> processed;
  Table<OutboxSeq, OutboxRow> outbox;
  Instant swept;  // as of OrdersTables
  LeaseTables relays;

  auto fields() const { return std::tie(reservations, stock, movements, processed, outbox, swept, relays); }
};

}  // namespace quickbite
