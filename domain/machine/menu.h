// Menu: asks Inventory what there is, one call at a time, and remembers the last answer for when Inventory is away.
//
//   Idle   + Items, of whom some came while the last call was under way → they share its outcome
//   Idle   + Items, the breaker allows a call                           → AskMenu for all the others
//   Idle   + Items, the breaker is open                                 → answers from memory; Idle
//   Asking + MenuTold                                                   → fresh answers; the breaker closes; Idle
//   Asking + MenuAway                                                   → answers from memory; the breaker counts; Idle
//
// From memory: the last menu that was told, marked stale, with its own as_of; 503 with Retry-After where there never was one.
// No answer waits for more than two calls: the one under way, and the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/machine/breaker.h"
#include "domain/machine/machine.h"
#include "domain/port/http.h"
#include "domain/port/menu.h"

namespace quickbite {

class Menu {
 public:
  struct Item {
    RequestId request;
    Instant arrived;  // by the clock that `step` is given
    auto fields() const { return std::tie(request, arrived); }
  };
  using Effect = std::variant<AskMenu>;
  using Answer = std::variant<AskMenuAnswer>;
  struct Answered {
    RequestId request;
    HttpAnswer answer;
    auto fields() const { return std::tie(request, answer); }
  };
  // Inventory's condition as its caller sees it has changed.
  struct Turned {
    BreakerState state = BreakerState::kClosed;  // kOpen or kClosed
    std::string why;                             // of kOpen, for a person
    auto fields() const { return std::tie(state, why); }
  };
  using Notice = std::variant<Answered, Turned>;

  // `salt` spreads the pauses of different replicas.
  Menu(const MenuPolicy& policy, std::uint64_t salt) : policy_(policy), breaker_(policy, salt) {}

  Step<Menu> step(Input<Menu>&& input, Instant now);

  auto fields() const { return std::tie(batch_, known_, fresh_, ended_, breaker_); }

 private:
  Step<Menu> on_items(Items<Menu>&& items, Instant now);
  Step<Menu> on_answer(AskMenuAnswer&& answer, Instant now);
  void answer_batch(Instant now, Step<Menu>& step);
  HttpAnswer what_is_known(Instant now) const;

  MenuPolicy policy_;
  Breaker breaker_;
  std::vector<RequestId> batch_;   // who waits for the call under way
  std::optional<MenuTold> known_;  // the last that was told
  bool fresh_ = false;             // the last call brought it
  std::optional<Instant> ended_;   // when the last call did
};

}  // namespace quickbite
