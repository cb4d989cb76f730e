// Trails: what Orders' tables know of an order's way, found by order id and by the ids that its events have.
#pragma once

#include <vector>

#include "adapters/postgres/connection.h"
#include "domain/base/flat_map.h"
#include "domain/port/trail.h"

namespace quickbite::postgres {

// One for each of `orders`, by primary keys alone, in one statement. Throws what libpqxx throws.
FlatMap<OrderId, OrderTrail> read_trails(Connection& connection, const std::vector<OrderId>& orders);

}  // namespace quickbite::postgres
