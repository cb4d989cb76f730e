#include "adapters/postgres/stock_session.h"

#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/binary.h"
#include "adapters/postgres/connection.h"
#include "adapters/postgres/guarded.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/schema_access.h"
#include "domain/base/check.h"

namespace quickbite::postgres {
namespace {

std::string microseconds_of_now() { return microseconds_of("statement_timestamp()"); }

// A row of its own for the time, so that it is told where there is nothing else; it comes first, since NULL does.
const Statement& menu_statement() {
  static const Statement statement{
      "menu", absl::StrCat("SELECT NULL::text COLLATE \"C\" AS sku, NULL::bigint, ", microseconds_of_now(),
                           " UNION ALL (SELECT sku, available, 0 FROM stock ORDER BY sku LIMIT $1::bigint)"
                           " ORDER BY sku NULLS FIRST")};
  return statement;
}

const Statement& time_statement() {
  static const Statement statement{"now", absl::StrCat("SELECT ", microseconds_of_now())};
  return statement;
}

// An id is one act, of one SKU: two that use it at once for different SKUs would lock different rows, and both find it unused.
const Statement& id_lock_statement() {
  static const Statement statement{"id_lock", "SELECT pg_advisory_xact_lock(hashtextextended(($1::uuid[])[1]::text, 0))"};
  return statement;
}

const Statement& caused_statement() {
  static const Statement statement{
      "caused", absl::StrCat("SELECT cause, sku, kind, quantity, ", microseconds_of("at"),
                             " FROM stock_movements WHERE cause = ANY ($1::uuid[]) ORDER BY sku")};
  return statement;
}

constexpr std::string_view kInsertStock =
    "INSERT INTO stock (sku, available, reserved) SELECT * FROM unnest(%::text[], %::bigint[], %::bigint[]) WHERE @";

std::string one(const EventId& id) {
  return array_of(std::vector<EventId>{id}, [](const EventId& each) { return each.value; });
}

Instant now_of(Connection& connection) {
  const pqxx::result result = connection.run(time_statement(), {});
  const pqxx::row row = result.at(0);
  return RowReader(row).instant();
}

MenuTold read_menu(Connection& connection, std::int64_t limit) {
  MenuTold menu;
  for (const pqxx::row& result : connection.run(menu_statement(), {bigint(limit)})) {
    RowReader read(result);
    if (read.next_is_null()) {
      read.skip();
      read.skip();
      menu.as_of = read.instant();
      continue;
    }
    MenuItem item;
    item.sku = Sku(std::string(read.text()));
    item.available = Quantity(read.integer());
    menu.items.push_back(std::move(item));
  }
  return menu;
}

std::vector<MovementRow> read_caused(Connection& connection, const EventId& id) {
  std::vector<MovementRow> rows;
  for (const pqxx::row& result : connection.run(caused_statement(), {one(id)})) {
    RowReader read(result);
    rows.push_back(read_movement(read));
  }
  return rows;
}

// The rows of Inventory for these keys, by the session's own statements.
InventoryLedger::Rows rows_of(Connection& connection, InventoryLedger::Keys keys, LockMode lock) {
  InventoryLedger::Rows rows;
  read_rows(connection, keys, lock, rows);
  return rows;
}

}  // namespace

StockSession::StockSession(SessionOptions options) : connection_(std::make_unique<Connection>(std::move(options))) {}

StockSession::~StockSession() = default;

StockAnswer<MenuTold> StockSession::menu(std::int64_t limit) {
  rollback();
  return guarded<StockAnswer<MenuTold>>(
      *connection_, [&]() -> StockAnswer<MenuTold> { return read_menu(*connection_, limit); });
}

StockAnswer<StockTold> StockSession::stock(const std::vector<Sku>& skus) {
  rollback();
  return guarded<StockAnswer<StockTold>>(*connection_, [&]() -> StockAnswer<StockTold> {
    StockTold told;
    told.as_of = now_of(*connection_);  // before it is read: what is told is at least as new
    for (auto& [sku, row] : rows_of(*connection_, {{}, skus, {}}, LockMode::kNone).stock) told.rows.push_back(row);
    return told;
  });
}

StockAnswer<ReservationTold> StockSession::reservation(const OrderId& order) {
  rollback();
  return guarded<StockAnswer<ReservationTold>>(*connection_, [&]() -> StockAnswer<ReservationTold> {
    const InventoryLedger::Rows rows = rows_of(*connection_, {{order}, {}, {}}, LockMode::kNone);
    const ReservationRow* row = rows.reservations.find(order);
    return ReservationTold{row != nullptr ? std::optional(*row) : std::nullopt};
  });
}

StockAnswer<RestockLoaded> StockSession::load(const Restock& restock) {
  rollback();
  return guarded<StockAnswer<RestockLoaded>>(*connection_, [&]() -> StockAnswer<RestockLoaded> {
    connection_->begin();
    connection_->run(id_lock_statement(), {one(restock.id)});
    RestockLoaded loaded;
    const InventoryLedger::Rows rows = rows_of(*connection_, {{}, {restock.sku}, {}}, LockMode::kForUpdate);
    if (const StockRow* row = rows.stock.find(restock.sku)) loaded.stock = *row;
    loaded.caused = read_caused(*connection_, restock.id);
    loaded.now = now_of(*connection_);
    return loaded;
  });
}

StoreAnswer StockSession::store(const StockAdded& added) {
  CHECK(connection_->in_transaction());
  StoreAnswer written = guarded<StoreAnswer>(*connection_, [&]() -> StoreAnswer {
    WriteStatement statement;
    InventoryLedger::Writes writes;
    writes.movements = {added.movement};
    if (added.sku_is_new) {
      const std::vector<StockRow> rows = {added.stock};
      statement.add("si", kInsertStock,
                    {array_of(rows, [](const StockRow& row) { return std::string_view(row.sku.value); }),
                     array_of(rows, [](const StockRow& row) { return row.available.value; }),
                     array_of(rows, [](const StockRow& row) { return row.reserved.value; })});
    } else {
      writes.stock = {added.stock};
    }
    add_rows(statement, writes);
    statement.run(*connection_);
    return Stored{};
  });
  if (!std::holds_alternative<Stored>(written)) return written;
  return guarded_commit<StoreAnswer>(*connection_, [&]() -> StoreAnswer {
    connection_->commit();
    return Stored{};
  });
}

void StockSession::rollback() { connection_->rollback(); }

Health StockSession::health() const { return connection_->health(); }

}  // namespace quickbite::postgres
