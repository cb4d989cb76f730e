// Slots: a state of the explorer as an array of ids, with a digest that follows every change and a way back.
//
// In order: parts, timers by part, idle timers by part, what remains of each budget, channels. Channels come last, because
// they are found on the way: a state that was written when there were fewer has nothing in the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "domain/base/hash.h"
#include "sim/kernel/intern.h"
#include "sim/kernel/system.h"

namespace quickbite::sim::exploring {

using Slot = std::uint32_t;

inline constexpr std::size_t kChannelsMax = 4096;  // of one system: a stream is a small number, never a counter

class Slots {
 public:
  struct Channel {
    PartId from;
    PartId to;
    std::uint32_t stream;
  };

  Slots(std::size_t parts, std::size_t budgets)
      : parts_(static_cast<Slot>(parts)),
        budgets_(static_cast<Slot>(budgets)),
        ids_(3 * parts + budgets),
        into_(parts) {
    for (Slot p = 0; p < parts_; ++p) into_[p] = {timers(p), idle_timers(p)};
  }

  std::size_t parts_size() const { return parts_; }
  std::size_t budgets_size() const { return budgets_; }
  std::size_t channels_size() const { return channels_.size(); }

  Slot part(PartId part) const { return part; }
  Slot timers(PartId part) const { return parts_ + part; }
  Slot idle_timers(PartId part) const { return 2 * parts_ + part; }
  Slot budget(std::uint32_t budget) const { return 3 * parts_ + budget; }
  Slot channel(std::size_t i) const { return 3 * parts_ + budgets_ + static_cast<Slot>(i); }
  const Channel& ends(std::size_t channel) const { return channels_[channel]; }
  Slot channel(PartId from, PartId to, std::uint32_t stream) {
    CHECK(from < parts_ && to < parts_);
    const std::uint64_t key = pair_key(from * parts_ + to + 1, stream);
    Slot known = channel_of_.find(key);
    if (known == 0) {
      CHECK(channels_.size() < kChannelsMax);
      known = channel(channels_.size());
      channel_of_.insert(key, known);
      channels_.push_back({from, to, stream});
      ids_.push_back(0);
      into_[to].push_back(known);
    }
    return known;
  }

  bool is_part(Slot slot) const { return slot < parts_; }
  bool is_list(Slot slot) const { return slot >= parts_ && (slot < 3 * parts_ || slot >= 3 * parts_ + budgets_); }
  bool is_timer(Slot slot) const { return slot >= parts_ && slot < 3 * parts_; }
  // Whom the events of a list are for.
  PartId target(Slot slot) const {
    if (slot < 3 * parts_) return slot % parts_;
    return channels_[slot - 3 * parts_ - budgets_].to;
  }
  // All lists of events for a part.
  const std::vector<Slot>& into(PartId part) const { return into_[part]; }

  Id operator[](Slot slot) const { return ids_[slot]; }
  const Id* data() const { return ids_.data(); }

  void set(Slot slot, Id id) {
    const Id old = ids_[slot];
    if (old == id) return;
    undo_.push_back({slot, old});
    put(slot, old, id);
  }

  // Changes since `mark` can be looked at, and taken back.
  struct Change {
    Slot slot;
    Id before;
  };
  std::size_t mark() const { return undo_.size(); }
  const Change& change(std::size_t i) const { return undo_[i]; }
  void undo(std::size_t mark) {
    while (undo_.size() > mark) {
      const Change last = undo_.back();
      undo_.pop_back();
      put(last.slot, ids_[last.slot], last.before);
    }
  }
  void forget() { undo_.clear(); }

  // Of everything; and of everything but the budgets.
  std::uint64_t digest() const { return scramble(core_ + spare_); }
  std::uint64_t digest_without_budgets() const { return scramble(core_ + 1); }

  // All of it, a few bytes for each slot that holds something.
  void write(std::vector<std::uint8_t>& out) const {
    for (Slot p = 0; p < parts_; ++p) number(out, ids_[p]);
    Slot last = parts_;
    for (Slot slot = parts_; slot < ids_.size(); ++slot) {
      if (ids_[slot] == 0) continue;
      number(out, slot - last + 1);
      number(out, ids_[slot]);
      last = slot;
    }
    number(out, 0);
  }

  // Returns what follows what was written.
  const std::uint8_t* read(const std::uint8_t* from) {
    undo_.clear();
    for (Slot slot = parts_; slot < ids_.size(); ++slot) ids_[slot] = 0;
    core_ = 0;
    spare_ = 0;
    for (Slot p = 0; p < parts_; ++p) {
      ids_[p] = number(from);
      core_ += term(p, ids_[p]);
    }
    Slot slot = parts_;
    while (const Id step = number(from)) {
      slot += step - 1;
      const Id id = number(from);
      ids_[slot] = 0;
      put(slot, 0, id);
    }
    return from;
  }

 private:
  static std::uint64_t term(Slot slot, Id id) { return id == 0 ? 0 : scramble(pair_key(slot + 1, id)); }

  void put(Slot slot, Id old, Id id) {
    std::uint64_t& sum = slot >= 3 * parts_ && slot < 3 * parts_ + budgets_ ? spare_ : core_;
    sum += term(slot, id) - term(slot, old);
    ids_[slot] = id;
  }

  static void number(std::vector<std::uint8_t>& out, std::uint32_t value) {
    while (value >= 0x80) {
      out.push_back(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    out.push_back(static_cast<std::uint8_t>(value));
  }
  static std::uint32_t number(const std::uint8_t*& from) {
    std::uint32_t value = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t byte = *from++;
      value |= std::uint32_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
  }

  Slot parts_;
  Slot budgets_;
  std::vector<Id> ids_;
  std::vector<Channel> channels_;
  IdMap channel_of_;                     // by ends and stream
  std::vector<std::vector<Slot>> into_;  // by part
  std::vector<Change> undo_;
  std::uint64_t core_ = 0;
  std::uint64_t spare_ = 0;
};

// Frontier: written states, first in, first out, in chunks that are given back once read.
class Frontier {
 public:
  std::size_t size() const { return size_; }
  std::uint64_t bytes() const { return chunks_.size() * (kChunk + sizeof(std::vector<std::uint8_t>)); }

  void push(const Slots& slots) {
    if (chunks_.empty() || chunks_.back().size() + kRecord > kChunk) {
      chunks_.emplace_back();
      chunks_.back().reserve(kChunk);
    }
    slots.write(chunks_.back());
    ++size_;
  }

  void pop(Slots& slots) {
    CHECK(size_ > 0);
    if (read_ == chunks_.front().size()) {
      chunks_.pop_front();
      read_ = 0;
    }
    const std::uint8_t* const begin = chunks_.front().data();
    read_ = static_cast<std::size_t>(slots.read(begin + read_) - begin);
    --size_;
  }

 private:
  static constexpr std::size_t kChunk = 1 << 18;
  static constexpr std::size_t kRecord = 1 << 13;  // room for one state; a longer one makes its chunk grow

  std::deque<std::vector<std::uint8_t>> chunks_;
  std::size_t read_ = 0;
  std::size_t size_ = 0;
};

}  // namespace quickbite::sim::exploring
