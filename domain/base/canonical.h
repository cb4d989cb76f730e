// The canonical encoding: one byte string for each value, the same on every machine. Fingerprints are taken of it.
#pragma once

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/bytes.h"
#include "domain/base/flat_map.h"
#include "domain/base/table.h"
#include "domain/base/strong.h"
#include "domain/base/time.h"
#include "domain/base/uuid.h"

namespace quickbite {

class Encoder {
 public:
  // LEB128: small numbers, which is most of them, take one byte.
  void number(std::uint64_t value) {
    if (value < 0x80 && used_ < bytes_.size()) {
      bytes_[used_++] = static_cast<char>(value);
    } else {
      long_number(value);
    }
  }
  void fixed(std::uint64_t value) {
    char* out = room(8);
    if constexpr (std::endian::native == std::endian::little) {
      std::memcpy(out, &value, 8);
    } else {
      for (int i = 0; i < 8; ++i) out[i] = static_cast<char>((value >> (8 * i)) & 0xFF);
    }
    used_ += 8;
  }
  void text(std::string_view value) {
    number(value.size());
    std::copy(value.begin(), value.end(), room(value.size()));
    used_ += value.size();
  }
  std::string_view view() const { return {bytes_.data(), used_}; }
  std::string take() {
    bytes_.resize(used_);
    used_ = 0;
    return std::exchange(bytes_, {});
  }
  void clear() { used_ = 0; }

 private:
  static constexpr std::size_t kNumberBytesMax = 10;

  void long_number(std::uint64_t value) {
    char* out = room(kNumberBytesMax);
    while (value >= 0x80) {
      *out++ = static_cast<char>((value & 0x7F) | 0x80);
      value >>= 7;
    }
    *out++ = static_cast<char>(value);
    used_ = static_cast<std::size_t>(out - bytes_.data());
  }

  // Where the next `count` bytes go.
  char* room(std::size_t count) {
    if (bytes_.size() - used_ < count) bytes_.resize(2 * bytes_.size() + count + kAtFirst);
    return bytes_.data() + used_;
  }
  static constexpr std::size_t kAtFirst = 48;

  std::string bytes_;  // longer than what is written
  std::size_t used_ = 0;
};

// A struct joins by `auto fields() const { return std::tie(a, b, …); }`, all that is part of its identity.
template <class T>
concept HasFields = requires(const T& value) { value.fields(); };

template <class T>
void encode(Encoder& out, const T& value);

namespace canonical {

template <class T>
  requires std::integral<T> || std::is_enum_v<T>
void put(Encoder& out, T value) {
  // Zig-zag, so that -1 is as short as 1.
  const auto n = static_cast<std::int64_t>(value);
  out.number((static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63));
}
inline void put(Encoder& out, const std::string& value) { out.text(value); }
inline void put(Encoder& out, const Uuid& value) {
  out.fixed(value.high);
  out.fixed(value.low);
}
inline void put(Encoder& out, const Bytes& value) { out.fixed(value.hash()); }
inline void put(Encoder& out, Instant value) { put(out, value.us); }
inline void put(Encoder& out, Duration value) { put(out, value.us); }
inline void put(Encoder&, std::monostate) {}
template <class Tag, class T>
void put(Encoder& out, const Strong<Tag, T>& value) {
  encode(out, value.value);
}
template <class T>
void put(Encoder& out, const std::optional<T>& value) {
  out.number(value ? 1 : 0);
  if (value) encode(out, *value);
}
// As what it points to, shared or not; never null.
template <class T>
void put(Encoder& out, const std::shared_ptr<const T>& value) {
  encode(out, *value);
}
template <class T>
void put(Encoder& out, const std::vector<T>& values) {
  out.number(values.size());
  for (const auto& value : values) encode(out, static_cast<const T&>(value));
}
template <class T>
void put(Encoder& out, std::span<const T> values) {
  out.number(values.size());
  for (const T& value : values) encode(out, value);
}
template <class A, class B>
void put(Encoder& out, const std::pair<A, B>& value) {
  encode(out, value.first);
  encode(out, value.second);
}
template <class K, class V>
void put(Encoder& out, const FlatMap<K, V>& map) {
  out.number(map.size());
  for (const auto& entry : map) put(out, entry);
}
template <class K, class V>
void put(Encoder& out, const Table<K, V>& table) {
  out.number(table.size());
  for (const auto& entry : table) put(out, entry);
}
template <class... T>
void put(Encoder& out, const std::variant<T...>& value) {
  out.number(value.index());
  std::visit([&](const auto& alternative) { encode(out, alternative); }, value);
}
template <class... T>
void put(Encoder& out, const std::tuple<T...>& values) {
  std::apply([&](const auto&... each) { (encode(out, each), ...); }, values);
}

}  // namespace canonical

template <class T>
void encode(Encoder& out, const T& value) {
  if constexpr (HasFields<T>) {
    canonical::put(out, value.fields());
  } else if constexpr (std::is_empty_v<T>) {
    (void)out;
  } else {
    canonical::put(out, value);
  }
}

}  // namespace quickbite
