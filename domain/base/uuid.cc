#include "domain/base/uuid.h"

#include <array>
#include <cstddef>

#include "domain/base/hex.h"
#include "domain/base/sha1.h"

namespace quickbite {
namespace {

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
