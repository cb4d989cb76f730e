// Reading result rows: one column after the other, into the domain's types. What cannot be read is an UnreadableRow.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/postgres/pqxx_compat.h"
#include "domain/base/time.h"
#include "domain/base/uuid.h"
#include "domain/message/line.h"
#include "domain/message/record.h"

namespace quickbite::postgres {

// As a SQL expression: `column`, a timestamptz, in microseconds since the Unix epoch.
std::string microseconds_of(std::string_view column);

class RowReader {
 public:
  explicit RowReader(const pqxx::row& row) : row_(row) {}

  bool next_is_null() const { return row_[at_].is_null(); }
  void skip(int columns = 1) { at_ += columns; }
  std::string_view text() { return view(take()); }
  std::int64_t integer();
  std::int32_t integer32() { return static_cast<std::int32_t>(integer()); }
  Instant instant() { return Instant{integer()}; }
  Uuid uuid();
  std::vector<Uuid> uuids();
  std::string raw();  // a bytea
  std::optional<std::string> raw_or_null();
  Lines lines();      // two columns: SKUs and quantities
  Headers headers();  // two columns: names and values

  // The value of E that `to_string` names so; the values are 0..count-1.
  template <class E>
  E one_of(int count) {
    const std::string_view name = text();
    for (int i = 0; i < count; ++i) {
      if (to_string(static_cast<E>(i)) == name) return static_cast<E>(i);
    }
    unknown(name);
  }
  template <class E>
  std::optional<E> one_of_or_null(int count) {
    if (next_is_null()) return skip(1), std::nullopt;
    return one_of<E>(count);
  }

 private:
  pqxx::field take() { return row_[at_++]; }
  [[noreturn]] static void unknown(std::string_view text);

  const pqxx::row& row_;
  pqxx::row::size_type at_ = 0;
};

}  // namespace quickbite::postgres
