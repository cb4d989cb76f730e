// A machine that a test steps by hand: it is given one item, then answers, and what it said is kept.
#pragma once

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "domain/machine/machine.h"

namespace quickbite {

template <class M>
struct SteppedByHand {
  M machine;
  Instant now;
  Step<M> last;
  std::vector<typename M::Notice> told;

  SteppedByHand(M stepped, Instant at, typename M::Item item) : machine(std::move(stepped)), now(at) {
    take(machine.step(Input<M>(std::in_place_type<Start>), now));
    Items<M> items;
    items.items.push_back(std::move(item));
    take(machine.step(Input<M>(std::in_place_index<1>, std::move(items)), now));
  }
  template <class A>
  void answer(A answer) {
    take(machine.step(Input<M>(std::in_place_index<2>, typename M::Answer(std::move(answer))), now));
  }
  template <class E>
  const E* effect() const {
    return last.effect ? std::get_if<E>(&*last.effect) : nullptr;
  }

 private:
  void take(Step<M> step) {
    last = std::move(step);
    for (auto& notice : last.notices) told.push_back(notice);
  }
};

}  // namespace quickbite
