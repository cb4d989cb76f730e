// Interning: every distinct value gets a 32-bit id, from 1, by its canonical encoding; 0 is "none". Ids are given in the
// order of first sight, so they are the same in every process that asks in the same order. The tables are open-addressed
// and never iterated: no hash order can show.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/base/canonical.h"
#include "domain/base/check.h"
#include "domain/base/hash.h"

namespace quickbite::sim::exploring {

using Id = std::uint32_t;  // of an interned value; 0 is none

constexpr std::uint64_t pair_key(Id first, Id second) {
  return (std::uint64_t{first} << 32) | second;
}

// 64-bit keys to 32-bit values; neither is ever 0.
class IdMap {
 public:
  // 0 where the key is not there.
  Id find(std::uint64_t key) const {
    if (entries_.empty()) return 0;
    for (std::size_t at = scramble(key) & mask();; at = (at + 1) & mask()) {
      if (entries_[at].key == key) return entries_[at].value;
      if (entries_[at].key == 0) return 0;
    }
  }

  // The key must not be there.
  void insert(std::uint64_t key, Id value) {
    CHECK(key != 0 && value != 0);
    if ((size_ + 1) * 3 > entries_.size() * 2) grow();
    place(key, value);
    ++size_;
  }

  std::size_t size() const { return size_; }
  std::uint64_t bytes() const { return entries_.size() * sizeof(Entry); }

 private:
  struct Entry {
    std::uint64_t key = 0;
    Id value = 0;
  };

  std::size_t mask() const { return entries_.size() - 1; }

  void place(std::uint64_t key, Id value) {
    std::size_t at = scramble(key) & mask();
    while (entries_[at].key != 0) at = (at + 1) & mask();
    entries_[at] = {key, value};
  }

  void grow() {
    std::vector<Entry> old(entries_.empty() ? 64 : entries_.size() * 2);
    old.swap(entries_);
    for (const Entry& entry : old) {
      if (entry.key != 0) place(entry.key, entry.value);
    }
  }

  std::vector<Entry> entries_;
  std::size_t size_ = 0;
};

// Values by id, found by a hash that the caller computes and an equality that the caller decides.
class IdTable {
 public:
  // The id under `hash` for which `same(id)` holds, or 0.
  template <class Same>
  Id find(std::uint64_t hash, Same&& same) const {
    if (slots_.empty()) return 0;
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      const Id id = slots_[at];
      if (id == 0) return 0;
      if (hashes_[id - 1] == hash && same(id)) return id;
    }
  }

  // A new id for what `find` did not find.
  Id add(std::uint64_t hash) {
    CHECK(hashes_.size() < 0xFFFFFFFE);
    hashes_.push_back(hash);
    if (hashes_.size() * 3 > slots_.size() * 2) {
      grow();
    } else {
      place(static_cast<Id>(hashes_.size()));
    }
    return static_cast<Id>(hashes_.size());
  }

  std::size_t size() const { return hashes_.size(); }
  std::uint64_t bytes() const {
    return hashes_.capacity() * sizeof(std::uint64_t) + slots_.size() * sizeof(Id);
  }

 private:
  std::size_t mask() const { return slots_.size() - 1; }

  void place(Id id) {
    std::size_t at = hashes_[id - 1] & mask();
    while (slots_[at] != 0) at = (at + 1) & mask();
    slots_[at] = id;
  }

  void grow() {
    const std::size_t size = slots_.empty() ? 64 : slots_.size() * 2;
    slots_.clear();
    slots_.resize(size);
    for (Id id = 1; id <= hashes_.size(); ++id) place(id);
  }

  std::vector<std::uint64_t> hashes_;
  std::vector<Id> slots_;
};

// Values of a type with a canonical encoding; the first one seen represents all that encode like it.
template <class T>
class Interner {
 public:
  // `scope` is part of the identity: equal values of different scopes have different ids.
  Id id(T&& value, std::uint32_t scope = 0) {
    encoder_.clear();
    encoder_.number(scope);
    encode(encoder_, value);
    const std::string_view key = encoder_.view();
    const std::uint64_t hash = hash_of(key);
    const Id found = table_.find(hash, [&](Id id) { return keys_[id - 1] == key; });
    if (found != 0) return found;
    keys_.emplace_back(key);
    values_.push_back(std::move(value));
    bytes_ += key.size() + sizeof(std::string) + sizeof(T);
    return table_.add(hash);
  }
  Id id(const T& value, std::uint32_t scope = 0) { return id(T(value), scope); }

  // Stays where it is while others are added.
  const T& operator[](Id id) const { return values_[id - 1]; }
  std::size_t size() const { return values_.size(); }

  // What the tables and encodings take; not what the values hold beyond themselves.
  std::uint64_t bytes() const { return bytes_ + table_.bytes(); }

 private:
  Encoder encoder_;
  IdTable table_;
  std::deque<std::string> keys_;
  std::deque<T> values_;
  std::uint64_t bytes_ = 0;
};

}  // namespace quickbite::sim::exploring
