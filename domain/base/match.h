// match(variant, handlers…): names every alternative or does not compile.
#pragma once

#include <utility>
#include <variant>

namespace quickbite {

template <class... Handlers>
struct Handles : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Handles(Handlers...) -> Handles<Handlers...>;

template <class Variant, class... Handlers>
decltype(auto) match(Variant&& variant, Handlers&&... handlers) {
  return std::visit(Handles{std::forward<Handlers>(handlers)...}, std::forward<Variant>(variant));
}

}  // namespace quickbite
