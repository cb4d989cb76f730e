// What Delivery and Sweeper have to know of the service they work for: which rows a record needs, what a record does to
// them, and what time alone does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/base/time.h"
#include "domain/machine/consumed.h"
#include "domain/message/record.h"
#include "domain/port/broker.h"
#include "domain/port/ledger.h"

namespace quickbite {

// Orders consumes inventory.v1.
struct OrdersService {
  using Ledger = OrdersLedger;
  static constexpr Topic kConsumes = Topic::kInventory;

  static void add_keys(const Event& event, OrdersLedger::Keys& keys);

  // Decides one event whose id is not handled yet: adds to `writes`, and folds what it changed into `rows`.
  static Ruling apply(const Event& event, OrdersLedger::Rows& rows, OrdersLedger::Writes& writes);

  // PENDING orders do not last.
  static constexpr bool kExpires = true;
  // Decides each of the orders by the time of `rows`: adds to `writes` what expires.
  static void expire(const OrdersLedger::Rows& rows, OrdersLedger::Writes& writes);

  // True where the event, under an id that may be handled already, says something else than what was handled.
  static bool contradicts(const Event&, const OrdersLedger::Rows&) { return false; }
};

// Inventory consumes orders.v1.
struct InventoryService {
  using Ledger = InventoryLedger;
  static constexpr Topic kConsumes = Topic::kOrders;

  static void add_keys(const Event& event, InventoryLedger::Keys& keys);
  static Ruling apply(const Event& event, InventoryLedger::Rows& rows, InventoryLedger::Writes& writes);

  // A reservation holds until Orders says otherwise.
  static constexpr bool kExpires = false;

  static bool contradicts(const Event& event, const InventoryLedger::Rows& rows);
};

}  // namespace quickbite
