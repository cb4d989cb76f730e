#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/schema_access.h"

namespace quickbite::postgres {
namespace {

constexpr int kStates = 4;
constexpr int kMovementKinds = 4;

// Sorted before they are locked, as in orders_access.cc.
const Statement& reservations_statement(LockMode lock) {
  static const std::string select =
      absl::StrCat("SELECT order_id, skus, quantities, state, ", microseconds_of("updated_at"),
                   " FROM reservations WHERE order_id = ANY ($1::uuid[]) ORDER BY order_id");
  static const Statement locking{"reservations_lock", select + " FOR UPDATE"};
  static const Statement skipping{"reservations_lock_free", select + " FOR UPDATE SKIP LOCKED"};
  static const Statement reading{"reservations_read", select};
  switch (lock) {
    case LockMode::kForUpdate:
      return locking;
    case LockMode::kSkipLocked:
      return skipping;
    case LockMode::kNone:
      return reading;
  }
  __builtin_unreachable();
}

const Statement& stock_statement(LockMode lock) {
  static const std::string select = "SELECT sku, available, reserved FROM stock WHERE sku = ANY ($1::text[]) ORDER BY sku";
  static const Statement locking{"stock_lock", select + " FOR UPDATE"};
  static const Statement reading{"stock_read", select};
  return lock == LockMode::kNone ? reading : locking;
}

constexpr std::string_view kInsertReservations =
    "INSERT INTO reservations (order_id, skus, quantities, state, updated_at)"
    " SELECT n.order_id, (%::text[])[n.first:n.last], (%::bigint[])[n.first:n.last], n.state, n.updated_at"
    " FROM unnest(%::uuid[], %::int[], %::int[], %::text[], %::timestamptz[])"
    " AS n (order_id, first, last, state, updated_at) WHERE @";

// A reservation's lines never change, and the service has no right to change them.
constexpr std::string_view kUpdateReservations =
    "UPDATE reservations r SET state = n.state, updated_at = n.updated_at"
    " FROM unnest(%::uuid[], %::text[], %::timestamptz[]) AS n (order_id, state, updated_at)"
    " WHERE r.order_id = n.order_id AND @";

constexpr std::string_view kUpdateStock =
    "UPDATE stock s SET available = n.available, reserved = n.reserved"
    " FROM unnest(%::text[], %::bigint[], %::bigint[]) AS n (sku, available, reserved)"
    " WHERE s.sku = n.sku AND @";

constexpr std::string_view kInsertMovements =
    "INSERT INTO stock_movements (cause, sku, kind, quantity, order_id, at)"
    " SELECT * FROM unnest(%::uuid[], %::text[], %::text[], %::bigint[], %::uuid[], %::timestamptz[])"
    " WHERE @";

void add_inserted(WriteStatement& write, const std::vector<const ReservationRow*>& rows) {
  if (rows.empty()) return;
  const auto lines_of = [](const ReservationRow& row) -> const Lines& { return row.lines; };
  const Slices slice = slices(rows, lines_of);
  write.add("ri", kInsertReservations,
            {array_of_all(rows, lines_of, [](const Line& line) { return std::string_view(line.sku.value); }),
             array_of_all(rows, lines_of, [](const Line& line) { return line.quantity.value; }),
             array_of(rows, [](const ReservationRow* row) { return row->order.value; }), array_of_int32(slice.first),
             array_of_int32(slice.last), array_of(rows, [](const ReservationRow* row) { return to_string(row->state); }),
             array_of(rows, [](const ReservationRow* row) { return row->updated_at; })});
}

void add_updated(WriteStatement& write, const std::vector<const ReservationRow*>& rows) {
  if (rows.empty()) return;
  write.add("ru", kUpdateReservations,
            {array_of(rows, [](const ReservationRow* row) { return row->order.value; }),
             array_of(rows, [](const ReservationRow* row) { return to_string(row->state); }),
             array_of(rows, [](const ReservationRow* row) { return row->updated_at; })});
}

void add_stock(WriteStatement& write, const std::vector<StockRow>& given) {
  if (given.empty()) return;
  const auto rows = folded({}, given, [](const StockRow& row) -> const Sku& { return row.sku; }).updated;
  write.add("su", kUpdateStock,
            {array_of(rows, [](const StockRow* row) { return std::string_view(row->sku.value); }),
             array_of(rows, [](const StockRow* row) { return row->available.value; }),
             array_of(rows, [](const StockRow* row) { return row->reserved.value; })});
}

void add_movements(WriteStatement& write, const std::vector<MovementRow>& given) {
  if (given.empty()) return;
  const auto rows = sorted(given, [](const MovementRow& row) { return std::tie(row.cause, row.sku); });
  write.add("sm", kInsertMovements,
            {array_of(rows, [](const MovementRow* row) { return row->cause.value; }),
             array_of(rows, [](const MovementRow* row) { return std::string_view(row->sku.value); }),
             array_of(rows, [](const MovementRow* row) { return to_string(row->kind); }),
             array_of(rows, [](const MovementRow* row) { return row->quantity.value; }),
             array_of(rows,
                      [](const MovementRow* row) {
                        return row->order ? std::optional(row->order->value) : std::nullopt;
                      }),
             array_of(rows, [](const MovementRow* row) { return row->at; })});
}

std::vector<Sku> skus_of(const InventoryLedger::Keys& keys, const InventoryLedger::Rows& rows) {
  std::vector<Sku> skus = keys.skus;
  for (const auto& [order, row] : rows.reservations) {
    for (const Line& line : row.lines) skus.push_back(line.sku);
  }
  std::sort(skus.begin(), skus.end());
  skus.erase(std::unique(skus.begin(), skus.end()), skus.end());
  return skus;
}

}  // namespace

MovementRow read_movement(RowReader& read) {
  MovementRow row;
  row.cause = EventId(read.uuid());
  row.sku = Sku(std::string(read.text()));
  row.kind = read.one_of<MovementKind>(kMovementKinds);
  row.quantity = Quantity(read.integer());
  row.at = read.instant();
  return row;
}

void read_rows(Connection& connection, const InventoryLedger::Keys& keys, LockMode lock, InventoryLedger::Rows& rows) {
  if (!keys.orders.empty()) {
    const auto ids = array_of(keys.orders, [](const OrderId& id) { return id.value; });
    for (const pqxx::row& result : connection.run(reservations_statement(lock), {ids})) {
      RowReader read(result);
      ReservationRow row;
      row.order = OrderId(read.uuid());
      row.lines = read.lines();
      row.state = read.one_of<ReservationState>(kStates);
      row.updated_at = read.instant();
      const OrderId order = row.order;
      rows.reservations.insert(order, std::move(row));
    }
  }
  const std::vector<Sku> skus = skus_of(keys, rows);
  if (skus.empty()) return;
  const auto names = array_of(skus, [](const Sku& sku) { return std::string_view(sku.value); });
  for (const pqxx::row& result : connection.run(stock_statement(lock), {names})) {
    RowReader read(result);
    StockRow row;
    row.sku = Sku(std::string(read.text()));
    row.available = Quantity(read.integer());
    row.reserved = Quantity(read.integer());
    const Sku sku = row.sku;
    rows.stock.insert(sku, std::move(row));
  }
}

void add_rows(WriteStatement& write, const InventoryLedger::Writes& writes) {
  const auto rows = folded(writes.inserted, writes.updated, [](const ReservationRow& row) { return row.order; });
  add_inserted(write, rows.inserted);
  add_updated(write, rows.updated);
  add_stock(write, writes.stock);
  add_movements(write, writes.movements);
}

}  // namespace quickbite::postgres
