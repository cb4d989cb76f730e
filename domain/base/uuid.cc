#include "domain/base/uuid.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

#include "domain/base/hex.h"

namespace quickbite {
namespace {

// SHA-1 (FIPS 180-4), streaming over a namespace and a name so that nothing is copied together
// first.
class Sha1 {
 public:
  using Word = std::uint32_t;

  void add(std::string_view bytes) {
    length_ += bytes.size();
    while (!bytes.empty()) {
      const std::size_t taken = std::min(bytes.size(), block_.size() - used_);
      std::memcpy(block_.data() + used_, bytes.data(), taken);
      bytes.remove_prefix(taken);
      used_ += taken;
      if (used_ == block_.size()) compress();
    }
  }
  void add_big_endian(std::uint64_t value) {
    std::array<char, 8> bytes;
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i) & 0xFF);
    add(std::string_view(bytes.data(), bytes.size()));
  }
  std::array<Word, 5> finish() {
    const std::uint64_t bits = length_ * 8;
    block_[used_++] = 0x80;
    if (used_ > kLengthAt) {
      std::memset(block_.data() + used_, 0, block_.size() - used_);
      compress();
    }
    std::memset(block_.data() + used_, 0, kLengthAt - used_);
    used_ = kLengthAt;
    add_big_endian(bits);
    return state_;
  }

 private:
  static constexpr std::size_t kLengthAt = 56;

  static constexpr auto choice = [](Word x, Word y, Word z) { return z ^ (x & (y ^ z)); };
  static constexpr auto parity = [](Word x, Word y, Word z) { return x ^ y ^ z; };
  static constexpr auto majority = [](Word x, Word y, Word z) { return (x & y) | (z & (x | y)); };

  static Word big_endian(const std::uint8_t* bytes) {
    if constexpr (std::endian::native == std::endian::little) {
      Word word;
      std::memcpy(&word, bytes, sizeof word);
      return (word >> 24) | ((word >> 8) & 0xFF00) | ((word & 0xFF00) << 8) | (word << 24);
    } else {
      return (Word{bytes[0]} << 24) | (Word{bytes[1]} << 16) | (Word{bytes[2]} << 8) | Word{bytes[3]};
    }
  }

  template <class F>
  static void one(F f, Word k, Word w, Word a, Word& b, Word c, Word d, Word& e) {
    e += std::rotl(a, 5) + f(b, c, d) + k + w;
    b = std::rotl(b, 30);
  }
  template <class F>
  static void five(F f, Word k, const Word* w, Word& a, Word& b, Word& c, Word& d, Word& e) {
    one(f, k, w[0], a, b, c, d, e);
    one(f, k, w[1], e, a, b, c, d);
    one(f, k, w[2], d, e, a, b, c);
    one(f, k, w[3], c, d, e, a, b);
    one(f, k, w[4], b, c, d, e, a);
  }

  void compress() {
    std::array<Word, 80> w;
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = big_endian(&block_[4 * i]);
    }
    for (std::size_t i = 16; i < 80; ++i) {
      w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    auto [a, b, c, d, e] = state_;
    // A loop for each of the four functions, and five rounds at a time so that no word has to move:
    // this is where a simulated order would spend its time. Unrolled, it would not leave much room
    // in the instruction cache for who calls it.
#pragma GCC unroll 1
    for (std::size_t i = 0; i < 20; i += 5) five(choice, 0x5A827999, &w[i], a, b, c, d, e);
#pragma GCC unroll 1
    for (std::size_t i = 20; i < 40; i += 5) five(parity, 0x6ED9EBA1, &w[i], a, b, c, d, e);
#pragma GCC unroll 1
    for (std::size_t i = 40; i < 60; i += 5) five(majority, 0x8F1BBCDC, &w[i], a, b, c, d, e);
#pragma GCC unroll 1
    for (std::size_t i = 60; i < 80; i += 5) five(parity, 0xCA62C1D6, &w[i], a, b, c, d, e);
    state_[0] += a;
    state_[1] += b;
    state_[2] += c;
    state_[3] += d;
    state_[4] += e;
    used_ = 0;
  }

  std::array<Word, 5> state_{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::array<std::uint8_t, 64> block_;
  std::size_t used_ = 0;
  std::uint64_t length_ = 0;
};

constexpr std::uint8_t kNotHex = 0xFF;

constexpr std::array<std::uint8_t, 256> kHexValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNotHex);
  for (std::uint8_t i = 0; i < 10; ++i) values['0' + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) {
    values['a' + i] = static_cast<std::uint8_t>(10 + i);
    values['A' + i] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}();

// Four digits to `a`, the next four to `b`.
void write_eight(std::uint64_t digits, char* a, char* b) {
  for (int i = 0; i < 4; ++i) {
    a[i] = static_cast<char>(digits >> (8 * i));
    b[i] = static_cast<char>(digits >> (8 * i + 32));
  }
}

// Where the two digits of each byte stand in the canonical text.
constexpr std::array<std::size_t, 16> kByteAt = {0,  2,  4,  6,  9,  11, 14, 16,
                                                 19, 21, 24, 26, 28, 30, 32, 34};

}  // namespace

void write_uuid(const Uuid& uuid, char* out) {
  write_eight(hex_digits(uuid.high >> 32), out, out + 4);
  write_eight(hex_digits(uuid.high), out + 9, out + 14);
  write_eight(hex_digits(uuid.low >> 32), out + 19, out + 24);
  write_eight(hex_digits(uuid.low), out + 28, out + 32);
  out[8] = out[13] = out[18] = out[23] = '-';
}

std::string to_string(const Uuid& uuid) {
  std::string text(kUuidTextBytes, '-');
  write_uuid(uuid, text.data());
  return text;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != kUuidTextBytes) return std::nullopt;
  if (text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return std::nullopt;
  Uuid uuid;
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < kByteAt.size(); ++i) {
    const std::uint8_t high = kHexValues[static_cast<std::uint8_t>(text[kByteAt[i]])];
    const std::uint8_t low = kHexValues[static_cast<std::uint8_t>(text[kByteAt[i] + 1])];
    seen |= high | low;
    std::uint64_t& half = i < 8 ? uuid.high : uuid.low;
    half = (half << 8) | static_cast<std::uint64_t>(high << 4 | low);
  }
  if (seen > 0xF) return std::nullopt;
  return uuid;
}

Uuid uuid_v5(const Uuid& space, std::string_view name) {
  return uuid_v5_of_parts(space, {name});
}

Uuid uuid_v5_of_parts(const Uuid& space, std::initializer_list<std::string_view> name) {
  Sha1 sha;
  sha.add_big_endian(space.high);
  sha.add_big_endian(space.low);
  for (const std::string_view part : name) sha.add(part);
  const auto digest = sha.finish();
  Uuid uuid{(std::uint64_t{digest[0]} << 32) | digest[1],
            (std::uint64_t{digest[2]} << 32) | digest[3]};
  uuid.high = (uuid.high & ~std::uint64_t{0xF000}) | 0x5000;
  uuid.low = (uuid.low & 0x3FFF'FFFF'FFFF'FFFF) | 0x8000'0000'0000'0000;
  return uuid;
}

}  // namespace quickbite
