// The lines of an order: how many of which SKU.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/base/ids.h"

namespace quickbite {

struct Line {
  Sku sku;
  Quantity quantity;

  auto fields() const { return std::tie(sku, quantity); }
  friend bool operator==(const Line&, const Line&) = default;
};

// An immutable list of lines, made once and shared by every command, row, event and answer that carries it.
class Lines {
 public:
  using value_type = Line;
  using iterator = std::span<const Line>::iterator;
  using const_iterator = iterator;

  Lines() = default;
  Lines(std::initializer_list<Line> lines) : Lines(std::vector<Line>(lines)) {}
  Lines(std::vector<Line> lines)
      : lines_(lines.empty() ? nullptr : std::make_shared<const std::vector<Line>>(std::move(lines))) {}

  std::span<const Line> all() const { return lines_ ? std::span(*lines_) : std::span<const Line>(); }
  iterator begin() const { return all().begin(); }
  iterator end() const { return all().end(); }
  bool empty() const { return !lines_; }
  std::size_t size() const { return all().size(); }
  const Line& operator[](std::size_t index) const { return all()[index]; }
  const Line& front() const { return all().front(); }

  auto fields() const { return std::tuple(all()); }
  friend bool operator==(const Lines& a, const Lines& b) {
    return a.lines_ == b.lines_ || std::ranges::equal(a.all(), b.all());
  }

 private:
  std::shared_ptr<const std::vector<Line>> lines_;  // none: of no lines
};

inline constexpr std::size_t kLinesMax = 50;            // of one order, after summing; the API refuses more
inline constexpr std::int64_t kQuantityMax = 1'000'000;  // of one line, after summing; the API refuses more

// The lines with those of the same SKU summed, sorted by SKU. A sum saturates far above kQuantityMax instead of overflowing.
Lines summed(const Lines& lines);

}  // namespace quickbite
