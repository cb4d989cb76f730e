// Strong<Tag, T>: a value of T that is no other T: construction is explicit, nothing converts, only order and equality come free.
#pragma once

#include <compare>
#include <utility>

namespace quickbite {

template <class Tag, class T>
struct Strong {
  T value{};

  constexpr Strong() = default;
  explicit constexpr Strong(T v) : value(std::move(v)) {}

  friend constexpr auto operator<=>(const Strong&, const Strong&) = default;
  friend constexpr bool operator==(const Strong&, const Strong&) = default;
};

}  // namespace quickbite
