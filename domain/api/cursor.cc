#include "domain/api/cursor.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "domain/base/hash.h"

namespace quickbite::api {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Time, id, and a check of both and the user: enough to tell a cursor that was cut, mistyped or another user's. It guards
// nothing else, since a list is always its user's own.
constexpr std::size_t kBytes = 8 + 16 + 4;
constexpr std::size_t kCharacters = (kBytes * 8 + 5) / 6;

using Octets = std::array<std::uint8_t, kBytes>;

void put(Octets& out, std::size_t at, std::size_t count, std::uint64_t value) {
  for (std::size_t i = 0; i < count; ++i) out[at + i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
}

std::uint64_t get(const Octets& in, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value = value << 8 | in[at + i];
  return value;
}

std::uint64_t check_of(const UserId& user, const Octets& octets) {
  Hash64 hash;
  hash.add(user.value);
  for (std::size_t at = 0; at < kBytes - 4; at += 8) hash.add(get(octets, at, 8));
  return hash.digest() & 0xFFFF'FFFF;
}

}  // namespace

std::string write_cursor(const UserId& user, const ListPlace& place) {
  Octets octets{};
  put(octets, 0, 8, static_cast<std::uint64_t>(place.created_at.us));
  put(octets, 8, 8, place.id.value.high);
  put(octets, 16, 8, place.id.value.low);
  put(octets, 24, 4, check_of(user, octets));
  std::string text;
  for (std::size_t bit = 0; bit < kBytes * 8; bit += 6) {
    const std::size_t at = bit / 8;
    const std::uint32_t two = std::uint32_t{octets[at]} << 8 | (at + 1 < kBytes ? octets[at + 1] : 0);
    text += kAlphabet[two >> (10 - bit % 8) & 63];
  }
  return text;
}

std::optional<ListPlace> read_cursor(const UserId& user, std::string_view text) {
  if (text.size() != kCharacters) return std::nullopt;
  Octets octets{};
  std::uint32_t held = 0;
  std::size_t bits = 0;
  std::size_t at = 0;
  for (const char c : text) {
    const std::size_t six = kAlphabet.find(c);
    if (six == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(six);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    octets[at++] = static_cast<std::uint8_t>(held >> bits);
    held &= (1u << bits) - 1;
  }
  // The bits that are left over must be zero, so that each place has one text.
  if (held != 0 || get(octets, 24, 4) != check_of(user, octets)) return std::nullopt;
  return ListPlace{Instant{static_cast<std::int64_t>(get(octets, 0, 8))},
                   OrderId(Uuid{get(octets, 8, 8), get(octets, 16, 8)})};
}

}  // namespace quickbite::api
