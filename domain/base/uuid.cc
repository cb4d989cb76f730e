#include "domain/base/uuid.h"

#include <array>
#include <bit>
#include <cstddef>

namespace quickbite {
namespace {

// SHA-1 (FIPS 180-4), streaming over a namespace and a name so that nothing is copied together first.
class Sha1 {
 public:
  void add(std::uint8_t byte) {
    block_[used_++] = byte;
    ++length_;
    if (used_ == block_.size()) compress();
  }
  void add(std::string_view bytes) {
    for (char c : bytes) add(static_cast<std::uint8_t>(c));
  }
  void add_big_endian(std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) add(static_cast<std::uint8_t>(value >> shift));
  }
  std::array<std::uint32_t, 5> finish() {
    const std::uint64_t bits = length_ * 8;
    add(std::uint8_t{0x80});
    while (used_ != 56) add(std::uint8_t{0});
    add_big_endian(bits);
    return state_;
  }

 private:
  void compress() {
    std::array<std::uint32_t, 80> w;
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = (std::uint32_t{block_[4 * i]} << 24) | (std::uint32_t{block_[4 * i + 1]} << 16) |
             (std::uint32_t{block_[4 * i + 2]} << 8) | std::uint32_t{block_[4 * i + 3]};
    }
    for (std::size_t i = 16; i < 80; ++i) {
      w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    auto [a, b, c, d, e] = state_;
    for (std::size_t i = 0; i < 80; ++i) {
      std::uint32_t f;
      std::uint32_t k;
      if (i < 20) {
        f = (b & c) | (~b & d);
        k = 0x5A827999;
      } else if (i < 40) {
        f = b ^ c ^ d;
        k = 0x6ED9EBA1;
      } else if (i < 60) {
        f = (b & c) | (b & d) | (c & d);
        k = 0x8F1BBCDC;
      } else {
        f = b ^ c ^ d;
        k = 0xCA62C1D6;
      }
      const std::uint32_t next = std::rotl(a, 5) + f + e + k + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
    state_[0] += a;
    state_[1] += b;
    state_[2] += c;
    state_[3] += d;
    state_[4] += e;
    used_ = 0;
  }

  std::array<std::uint32_t, 5> state_{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::array<std::uint8_t, 64> block_{};
  std::size_t used_ = 0;
  std::uint64_t length_ = 0;
};

constexpr std::string_view kHex = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

constexpr bool is_dash_position(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string to_string(const Uuid& uuid) {
  std::string text(36, '-');
  int nibble = 0;
  for (std::size_t i = 0; i < 36; ++i) {
    if (is_dash_position(i)) continue;
    const std::uint64_t half = nibble < 16 ? uuid.high : uuid.low;
    text[i] = kHex[(half >> (60 - 4 * (nibble % 16))) & 0xF];
    ++nibble;
  }
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  int nibble = 0;
  for (std::size_t i = 0; i < 36; ++i) {
    if (is_dash_position(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int value = hex_value(text[i]);
    if (value < 0) return std::nullopt;
    std::uint64_t& half = nibble < 16 ? uuid.high : uuid.low;
    half = (half << 4) | static_cast<std::uint64_t>(value);
    ++nibble;
  }
  return uuid;
}

Uuid uuid_v5(const Uuid& space, std::string_view name) {
  Sha1 sha;
  sha.add_big_endian(space.high);
  sha.add_big_endian(space.low);
  sha.add(name);
  const auto digest = sha.finish();
  Uuid uuid{(std::uint64_t{digest[0]} << 32) | digest[1], (std::uint64_t{digest[2]} << 32) | digest[3]};
  uuid.high = (uuid.high & ~std::uint64_t{0xF000}) | 0x5000;
  uuid.low = (uuid.low & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
  return uuid;
}

}  // namespace quickbite
