// PostgreSQL's binary format of arrays, for parameters (the array_recv of each type; PostgreSQL manual 55.2 and 8.15).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/base/bytes.h"
#include "domain/base/time.h"
#include "domain/base/uuid.h"

namespace quickbite::postgres {

// Bytes of no encoding: an element of bytea[]. A plain string_view is an element of text[].
struct Raw {
  std::string_view bytes;
};

// Appends big-endian.
void put_int32(std::string& out, std::int32_t value);
void put_int64(std::string& out, std::int64_t value);

// An element: its length, then its bytes.
void put_element(std::string& out, std::int32_t value);
void put_element(std::string& out, std::int64_t value);
void put_element(std::string& out, std::string_view value);
void put_element(std::string& out, Raw value);
void put_element(std::string& out, const Uuid& value);
void put_element(std::string& out, Instant value);
template <class T>
void put_element(std::string& out, const std::optional<T>& value) {
  if (value) {
    put_element(out, *value);
  } else {
    put_int32(out, -1);
  }
}

// The type's OID (catalog pg_type; those of built-in types are fixed).
template <class T>
inline constexpr std::int32_t kOid = 0;
template <>
inline constexpr std::int32_t kOid<std::int32_t> = 23;
template <>
inline constexpr std::int32_t kOid<std::int64_t> = 20;
template <>
inline constexpr std::int32_t kOid<std::string_view> = 25;
template <>
inline constexpr std::int32_t kOid<Raw> = 17;
template <>
inline constexpr std::int32_t kOid<Uuid> = 2950;
template <>
inline constexpr std::int32_t kOid<Instant> = 1184;
template <class T>
inline constexpr std::int32_t kOid<std::optional<T>> = kOid<T>;

// The head of a one-dimensional array of `count` elements, which follow.
void put_array_head(std::string& out, std::int32_t element_oid, std::size_t count);

// The array of `get(row)` for each row. What `get` returns decides the element's type.
template <class Rows, class Get>
std::string array_of(const Rows& rows, Get get) {
  using Element = decltype(get(*rows.begin()));
  static_assert(kOid<Element> != 0, "no array of this type");
  std::string out;
  put_array_head(out, kOid<Element>, rows.size());
  for (const auto& row : rows) put_element(out, get(row));
  return out;
}

// A parameter that is one bigint.
std::string bigint(std::int64_t value);

}  // namespace quickbite::postgres
