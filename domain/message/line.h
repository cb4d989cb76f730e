// The lines of an order: how many of which SKU.
#pragma once

#include <compare>
#include <cstddef>
#include <tuple>
#include <vector>

#include "domain/base/ids.h"

namespace quickbite {

struct Line {
  Sku sku;
  Quantity quantity;

  auto fields() const { return std::tie(sku, quantity); }
  friend bool operator==(const Line&, const Line&) = default;
};

using Lines = std::vector<Line>;

inline constexpr std::size_t kLinesMax = 50;            // of one order, after summing; the API refuses more
inline constexpr std::int64_t kQuantityMax = 1'000'000;  // of one line, after summing; the API refuses more

// The lines with those of the same SKU summed, sorted by SKU. A sum saturates far above kQuantityMax instead of overflowing.
Lines summed(const Lines& lines);

}  // namespace quickbite
