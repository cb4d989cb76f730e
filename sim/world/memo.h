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
    if (entries_.size() >= kEntriesMax || places_.empty()) {
      places_.assign(2 * kEntriesMax, kNone);
      entries_.clear();
    }
    const std::size_t mask = places_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      std::uint16_t& place = places_[at];
      if (place == kNone) {
        auto [key, value] = make();
        place = static_cast<std::uint16_t>(entries_.size());
        entries_.push_back({std::move(key), std::make_shared<const Value>(std::move(value))});
        return entries_.back().value;
      }
      if (is(entries_[place].key)) return entries_[place].value;
    }
  }

 private:
  struct Entry {
    Key key;
    std::shared_ptr<const Value> value;
  };
  static constexpr std::size_t kEntriesMax = 1 << 13;  // then it forgets everything and begins anew
  static constexpr std::uint16_t kNone = 0xFFFF;
  std::vector<std::uint16_t> places_;  // open addressing by hash: where among the entries
  std::vector<Entry> entries_;         // side by side, for the caches
};

}  // namespace quickbite::sim
