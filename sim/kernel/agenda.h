// Agenda: what is still to happen, by time and then by order of sending. A 4-ary heap of small keys over a slab of events.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "domain/base/time.h"

namespace quickbite::sim {

template <class Entry>
class Agenda {
 public:
  using Slot = std::uint32_t;  // where an entry stands

  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }
  Instant next_at() const { return Instant{keys_.front().at_us}; }

  // An entry of `parts`, made where it will stand.
  template <class... Parts>
  Slot push(Instant at, Parts&&... parts) {
    const Slot slot = hold(std::forward<Parts>(parts)...);
    keys_.push_back({at.us, sequence_++, slot});
    rise(keys_.size() - 1);
    return slot;
  }

  Entry pop() {
    const Slot slot = take();
    Entry entry = std::move((*this)[slot]);
    release(slot);
    return entry;
  }

  // Takes the next entry where it stands: it does not move, whatever is pushed, until it is released.
  Slot take() {
    CHECK(!keys_.empty());
    const Slot slot = keys_.front().slot;
    const Key last = keys_.back();
    keys_.pop_back();
    if (!keys_.empty()) sink(last);
    return slot;
  }
  // Keeps an entry that has no time, until it is released.
  template <class... Parts>
  Slot hold(Parts&&... parts) {
    if (free_.empty()) add_block();
    const Slot slot = free_.back();
    free_.pop_back();
    at(slot).emplace(std::forward<Parts>(parts)...);
    return slot;
  }
  Entry& operator[](Slot slot) { return *at(slot); }
  void release(Slot slot) {
    at(slot).reset();
    free_.push_back(slot);
  }

  void clear() {
    keys_.clear();
    slab_.clear();
    free_.clear();
    sequence_ = 0;
  }

 private:
  struct Key {
    std::int64_t at_us;
    std::uint32_t sequence;
    Slot slot;
    // Without a branch: which key is the earlier one is as good as random, and would be guessed wrongly half of the time.
    bool before(const Key& other) const {
      return (at_us < other.at_us) | ((at_us == other.at_us) & (sequence < other.sequence));
    }
  };

  static constexpr Slot kBlock = 64;
  using Block = std::array<std::optional<Entry>, kBlock>;

  std::optional<Entry>& at(Slot slot) { return (*slab_[slot / kBlock])[slot % kBlock]; }
  void add_block() {
    const Slot first = static_cast<Slot>(slab_.size()) * kBlock;
    slab_.push_back(std::make_unique<Block>());
    for (Slot i = kBlock; i > 0; --i) free_.push_back(first + i - 1);
  }

  void rise(std::size_t at) {
    const Key key = keys_[at];
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (!key.before(keys_[parent])) break;
      keys_[at] = keys_[parent];
      at = parent;
    }
    keys_[at] = key;
  }

  // Puts `key` in the place of the front, which was taken.
  void sink(const Key& key) {
    Key* const keys = keys_.data();
    const std::size_t size = keys_.size();
    const auto earlier = [&](std::size_t a, std::size_t b) { return keys[b].before(keys[a]) ? b : a; };
    std::size_t at = 0;
    for (std::size_t first = 1; first < size; first = 4 * at + 1) {
      std::size_t least = first;
      if (first + 4 <= size) {
        least = earlier(earlier(first, first + 1), earlier(first + 2, first + 3));
      } else {
        for (std::size_t child = first + 1; child < size; ++child) least = earlier(least, child);
      }
      if (!keys[least].before(key)) break;
      keys[at] = keys[least];
      at = least;
    }
    keys[at] = key;
  }

  std::vector<Key> keys_;
  std::vector<std::unique_ptr<Block>> slab_;  // blocks, so that entries do not move
  std::vector<Slot> free_;
  std::uint32_t sequence_ = 0;
};

}  // namespace quickbite::sim
