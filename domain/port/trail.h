// OrderTrail: what the tables of Orders know of one order's way.
#pragma once

#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/record.h"
#include "domain/order/order.h"
#include "domain/port/rows.h"

namespace quickbite {

// An outbox row, without its bytes.
struct Announcement {
  EventId id;
  std::string type;
  Topic topic = Topic::kOrders;
  Instant created_at;
  std::optional<SentAt> sent;
  bool parked = false;

  auto fields() const { return std::tie(id, type, topic, created_at, sent, parked); }
  friend bool operator==(const Announcement& a, const Announcement& b) { return a.fields() == b.fields(); }
};

// Rows whose retention is over are missing.
struct OrderTrail {
  std::vector<HistoryRow> history;      // by version
  std::vector<Announcement> announced;  // of its events, by id
  std::vector<ProcessedRow> handled;    // of its events, by id

  auto fields() const { return std::tie(history, announced, handled); }
  friend bool operator==(const OrderTrail& a, const OrderTrail& b) { return a.fields() == b.fields(); }
};

// The ids that an order's events have (by derivation, whether or not they have happened): sorted.
std::vector<EventId> events_of(const OrderId& order);

}  // namespace quickbite
