// Explain: the whole story of one order across both databases, and what it waits for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/postgres/outbox_session.h"
#include "domain/order/order.h"
#include "domain/port/trail.h"
#include "services/cli/addresses.h"
#include "services/cli/dlq.h"

namespace quickbite::cli {

struct Story {
  OrderId id;
  std::optional<OrderRow> order;
  OrderTrail orders;                   // what Orders' tables know
  postgres::InventoryTrail inventory;  // what Inventory's know
  std::vector<KeptLetter> letters;     // that name the order

  bool empty() const;
};

// Reads both databases, each in a snapshot of its own: what happens meanwhile may be seen in one and not in the other.
absl::StatusOr<Story> read_story(const Addresses& addresses, const OrderId& order);

// Something that happened, for a person.
struct StoryStep {
  Instant at;
  std::string who;   // "Orders", "Inventory"
  std::string what;
};
std::vector<StoryStep> steps_of(const Story& story);  // by time

// Whom the order waits for, or what about it waits for somebody.
struct StoryWait {
  std::string what;   // "Inventory to read OrderCreated at orders.v1/2@41"
  Instant since;
  std::string advice; // what may be done about it; empty: wait
};
std::vector<StoryWait> waits_of(const Story& story);  // in the order of its way

}  // namespace quickbite::cli
