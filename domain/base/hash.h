// Hash64: a 64-bit streaming hash of fixed-width values, the same on every compiler, word size and byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

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
  // Eight bytes, spelled out: so compilers make one load of it.
  static constexpr std::uint64_t word(const char* b) {
    return byte(b, 0) | byte(b, 1) | byte(b, 2) | byte(b, 3) | byte(b, 4) | byte(b, 5) | byte(b, 6) | byte(b, 7);
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
