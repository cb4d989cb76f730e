// Lists: interned lists of ids. A channel is one (first in, first out), a part's timers are one (sorted). 0 is the empty list.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "domain/base/hash.h"
#include "sim/kernel/intern.h"

namespace quickbite::sim::exploring {

class Lists {
 public:
  std::size_t length(Id list) const { return list == 0 ? 0 : entries_[list - 1].length; }
  Id at(Id list, std::size_t i) const { return pool_[entries_[list - 1].begin + i]; }
  Id head(Id list) const { return at(list, 0); }

  Id tail(Id list) {
    if (entries_[list - 1].tail == kUnknown) {
      const Id made = without(list, 0);
      entries_[list - 1].tail = made;
    }
    return entries_[list - 1].tail;
  }

  Id append(Id list, Id value) {
    return remembered(appended_, list, value, [&] {
      copy(list);
      scratch_.push_back(value);
    });
  }

  // Keeps a sorted list sorted.
  Id insert(Id list, Id value) {
    return remembered(inserted_, list, value, [&] {
      copy(list);
      scratch_.insert(std::upper_bound(scratch_.begin(), scratch_.end(), value), value);
    });
  }

  Id without(Id list, std::size_t i) {
    copy(list);
    scratch_.erase(scratch_.begin() + static_cast<std::ptrdiff_t>(i));
    return intern();
  }

  // The list without the values for which `drop(value)` holds.
  template <class Drop>
  Id filter(Id list, Drop&& drop) {
    copy(list);
    const auto end = std::remove_if(scratch_.begin(), scratch_.end(), drop);
    if (end == scratch_.end()) return list;
    scratch_.erase(end, scratch_.end());
    return intern();
  }

  std::size_t size() const { return entries_.size(); }
  std::uint64_t bytes() const {
    return pool_.capacity() * sizeof(Id) + entries_.capacity() * sizeof(Entry) + table_.bytes() + appended_.bytes() +
           inserted_.bytes();
  }

 private:
  static constexpr Id kUnknown = 0xFFFFFFFF;

  struct Entry {
    std::uint32_t begin;
    std::uint32_t length;
    Id tail;
  };

  template <class Make>
  Id remembered(IdMap& memo, Id list, Id value, Make&& make) {
    const std::uint64_t key = pair_key(list, value);
    Id made = memo.find(key);
    if (made == 0) {
      make();
      made = intern();
      memo.insert(key, made);
    }
    return made;
  }

  void copy(Id list) {
    scratch_.clear();
    if (list == 0) return;
    const Entry& entry = entries_[list - 1];
    scratch_.assign(pool_.begin() + entry.begin, pool_.begin() + entry.begin + entry.length);
  }

  Id intern() {
    if (scratch_.empty()) return 0;
    Hash64 hash;
    for (const Id value : scratch_) hash.add(value);
    const std::uint64_t digest = hash.digest();
    const Id found = table_.find(digest, [&](Id id) {
      const Entry& entry = entries_[id - 1];
      return std::ranges::equal(std::span(pool_).subspan(entry.begin, entry.length), scratch_);
    });
    if (found != 0) return found;
    CHECK(pool_.size() + scratch_.size() < kUnknown);
    entries_.push_back({static_cast<std::uint32_t>(pool_.size()), static_cast<std::uint32_t>(scratch_.size()), kUnknown});
    pool_.insert(pool_.end(), scratch_.begin(), scratch_.end());
    return table_.add(digest);
  }

  std::vector<Id> pool_;
  std::vector<Entry> entries_;
  IdTable table_;
  IdMap appended_;
  IdMap inserted_;
  std::vector<Id> scratch_;
};

}  // namespace quickbite::sim::exploring
