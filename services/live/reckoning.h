// Reckoning: whether what customers were told of a rush's orders is what both databases and both topics hold: none lost, none
// doubled, none stuck, and the stock right.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "domain/message/record.h"
#include "services/live/patience.h"
#include "services/live/rush.h"

namespace quickbite::live {

struct Places {
  std::string orders_database;     // connections that may read all tables
  std::string inventory_database;
  std::string kafka;               // HOST:PORT,…
};

struct Reckoned {
  std::string what;     // "orders: each is there once, as it was told"
  absl::Status status;  // FailedPrecondition says what is wrong and names an order; others: it could not be looked at
};

// Every check, the failed ones included, in order. `poison` was written to orders.v1 by a stranger, and has to be dead letters. `patience` is for what comes a moment later by design: rows that are marked
// as sent after the record is in Kafka. An order that a customer cancels meanwhile would count as wrong.
std::vector<Reckoned> reckon(const Places& places, std::string_view name, const std::vector<Placed>& placed,
                             const std::vector<Record>& poison, absl::Duration patience, const Interrupt& interrupt);

}  // namespace quickbite::live
