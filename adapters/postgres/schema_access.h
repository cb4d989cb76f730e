// What a session does of its own schema: locking and reading rows, and writing a transaction's rows.
#pragma once

#include "adapters/postgres/connection.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/writing.h"
#include "domain/port/ledger.h"

namespace quickbite::postgres {

// The orders of `keys`, locked by sorted id. Fills all but `now` and `handled`.
void read_rows(Connection& connection, const OrdersLedger::Keys& keys, LockMode lock, OrdersLedger::Rows& rows);

// The reservations of `keys`, locked by sorted order id; then the stock of its SKUs and theirs, locked by sorted SKU.
void read_rows(Connection& connection, const InventoryLedger::Keys& keys, LockMode lock, InventoryLedger::Rows& rows);

void add_rows(WriteStatement& write, const OrdersLedger::Writes& writes);
void add_rows(WriteStatement& write, const InventoryLedger::Writes& writes);

// Reads orders by id ($1) and pages of lists (users $2, right after times $3 and ids $4, each at most $5).
const Statement& orders_and_pages();

// Orders and pages in one statement, and so in one snapshot; then the trails in another.
OrdersRead read_orders(Connection& connection, const ReadOrders& read);

DueFound find_due(Connection& connection, const FindDue& find);

// cause, sku, kind, quantity, at; whose order it was, the row does not say.
MovementRow read_movement(RowReader& read);

}  // namespace quickbite::postgres
