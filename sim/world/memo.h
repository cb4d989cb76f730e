// Memo: what a pure function gave before, found by the full content of what it was given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace quickbite::sim {

template <class Key, class Value>
class Memo {
 public:
  // The value under the key that `is(key)` holds for; where there is none, `make()` gives both, as a pair. `hash` is of the key.
  template <class Is, class Make>
  std::shared_ptr<const Value> find(std::uint64_t hash, Is is, Make make) {
    if (used_ * 2 >= entries_.size()) {
      entries_.assign(kEntriesMax, Entry{});
      used_ = 0;
    }
    const std::size_t mask = entries_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      Entry& entry = entries_[at];
      if (entry.value == nullptr) {
        auto [key, value] = make();
        entry = {std::move(key), std::make_shared<const Value>(std::move(value))};
        ++used_;
        return entry.value;
      }
      if (is(entry.key)) return entry.value;
    }
  }

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Value> value;
  };
  static constexpr std::size_t kEntriesMax = 1 << 14;  // half full, it forgets everything and begins anew
  std::vector<Entry> entries_;                         // open addressing by hash
  std::size_t used_ = 0;
};

}  // namespace quickbite::sim
