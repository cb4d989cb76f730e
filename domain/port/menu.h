// The Menu port: what can be ordered, asked of Inventory by a call that may fail, be late, or never be answered.
//
// Nothing depends on its answer: an order is accepted without it, and Inventory reserves or rejects by its own rows.
//   MenuTold   what Inventory's database held at `as_of`, by that database's clock
//   MenuAway   nothing was learned; asking again does no harm
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"

namespace quickbite {

struct MenuItem {
  Sku sku;
  Quantity available;
  auto fields() const { return std::tie(sku, available); }
  friend bool operator==(const MenuItem& a, const MenuItem& b) { return a.fields() == b.fields(); }
};

// Answered within `timeout`: whoever performs it gives up then, and a later answer is lost.
struct AskMenu {
  Duration timeout;
  auto fields() const { return std::tie(timeout); }
};
struct MenuTold {
  std::vector<MenuItem> items;  // sorted by SKU, each SKU once
  Instant as_of;
  auto fields() const { return std::tie(items, as_of); }
  friend bool operator==(const MenuTold& a, const MenuTold& b) { return a.fields() == b.fields(); }
};
struct MenuAway {
  std::string why;  // for a person
  auto fields() const { return std::tie(why); }
};
using AskMenuAnswer = std::variant<MenuTold, MenuAway>;

// How Orders asks, in both worlds.
struct MenuPolicy {
  Duration timeout = milliseconds(500);        // of one call
  std::int64_t failures = 3;                   // in a row, until nobody asks for a while
  Duration pause_base = milliseconds(500);     // the first such while, doubled each time that it was in vain
  Duration pause_cap = seconds(10);            // the longest
  auto fields() const { return std::tie(timeout, failures, pause_base, pause_cap); }
};

}  // namespace quickbite
