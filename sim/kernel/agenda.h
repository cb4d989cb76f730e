// Agenda: what is still to happen, by time and then by order of sending. A 4-ary heap of small keys over a slab of events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "domain/base/time.h"

namespace quickbite::sim {

template <class Entry>
class Agenda {
 public:
  bool empty() const { return keys_.empty(); }
  std::size_t size() const { return keys_.size(); }
  Instant next_at() const { return Instant{keys_.front().at_us}; }

  void push(Instant at, Entry&& entry) {
    std::uint32_t slot;
    if (free_.empty()) {
      slot = static_cast<std::uint32_t>(slab_.size());
      slab_.push_back(std::move(entry));
    } else {
      slot = free_.back();
      free_.pop_back();
      slab_[slot] = std::move(entry);
    }
    keys_.push_back({at.us, sequence_++, slot});
    rise(keys_.size() - 1);
  }

  Entry pop() {
    CHECK(!keys_.empty());
    const std::uint32_t slot = keys_.front().slot;
    Entry entry = std::move(slab_[slot]);
    free_.push_back(slot);
    const Key last = keys_.back();
    keys_.pop_back();
    if (!keys_.empty()) sink(last);
    return entry;
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
    std::uint32_t slot;
    bool before(const Key& other) const {
      return at_us != other.at_us ? at_us < other.at_us : sequence < other.sequence;
    }
  };

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
    std::size_t at = 0;
    for (;;) {
      const std::size_t first = 4 * at + 1;
      if (first >= keys_.size()) break;
      std::size_t least = first;
      const std::size_t end = first + 4 < keys_.size() ? first + 4 : keys_.size();
      for (std::size_t child = first + 1; child < end; ++child) {
        if (keys_[child].before(keys_[least])) least = child;
      }
      if (!keys_[least].before(key)) break;
      keys_[at] = keys_[least];
      at = least;
    }
    keys_[at] = key;
  }

  std::vector<Key> keys_;
  std::vector<Entry> slab_;
  std::vector<std::uint32_t> free_;
  std::uint32_t sequence_ = 0;
};

}  // namespace quickbite::sim
