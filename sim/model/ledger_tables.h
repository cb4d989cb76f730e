// What the two schemas differ in: which rows a Load locks and reads, which keys a Store needs, and what a commit changes.
#pragma once

#include <cstdint>
#include <vector>

#include "domain/base/hash.h"
#include "domain/port/ledger.h"
#include "domain/port/resend.h"
#include "domain/port/tables.h"
#include "domain/property/delta.h"

namespace quickbite::sim {

enum class TableName : std::uint8_t { kMain, kStock, kProcessed, kOutbox };  // kMain: orders or reservations

inline std::uint64_t key_hash(const Uuid& uuid) { return scramble(uuid.high ^ scramble(uuid.low)); }

// An index of the outbox, so that nobody looks at all of it.
struct Backlog {
  std::vector<OutboxSeq> unsent;  // neither sent nor parked, ascending
  std::vector<OutboxSeq> parked;
};

// True where a row waits that the relay will send: neither sent nor parked, nor behind a parked row of its key.
bool sendable(const OrdersTables& tables, const Backlog& backlog);
bool sendable(const InventoryTables& tables, const Backlog& backlog);

// How many statements of a Load lock rows; the one that reads `handled` comes after them.
template <class L>
inline constexpr std::uint32_t kLockStages = 1;
template <>
inline constexpr std::uint32_t kLockStages<InventoryLedger> = 2;

// The SKUs that a Load locks: the keys' and those of the reservations found, sorted and unique.
std::vector<Sku> skus_of(const InventoryLedger::Keys& keys, const InventoryLedger::Rows& rows);

// One statement of a Load, `SELECT … FOR UPDATE`. Which rows there are is what was committed when it began; what stands in
// those is read afresh once they are locked (PostgreSQL manual, 13.2.1).
void read_stage(std::uint32_t stage, const OrdersLedger::Keys& keys, const OrdersTables& tables, OrdersLedger::Rows& rows);
void read_stage(std::uint32_t stage, const InventoryLedger::Keys& keys, const InventoryTables& tables,
                InventoryLedger::Rows& rows);
void read_again(std::uint32_t stage, const OrdersTables& tables, OrdersLedger::Rows& rows);
void read_again(std::uint32_t stage, const InventoryTables& tables, InventoryLedger::Rows& rows);

// Adds the locks that it takes, in their order: of the rows that it found.
template <class LockKey>
void add_lock_keys(std::uint32_t, const OrdersLedger::Rows& rows, std::vector<LockKey>& locks) {
  for (const auto& [id, row] : rows.orders) {
    locks.push_back({static_cast<std::uint8_t>(TableName::kMain), key_hash(id.value)});
  }
}
template <class LockKey>
void add_lock_keys(std::uint32_t stage, const InventoryLedger::Rows& rows, std::vector<LockKey>& locks) {
  if (stage == 0) {
    for (const auto& [id, row] : rows.reservations) {
      locks.push_back({static_cast<std::uint8_t>(TableName::kMain), key_hash(id.value)});
    }
  } else {
    for (const auto& [sku, row] : rows.stock) {
      locks.push_back({static_cast<std::uint8_t>(TableName::kStock), hash_of(sku.value)});
    }
  }
}

// True for a row whose id nothing but the outbox knows: a redrive's. Every other is inserted with a row of the same cause.
bool alone(const OutboxRow& row);

// Adds the keys that a Store's rows hold until its end: inserted ones make another inserter of the same key wait.
template <class LockKey, class Writes>
void add_write_keys(const Writes& writes, std::vector<LockKey>& keys) {
  const auto main = [&](const Uuid& id) {
    keys.push_back({static_cast<std::uint8_t>(TableName::kMain), key_hash(id)});
  };
  const auto main_rows = [&](const auto& rows) {
    for (const auto& row : rows) {
      if constexpr (requires { row.id; }) {
        main(row.id.value);
      } else {
        main(row.order.value);
      }
    }
  };
  main_rows(writes.inserted);
  main_rows(writes.updated);
  if constexpr (requires { writes.stock; }) {
    for (const StockRow& row : writes.stock) {
      keys.push_back({static_cast<std::uint8_t>(TableName::kStock), hash_of(row.sku.value)});
    }
  }
  for (const ProcessedRow& row : writes.processed) {
    keys.push_back({static_cast<std::uint8_t>(TableName::kProcessed), key_hash(row.id.value)});
  }
  for (const OutboxRow& row : writes.outbox) {
    if (!alone(row)) continue;
    keys.push_back({static_cast<std::uint8_t>(TableName::kOutbox), key_hash(row.id.value)});
  }
}

// An order that the writes are about, or nil.
OrderId first_order(const OrdersLedger::Writes& writes);
OrderId first_order(const InventoryLedger::Writes& writes);

// True where a committed row has a key that `writes` inserts.
bool violates_unique(const OrdersTables& tables, const OrdersLedger::Writes& writes);
bool violates_unique(const InventoryTables& tables, const InventoryLedger::Writes& writes);

// The SQLSTATE with which the data itself is refused (23514: stock below zero; 22001: a row of one of `refused`), or null.
const char* refusal(const OrdersLedger::Writes& writes, const std::vector<OrderId>& refused);
const char* refusal(const InventoryLedger::Writes& writes, const std::vector<OrderId>& refused);

// Renews first where that is asked.
OutboxRead read_outbox(OrdersTables& tables, const Backlog& backlog, const ReadOutbox& read, Instant now);
OutboxRead read_outbox(InventoryTables& tables, const Backlog& backlog, const ReadOutbox& read, Instant now);

OrdersRead read_orders(const OrdersTables& tables, const ReadOrders& read);
OrdersRead read_orders(const InventoryTables& tables, const ReadOrders& read);  // Inventory has none

DueFound find_due(const OrdersTables& tables, const FindDue& find, Instant now);
DueFound find_due(const InventoryTables& tables, const FindDue& find, Instant now);  // Inventory has none

Pruned prune_rows(OrdersTables& tables, const Prune& prune, Instant now);
Pruned prune_rows(InventoryTables& tables, const Prune& prune, Instant now);

// Makes a transaction's rows visible, and says what changed. Consumes the writes.
class TableWriter {
 public:
  template <class Tables>
  TableWriter(Tables& tables, property::Delta& delta) : delta_(delta) {
    set(tables);
  }

  void commit(OrdersLedger::Writes& writes, Backlog& backlog);
  void commit(InventoryLedger::Writes& writes, Backlog& backlog);
  Marked mark(const MarkOutbox& mark, Instant now, Backlog& backlog);
  Resent resend(const Resend& resend, Instant now, Backlog& backlog);

 private:
  void set(OrdersTables& tables) { orders_ = &tables; }
  void set(InventoryTables& tables) { inventory_ = &tables; }
  template <class Tables, class Writes>
  void commit_common(Tables& tables, Writes& writes, property::Service service, Backlog& backlog);
  template <class Tables>
  Marked mark_in(Tables& tables, const MarkOutbox& mark, property::Service service, Instant now, Backlog& backlog);

  property::Delta& delta_;
  OrdersTables* orders_ = nullptr;
  InventoryTables* inventory_ = nullptr;
};

}  // namespace quickbite::sim
