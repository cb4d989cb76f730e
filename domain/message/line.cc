#include "domain/message/line.h"

#include <algorithm>

namespace quickbite {
namespace {

// Far above kQuantityMax, and far below where sums of any list that fits in memory overflow. Every
// term is clamped before it is added, so that the sum does not depend on the order of the lines.
constexpr std::int64_t kQuantitySaturated = std::int64_t{1} << 40;

std::int64_t clamped(std::int64_t quantity) {
  return std::clamp(quantity, -kQuantitySaturated, kQuantitySaturated);
}

bool is_summed(const Lines& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0 && !(lines[i - 1].sku < lines[i].sku)) return false;
    if (lines[i].quantity.value != clamped(lines[i].quantity.value)) return false;
  }
  return true;
}

}  // namespace

Lines summed(const Lines& lines) {
  if (is_summed(lines)) return lines;
  std::vector<Line> result(lines.begin(), lines.end());
  std::stable_sort(result.begin(), result.end(),
                   [](const Line& a, const Line& b) { return a.sku < b.sku; });
  std::size_t last = 0;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::int64_t quantity = clamped(result[i].quantity.value);
    if (i > 0 && result[i].sku == result[last].sku) {
      result[last].quantity.value += quantity;
      continue;
    }
    if (i > 0) ++last;
    if (last != i) result[last] = std::move(result[i]);
    result[last].quantity.value = quantity;
  }
  result.resize(last + 1);
  for (Line& line : result) line.quantity.value = clamped(line.quantity.value);
  return result;
}

}  // namespace quickbite
