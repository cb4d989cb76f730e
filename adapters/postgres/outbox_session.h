// What an operator asks of either service's outbox, on a connection of its own: which rows wait and why, and to let parked ones go.
//
// Blocking; used by one thread. No exception leaves it. Unavailable: the database does not answer, is busy, or is not as this
// program expects it; the message says what it said. An unpark that is Unavailable may have been done: doing it again does no harm.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/postgres/session_options.h"
#include "domain/inventory/reservation.h"
#include "domain/port/ledger.h"

namespace quickbite::postgres {

class Connection;

enum class Waits : std::uint8_t {
  kRelay,   // for the relay
  kParked,  // for an operator: the broker will never take it as it is
  kBehind,  // behind a parked row of its key
};

struct WaitingRow {
  OutboxRow row;
  Waits waits = Waits::kRelay;
};

// Every condition that is there has to hold.
struct WaitingFilter {
  std::vector<EventId> ids;  // one of these; empty: any
  std::optional<Topic> topic;
  std::optional<std::string> key;
  bool parked = false;       // parked ones alone
};

// What Inventory's tables know of one order.
struct InventoryTrail {
  std::optional<ReservationRow> reservation;
  std::vector<MovementRow> movements;   // by SKU and time
  std::vector<Announcement> announced;  // of its events, by id
  std::vector<ProcessedRow> handled;    // of its events, by id
};

class OutboxSession {
 public:
  explicit OutboxSession(SessionOptions options);
  ~OutboxSession();
  OutboxSession(const OutboxSession&) = delete;
  OutboxSession& operator=(const OutboxSession&) = delete;

  // Rows that are not sent, by seq, those behind `after` only, at most `limit`.
  absl::StatusOr<std::vector<WaitingRow>> waiting(const WaitingFilter& filter, OutboxSeq after, std::int64_t limit);

  // Lets those of the rows go that are parked; the relay tries them again. How many they were.
  absl::StatusOr<std::int64_t> unpark(const std::vector<EventId>& ids);

  // Of Inventory's database.
  absl::StatusOr<InventoryTrail> inventory_trail(const OrderId& order);

 private:
  template <class Call>
  auto guarded(Call call) -> decltype(call());

  std::unique_ptr<Connection> connection_;
};

}  // namespace quickbite::postgres
