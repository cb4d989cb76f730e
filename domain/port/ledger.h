// The Ledger port: a service's database, batch-first and transaction-shaped.
//
// A machine owns one connection. `Load` opens a transaction there, locks and reads; `Store` writes and commits. Only the
// answer Loaded leaves a transaction open, and the next effect of that machine is a Store; after every other answer none is
// open. A Load on a connection with an open transaction rolls that back first.
//
// Outcomes, and what the machine does about each:
//   Aborted      nothing applied (40001, 40P01, 23505, 55P03, 25P03, 0A000): decide again on fresh rows, with jittered backoff
//   Refused      nothing applied; the data itself was refused (class 22, 23514, …) or a statement timed out (57014): bisect
//   Unavailable  nothing applied (no connection, 53xxx, 57Pxx, read-only): wait, then load again
//   InDoubt      the connection broke at COMMIT: applied or not; a reload reveals which, if anything left a row
// READ COMMITTED (PostgreSQL manual 13.2.1); `lock_timeout` 500 ms, `idle_in_transaction_session_timeout` 2 s.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/inventory/reservation.h"
#include "domain/order/order.h"
#include "domain/port/lease.h"
#include "domain/port/rows.h"
#include "domain/port/trail.h"

namespace quickbite {

struct Aborted {
  std::string sqlstate;
  auto fields() const { return std::tie(sqlstate); }
};
struct Refused {
  std::string sqlstate;
  auto fields() const { return std::tie(sqlstate); }
};
struct Unavailable {
  auto fields() const { return std::tie(); }
};
struct InDoubt {
  auto fields() const { return std::tie(); }
};
struct Stored {
  auto fields() const { return std::tie(); }
};

// Names the transaction that a Loaded left open; a Store under any other is a bug (mutant 31).
using TxToken = Strong<struct TxTokenTag, std::uint64_t>;

// What Orders keeps. Load: orders FOR UPDATE by sorted id; then, in a statement of its own, which of `events` are handled.
struct OrdersLedger {
  struct Keys {
    std::vector<OrderId> orders;  // sorted, unique
    std::vector<EventId> events;  // sorted, unique
    auto fields() const { return std::tie(orders, events); }
  };
  struct Rows {
    Instant now;  // the database's clock, at the start of the transaction
    FlatMap<OrderId, OrderRow> orders;
    std::vector<EventId> handled;  // sorted: those of Keys::events with a ProcessedRow
    auto fields() const { return std::tie(now, orders, handled); }
  };
  // One transaction's writes. Inserts are plain: a unique violation is Aborted. `seq` of outbox rows is given by the database.
  struct Writes {
    std::vector<OrderRow> inserted;
    std::vector<OrderRow> updated;
    std::vector<HistoryRow> history;
    std::vector<ProcessedRow> processed;
    std::vector<OutboxRow> outbox;
    auto fields() const { return std::tie(inserted, updated, history, processed, outbox); }
    bool empty() const {
      return inserted.empty() && updated.empty() && history.empty() && processed.empty() && outbox.empty();
    }
  };
};

// What Inventory keeps. Load: reservations FOR UPDATE by sorted order id; then stock FOR UPDATE, by sorted SKU, for `skus`
// and the SKUs of the reservations found; then, in a statement of its own, which of `events` are handled.
struct InventoryLedger {
  struct Keys {
    std::vector<OrderId> orders;  // sorted, unique
    std::vector<Sku> skus;        // sorted, unique
    std::vector<EventId> events;  // sorted, unique
    auto fields() const { return std::tie(orders, skus, events); }
  };
  struct Rows {
    Instant now;
    FlatMap<OrderId, ReservationRow> reservations;
    FlatMap<Sku, StockRow> stock;
    std::vector<EventId> handled;
    auto fields() const { return std::tie(now, reservations, stock, handled); }
  };
  struct Writes {
    std::vector<ReservationRow> inserted;
    std::vector<ReservationRow> updated;
    std::vector<StockRow> stock;  // updates only; a SKU comes into being by a seed or a restock
    std::vector<MovementRow> movements;
    std::vector<ProcessedRow> processed;
    std::vector<OutboxRow> outbox;
    auto fields() const { return std::tie(inserted, updated, stock, movements, processed, outbox); }
    bool empty() const {
      return inserted.empty() && updated.empty() && stock.empty() && movements.empty() && processed.empty() &&
             outbox.empty();
    }
  };
};

// How a Load takes its rows. Production and the standard sweep use kForUpdate; kSkipLocked is for `Sweeper`: orders or
// reservations that another transaction holds are left out, as if they were not there (SELECT, "The Locking Clause"); kNone
// is for mutants and `Reader`.
enum class LockMode : std::uint8_t { kForUpdate, kNone, kSkipLocked };

template <class L>
struct Load {
  typename L::Keys keys;
  LockMode lock = LockMode::kForUpdate;
  auto fields() const { return std::tie(keys, lock); }
};
template <class L>
struct Loaded {
  TxToken token;
  typename L::Rows rows;
  auto fields() const { return std::tie(token, rows); }
};
template <class L>
using LoadAnswer = std::variant<Loaded<L>, Aborted, Refused, Unavailable>;

// Each element is a transaction of its own, in order, the first under the token's; normally there is exactly one. An empty
// Writes commits nothing but ends the transaction. What one outcome says of several is what it says of the last that ran:
// those before it are durable.
template <class L>
struct Store {
  TxToken token;
  std::vector<typename L::Writes> transactions;
  auto fields() const { return std::tie(token, transactions); }
};
using StoreAnswer = std::variant<Stored, Aborted, Refused, Unavailable, InDoubt>;

// The relay's part of a ledger. Rows are unsent, unparked, not behind a parked row of their key, of the shards that the epoch
// claims, by seq; reading them takes no lock. With a renewal, that comes first, in the same transaction, and what it leaves the
// owner with is read. Of a renewal Unavailable does not say that nothing was applied: renewing once more does no harm.
struct ReadOutbox {
  std::int64_t limit = 0;
  Epoch epoch = {};  // 0: none yet
  std::optional<Renewal> renewal = {};
  auto fields() const { return std::tie(limit, epoch, renewal); }
};
struct OutboxRead {
  std::vector<OutboxRow> rows;
  std::optional<Lease> lease;  // after a renewal
  auto fields() const { return std::tie(rows, lease); }
};
using ReadOutboxAnswer = std::variant<OutboxRead, Aborted, Refused, Unavailable>;

struct Sent {
  OutboxSeq seq;
  SentAt at;
  auto fields() const { return std::tie(seq, at); }
};
// What a mark asks of the lease. kNone is for mutants.
enum class Fence : std::uint8_t { kEpoch, kNone };

// One transaction: marks rows as sent (at most once: a row marked already keeps its first mark), parks the undeliverable; those
// of `shards` that `epoch` claims, and no others.
struct MarkOutbox {
  Epoch epoch;
  std::vector<Shard> shards;  // of the rows; sorted, unique
  std::vector<Sent> sent;
  std::vector<OutboxSeq> parked;
  Fence fence = Fence::kEpoch;
  auto fields() const { return std::tie(epoch, shards, sent, parked, fence); }
};
struct Marked {
  std::int64_t lost = 0;  // of the shards: those that the epoch does not claim any more
  auto fields() const { return std::tie(lost); }
};
using MarkAnswer = std::variant<Marked, Aborted, Refused, Unavailable, InDoubt>;

// The sweeper's part. PENDING orders whose deadline is not after the database's now, by (deadline, id), those behind `after`
// only; no lock is taken. Of Orders alone.
struct Due {
  Instant deadline;
  OrderId order;
  auto fields() const { return std::tie(deadline, order); }
  friend bool operator==(const Due&, const Due&) = default;
};
struct FindDue {
  Due after;  // Due{}: from the first
  std::int64_t limit = 0;
  auto fields() const { return std::tie(after, limit); }
};
struct DueFound {
  std::vector<Due> due;
  auto fields() const { return std::tie(due); }
};
using FindDueAnswer = std::variant<DueFound, Aborted, Refused, Unavailable>;

// One transaction: deletes what is older than `keep` by the database's clock, the oldest first, at most `limit` rows of each
// kind: outbox rows that were sent before then (never one that is unsent or parked), and dedupe rows of before then, except
// one under whose id the outbox still has a row: a dead letter's. Nothing else is ever deleted. One transaction prunes at a
// time: where another is at it, none is deleted here. Ends as `swept` of the tables, where anything was deleted.
struct Prune {
  Duration keep;
  std::int64_t limit = 0;
  auto fields() const { return std::tie(keep, limit); }
};
struct Pruned {
  std::int64_t processed = 0;
  std::int64_t outbox = 0;
  auto fields() const { return std::tie(processed, outbox); }
};
using PruneAnswer = std::variant<Pruned, Aborted, Refused, Unavailable, InDoubt>;

// Where an order stands in its user's list, which is sorted by (created_at, id), newest first.
struct ListPlace {
  Instant created_at;
  OrderId id;
  auto fields() const { return std::tie(created_at, id); }
  friend bool operator==(const ListPlace&, const ListPlace&) = default;
};
// One page of a list: at most `limit` orders, the newest, or those right after a place (keyset: it need not be taken).
struct ListPage {
  UserId user;
  std::optional<ListPlace> after;
  std::int64_t limit = 0;  // from 1
  auto fields() const { return std::tie(user, after, limit); }
};

// The reader's part, without a lock: orders and pages in one snapshot, then trails in a later one.
struct ReadOrders {
  std::vector<OrderId> orders;  // sorted, unique
  std::vector<ListPage> pages;
  std::vector<OrderId> trails;  // sorted, unique
  auto fields() const { return std::tie(orders, pages, trails); }
};
struct OrdersRead {
  FlatMap<OrderId, OrderRow> orders;         // those that exist
  std::vector<std::vector<OrderRow>> pages;  // one for each that was asked for, in that order
  FlatMap<OrderId, OrderTrail> trails;       // one for each that was asked for; empty where there is nothing
  auto fields() const { return std::tie(orders, pages, trails); }
};
using ReadOrdersAnswer = std::variant<OrdersRead, Aborted, Refused, Unavailable>;

}  // namespace quickbite
