// What is asked of Inventory from outside: the menu, stock, reservations; and restocking. Each on a connection of its own,
// which the machines' transactions do not wait for; the reads take no lock.
//
// Blocking; used by one thread, `health` by any. No exception leaves it. Answers are those of the Ledger port
// (ledger_session.h lists which error is which).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "adapters/postgres/session_options.h"
#include "domain/inventory/restock.h"
#include "domain/port/ledger.h"
#include "domain/port/menu.h"

namespace quickbite::postgres {

class Connection;

struct StockTold {
  std::vector<StockRow> rows;  // sorted by SKU; a SKU that there is not is left out
  Instant as_of;
};
struct ReservationTold {
  std::optional<ReservationRow> row;
};
template <class Told>
using StockAnswer = std::variant<Told, Aborted, Refused, Unavailable>;

// What `decide` of a Restock needs. Only this answer leaves a transaction open.
struct RestockLoaded {
  std::vector<MovementRow> caused;
  std::optional<StockRow> stock;
  Instant now;
};

class StockSession {
 public:
  explicit StockSession(SessionOptions options);
  ~StockSession();
  StockSession(const StockSession&) = delete;
  StockSession& operator=(const StockSession&) = delete;

  // Every SKU, sorted, at most `limit`.
  StockAnswer<MenuTold> menu(std::int64_t limit);
  StockAnswer<StockTold> stock(const std::vector<Sku>& skus);
  StockAnswer<ReservationTold> reservation(const OrderId& order);

  // Opens a transaction, locks the id and the SKU's row, and only then reads what the id has caused, so that of two restocks
  // of one SKU, or under one id, the second sees the first.
  StockAnswer<RestockLoaded> load(const Restock& restock);
  // Writes under the transaction of the RestockLoaded before it, and commits.
  StoreAnswer store(const StockAdded& added);
  // Ends the transaction that a RestockLoaded left open, if there is one.
  void rollback();

  Health health() const;

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace quickbite::postgres
