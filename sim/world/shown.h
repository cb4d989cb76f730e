// What an HTTP answer shows of orders: read off its headers and its body, as a client would.
#pragma once

#include <vector>

#include "domain/base/ids.h"
#include "domain/port/http.h"

namespace quickbite::sim {

struct Shown {
  OrderId order;
  Version version;
};

// One for each order of the body; for a 304, which has none, `asked` in the version of the ETag. Nothing for a refusal.
std::vector<Shown> shown_in(const HttpAnswer& answer, const OrderId& asked);

}  // namespace quickbite::sim
