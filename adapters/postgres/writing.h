// Writing rows: each kind of row is one INSERT or UPDATE over `unnest` of one array a column, and all that one transaction
// writes is one statement.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/postgres/binary.h"
#include "adapters/postgres/connection.h"
#include "domain/base/flat_map.h"

namespace quickbite::postgres {

// Puts together the one statement of a transaction out of the parts that have rows, as data-modifying WITH queries
// (PostgreSQL manual 7.8.4). They share a snapshot, so no part may need another's rows. They run in the order in which they were
// added: each waits for the count of what the one before it wrote, for left alone PostgreSQL promises no order, and two
// transactions that take the same keys in different orders lock each other up.
class WriteStatement {
 public:
  // `sql` has a '%' for each of `parameters`, and an '@' where a condition may stand: that the part before it is done. `name` is
  // a letter or two, unique among a session's parts: the parts that are there make the statement's name, so each combination
  // is prepared once.
  void add(std::string_view name, std::string_view sql, std::vector<std::string> parameters);

  bool empty() const { return name_.empty(); }
  void run(Connection& connection) const;

 private:
  std::string name_;
  std::vector<std::string> parts_;
  std::vector<std::string> parameters_;
};

// Pointers to the rows, sorted by key, so that whoever meets a unique violation or a lock meets it in the same order as
// everybody else. Rows of equal keys keep their order.
template <class Row, class KeyOf>
std::vector<const Row*> sorted(const std::vector<Row>& rows, KeyOf key_of) {
  std::vector<const Row*> out;
  out.reserve(rows.size());
  for (const Row& row : rows) out.push_back(&row);
  std::stable_sort(out.begin(), out.end(), [&](const Row* a, const Row* b) { return key_of(*a) < key_of(*b); });
  return out;
}

// What a list of inserted and a list of updated rows come to, when the inserts go first and then the updates in their order:
// each row is written once, as it is in the end.
template <class Row>
struct Folded {
  std::vector<const Row*> inserted;  // sorted
  std::vector<const Row*> updated;   // sorted, unique
};

template <class Row, class KeyOf>
Folded<Row> folded(const std::vector<Row>& inserted, const std::vector<Row>& updated, KeyOf key_of) {
  Folded<Row> out{sorted(inserted, key_of), {}};
  const auto before = [&](const Row* a, const Row* b) { return key_of(*a) < key_of(*b); };
  for (const Row* row : sorted(updated, key_of)) {
    const auto at = std::lower_bound(out.inserted.begin(), out.inserted.end(), row, before);
    if (at != out.inserted.end() && !before(row, *at)) {
      *at = row;
    } else if (!out.updated.empty() && !before(out.updated.back(), row)) {
      out.updated.back() = row;
    } else {
      out.updated.push_back(row);
    }
  }
  return out;
}

// Lists of different lengths cannot be rows of one array of arrays, so they travel one after the other in a single array;
// row i has those from first[i] to last[i], counted from 1, and `(array)[first:last]` cuts them out.
struct Slices {
  std::vector<std::int32_t> first;
  std::vector<std::int32_t> last;
};

template <class Rows, class ListOf>
Slices slices(const Rows& rows, ListOf list_of) {
  Slices out;
  std::int32_t count = 0;
  for (const auto* row : rows) {
    out.first.push_back(count + 1);
    count += static_cast<std::int32_t>(list_of(*row).size());
    out.last.push_back(count);
  }
  return out;
}

// The array of `get(element)` for each element of each row's list.
template <class Rows, class ListOf, class Get>
std::string array_of_all(const Rows& rows, ListOf list_of, Get get) {
  using Element = decltype(get(*list_of(**rows.begin()).begin()));
  std::size_t count = 0;
  for (const auto* row : rows) count += list_of(*row).size();
  std::string out;
  put_array_head(out, kOid<Element>, count);
  for (const auto* row : rows) {
    for (const auto& element : list_of(*row)) put_element(out, get(element));
  }
  return out;
}

inline std::string array_of_int32(const std::vector<std::int32_t>& values) {
  return array_of(values, [](std::int32_t value) { return value; });
}

}  // namespace quickbite::postgres
