// View: everything a property may look at, as it stands at one moment. Made by the simulator, the explorer, the live replay
// and the audit alike; it owns nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/ids.h"
#include "domain/message/record.h"
#include "domain/port/tables.h"

namespace quickbite::property {

// One partition's log and how far its one consumer group has committed.
struct LogView {
  Topic topic = Topic::kOrders;
  Partition partition;
  Offset start;                        // of the first record still kept
  std::span<const std::shared_ptr<const Record>> records;  // from `start`, offsets without gaps; none is null
  std::optional<Offset> committed;     // the next offset to read; none: nothing was committed yet (or a dead-letter topic)
};

// What clients asked and were told about one order's POSTs. Ghost facts: a simulator knows them, a live audit does not.
struct PostFacts {
  std::int32_t asked = 0;     // attempts that reached Orders
  std::int32_t refused = 0;   // of those, answered with a definite failure (4xx, 503)
  std::int32_t accepted = 0;  // of those, answered 2xx
  auto fields() const { return std::tie(asked, refused, accepted); }
};

// The last menu that was served to somebody.
struct MenuServed {
  bool stale = false;
  auto fields() const { return std::tie(stale); }
};

struct Ghosts {
  FlatMap<OrderId, PostFacts> posts;
  FlatMap<UserId, MenuServed> menus;
  std::vector<OrderId> refusable;  // sorted: orders whose data the database refuses by its nature (class 22)
  FlatMap<OrderId, int> cancels;   // the status with which a customer's cancel was answered last
  auto fields() const { return std::tie(posts, menus, refusable, cancels); }
};

// Since when nothing was broken, and in how long from then on an order must come to its end by itself (L10).
struct Calm {
  Instant from;
  Duration bound;
};

struct View {
  const OrdersTables* orders = nullptr;        // never null
  const InventoryTables* inventory = nullptr;  // never null
  std::span<const LogView> logs;               // sorted by topic, partition
  const Ghosts* ghosts = nullptr;              // null: not observable
  bool at_rest = false;  // outboxes empty, lags 0, nothing waiting or parked, no dead letter that names an order
  std::optional<Calm> calm;  // none: not observable
};

const LogView* log_of(const View& view, Topic topic, Partition partition);

}  // namespace quickbite::property
