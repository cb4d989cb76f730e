#include "adapters/postgres/binary.h"

namespace quickbite::postgres {
namespace {

// 2000-01-01 00:00:00 UTC, from which PostgreSQL counts, in microseconds since the Unix epoch.
constexpr std::int64_t kPostgresEpoch_us = 946'684'800'000'000;

void put_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFF));
}

void put_length(std::string& out, std::size_t length) { put_int32(out, static_cast<std::int32_t>(length)); }

}  // namespace

void put_int32(std::string& out, std::int32_t value) { put_big_endian(out, static_cast<std::uint32_t>(value), 4); }
void put_int64(std::string& out, std::int64_t value) { put_big_endian(out, static_cast<std::uint64_t>(value), 8); }

void put_element(std::string& out, std::int32_t value) {
  put_length(out, 4);
  put_int32(out, value);
}

void put_element(std::string& out, std::int64_t value) {
  put_length(out, 8);
  put_int64(out, value);
}

void put_element(std::string& out, std::string_view value) {
  put_length(out, value.size());
  out.append(value);
}

void put_element(std::string& out, Raw value) { put_element(out, value.bytes); }

void put_element(std::string& out, const Uuid& value) {
  put_length(out, 16);
  put_big_endian(out, value.high, 8);
  put_big_endian(out, value.low, 8);
}

void put_element(std::string& out, Instant value) { put_element(out, value.us - kPostgresEpoch_us); }

void put_array_head(std::string& out, std::int32_t element_oid, std::size_t count) {
  put_int32(out, count == 0 ? 0 : 1);  // dimensions
  put_int32(out, 0);                   // "has NULLs": the receiver counts them itself
  put_int32(out, element_oid);
  if (count == 0) return;
  put_length(out, count);
  put_int32(out, 1);  // the lower bound
}

std::string bigint(std::int64_t value) {
  std::string out;
  put_int64(out, value);
  return out;
}

}  // namespace quickbite::postgres
