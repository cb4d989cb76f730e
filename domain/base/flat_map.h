// FlatMap: a sorted vector of (key, value): ordered, compact, cheap to copy, the same order everywhere.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace quickbite {

template <class Key, class Value>
class FlatMap {
 public:
  using Entry = std::pair<Key, Value>;
  using const_iterator = typename std::vector<Entry>::const_iterator;
  using iterator = typename std::vector<Entry>::iterator;

  const Value* find(const Key& key) const {
    const auto at = lower(entries_, key);
    return at != entries_.end() && at->first == key ? &at->second : nullptr;
  }
  Value* find(const Key& key) {
    const auto at = lower(entries_, key);
    return at != entries_.end() && at->first == key ? &at->second : nullptr;
  }
  bool contains(const Key& key) const { return find(key) != nullptr; }

  // The value under `key`, made empty first where there is none.
  Value& operator[](const Key& key) {
    auto at = lower(entries_, key);
    if (at == entries_.end() || at->first != key) at = entries_.insert(at, Entry(key, Value{}));
    return at->second;
  }

  // False, changing nothing, where the key is there already.
  bool insert(const Key& key, Value value) {
    const auto at = lower(entries_, key);
    if (at != entries_.end() && at->first == key) return false;
    entries_.insert(at, Entry(key, std::move(value)));
    return true;
  }

  bool erase(const Key& key) {
    const auto at = lower(entries_, key);
    if (at == entries_.end() || at->first != key) return false;
    entries_.erase(at);
    return true;
  }

  void clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }
  iterator begin() { return entries_.begin(); }
  iterator end() { return entries_.end(); }

  friend bool operator==(const FlatMap&, const FlatMap&) = default;

 private:
  template <class Entries>
  static auto lower(Entries& entries, const Key& key) {
    return std::lower_bound(entries.begin(), entries.end(), key,
                            [](const Entry& entry, const Key& k) { return entry.first < k; });
  }

  std::vector<Entry> entries_;
};

}  // namespace quickbite
