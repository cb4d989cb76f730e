// How decisions become rows: of the outbox, and of one transaction's writes.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/message/event.h"
#include "domain/message/trace.h"
#include "domain/order/rules.h"
#include "domain/port/ledger.h"

namespace quickbite {

inline constexpr std::string_view kStatementTimeout = "57014";

// The row that publishes `event` on `topic`: its key the order id, its shard of the order; `seq` is the database's.
OutboxRow outbox_row(Topic topic, const Event& event, Instant now);

// Adds what one decision about one order writes.
void add(OrdersLedger::Writes& writes, OrderChange&& change, bool inserts, Instant now);

// Writes into the rows from `first` on which trace they go with, each under its own span. Nothing where there is no trace.
void stamp(std::vector<OutboxRow>& rows, std::size_t first, const std::optional<Trace>& trace);

}  // namespace quickbite
