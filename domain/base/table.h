// Table: rows by primary key. The rows stand in the order in which they came; what is sorted is an index of small entries, so that
// a row among a hundred others moves none of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace quickbite {

// To be used as FlatMap is; a row stays where it is until one is added or erased.
template <class Key, class Row>
class Table {
  static_assert(std::is_trivially_copyable_v<Key>, "the index is moved as bytes");

  using Slot = std::uint32_t;
  struct Place {
    Key key;
    Slot slot;
    friend bool operator<(const Place& place, const Key& key) { return place.key < key; }
  };

 public:
  using Entry = std::pair<Key, Row>;

  template <class Entries>
  class Iterator {
   public:
    using iterator_category = std::random_access_iterator_tag;
    using difference_type = std::ptrdiff_t;
    using value_type = Entry;
    using reference = decltype(std::declval<Entries&>()[0]);
    using pointer = std::remove_reference_t<reference>*;

    Iterator() = default;
    Iterator(Entries& entries, const Place* at) : entries_(&entries), at_(at) {}

    reference operator*() const { return (*entries_)[at_->slot]; }
    pointer operator->() const { return &**this; }
    reference operator[](difference_type n) const { return *(*this + n); }
    Iterator& operator++() { return *this += 1; }
    Iterator& operator--() { return *this += -1; }
    Iterator operator++(int) { return std::exchange(*this, *this + 1); }
    Iterator operator--(int) { return std::exchange(*this, *this - 1); }
    Iterator& operator+=(difference_type n) {
      at_ += n;
      return *this;
    }
    Iterator& operator-=(difference_type n) { return *this += -n; }
    friend Iterator operator+(Iterator it, difference_type n) { return it += n; }
    friend Iterator operator+(difference_type n, Iterator it) { return it += n; }
    friend Iterator operator-(Iterator it, difference_type n) { return it -= n; }
    friend difference_type operator-(const Iterator& a, const Iterator& b) { return a.at_ - b.at_; }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }
    friend auto operator<=>(const Iterator& a, const Iterator& b) { return a.at_ <=> b.at_; }

   private:
    Entries* entries_ = nullptr;
    const Place* at_ = nullptr;
  };
  using iterator = Iterator<std::vector<Entry>>;
  using const_iterator = Iterator<const std::vector<Entry>>;

  const Row* find(const Key& key) const {
    const auto at = lower(key);
    return is(at, key) ? &entries_[at->slot].second : nullptr;
  }
  Row* find(const Key& key) { return const_cast<Row*>(std::as_const(*this).find(key)); }
  bool contains(const Key& key) const { return find(key) != nullptr; }

  // The row under `key`, made empty first where there is none.
  Row& operator[](const Key& key) {
    if (Row* known = find(key)) return *known;
    insert(key, Row{});
    return entries_.back().second;
  }
  // False, changing nothing, where the key is there already.
  bool insert(const Key& key, Row&& row) {
    const auto at = lower(key);
    if (is(at, key)) return false;
    index_.insert(at, Place{key, static_cast<Slot>(entries_.size())});
    entries_.emplace_back(key, std::move(row));
    return true;
  }
  bool insert(const Key& key, const Row& row) { return insert(key, Row(row)); }
  // The row that came last takes the place of the one that goes.
  bool erase(const Key& key) {
    const auto at = lower(key);
    if (!is(at, key)) return false;
    const Slot slot = at->slot;
    index_.erase(at);
    if (slot + 1 != entries_.size()) {
      index_[static_cast<std::size_t>(lower(entries_.back().first) - index_.cbegin())].slot = slot;
      entries_[slot] = std::move(entries_.back());
    }
    entries_.pop_back();
    return true;
  }
  void clear() {
    index_.clear();
    entries_.clear();
  }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  // By key, ascending.
  const_iterator begin() const { return {entries_, index_.data()}; }
  const_iterator end() const { return {entries_, index_.data() + index_.size()}; }
  iterator begin() { return {entries_, index_.data()}; }
  iterator end() { return {entries_, index_.data() + index_.size()}; }

  friend bool operator==(const Table& a, const Table& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

 private:
  using Index = std::vector<Place>;

  // Most keys of an outbox come behind all others.
  typename Index::const_iterator lower(const Key& key) const {
    if (!index_.empty() && index_.back().key < key) return index_.end();
    return std::lower_bound(index_.begin(), index_.end(), key);
  }
  bool is(typename Index::const_iterator at, const Key& key) const { return at != index_.end() && at->key == key; }

  Index index_;
  std::vector<Entry> entries_;
};

}  // namespace quickbite
