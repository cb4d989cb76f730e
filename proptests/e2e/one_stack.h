// The one running system that all tests of this executable share; each test uses SKUs and users of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/live/patience.h"
#include "services/live/shop.h"
#include "services/live/stack.h"

namespace quickbite {

// Started with the first call; a test that cannot have it fails, and so do those after it. Ends with the last test.
live::Stack& one_stack();

const live::Interrupt& no_interrupt();

// A SKU that no other test knows, with so many in stock.
std::string stocked(std::string_view name, std::int64_t quantity);

// Waits for it, for half a minute at most.
absl::Status all_become(const std::vector<OrderId>& orders, std::string_view status);

std::int64_t orders_in_database();

}  // namespace quickbite
