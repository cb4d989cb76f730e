// Ranges: the parts of a batch that are still to be done, in order; how a batch is cut and halved.
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/base/check.h"

namespace quickbite {

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t size() const { return end - begin; }
  auto fields() const { return std::tie(begin, end); }
};

class Ranges {
 public:
  bool empty() const { return left_.empty(); }
  const Range& front() const { return left_.back(); }
  void pop() { left_.pop_back(); }
  void clear() { left_.clear(); }

  // Cuts [0, size) into the fewest runs in which no two elements have a key in common: `collides(a, b)` for a < b. A change
  // to one order is then one row of one transaction.
  template <class Collides>
  void cut(std::size_t size, Collides collides) {
    left_.clear();
    std::size_t begin = 0;
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = begin; j < i; ++j) {
        if (collides(j, i)) {
          left_.push_back({begin, i});
          begin = i;
          break;
        }
      }
    }
    if (begin < size) left_.push_back({begin, size});
    for (std::size_t i = 0, j = left_.size(); i + 1 < j; ++i) std::swap(left_[i], left_[--j]);
  }

  // The front, of two elements or more, becomes two halves.
  void halve() {
    const Range whole = left_.back();
    CHECK(whole.size() > 1);
    const std::size_t middle = whole.begin + whole.size() / 2;
    left_.back() = {middle, whole.end};
    left_.push_back({whole.begin, middle});
  }

  auto fields() const { return std::tie(left_); }

 private:
  std::vector<Range> left_;  // the front is the back
};

}  // namespace quickbite
