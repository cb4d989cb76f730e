// Hash64: a 64-bit streaming hash of fixed-width values, the same on every compiler, word size and byte order.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace quickbite {

// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
constexpr std::uint64_t scramble(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

class Hash64 {
 public:
  constexpr Hash64() = default;
  explicit constexpr Hash64(std::uint64_t seed) : state_(seed) {}

  constexpr void add(std::uint64_t value) {
    state_ = (state_ ^ value) * 0x9E3779B97F4A7C15;
    state_ ^= state_ >> 29;
  }

  // Adds the bytes, eight at a time in little-endian order, then their count.
  constexpr void add(std::string_view bytes) {
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) add(word(bytes.data() + i));
    if (i < bytes.size()) add(tail(bytes.data() + i, bytes.size() - i));
    add(bytes.size());
  }

  constexpr std::uint64_t digest() const { return scramble(state_); }

 private:
  static constexpr std::uint64_t byte(const char* bytes, int i) {
    return std::uint64_t{static_cast<std::uint8_t>(bytes[i])} << (8 * i);
  }
  // Where it may, one load; GCC 12 makes eight of it otherwise.
  static constexpr std::uint64_t word(const char* bytes) {
    if (std::is_constant_evaluated() || std::endian::native != std::endian::little) return tail(bytes, 8);
    std::uint64_t value = 0;
    std::memcpy(&value, bytes, sizeof value);
    return value;
  }
  static constexpr std::uint64_t tail(const char* bytes, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= byte(bytes, static_cast<int>(i));
    return value;
  }

  std::uint64_t state_ = 0x243F6A8885A308D3;
};

constexpr std::uint64_t hash_of(std::string_view bytes) {
  Hash64 hash;
  hash.add(bytes);
  return hash.digest();
}

}  // namespace quickbite
