#include "domain/machine/menu.h"

#include <utility>

#include "domain/api/api.h"
#include "domain/base/check.h"
#include "domain/base/match.h"

namespace quickbite {

Step<Menu> Menu::step(Input<Menu>&& input, Instant now) {
  return match(
      std::move(input),  //
      [](Start&&) { return Step<Menu>{}; },
      [&](Items<Menu>&& items) { return on_items(std::move(items), now); },
      [&](Answer&& answer) { return on_answer(std::move(std::get<0>(answer)), now); });
}

Step<Menu> Menu::on_items(Items<Menu>&& items, Instant now) {
  CHECK(batch_.empty());
  Step<Menu> step;
  for (const Item& item : items.items) {
    if (ended_ && item.arrived <= *ended_) batch_.push_back(item.request);
  }
  answer_batch(now, step);
  for (const Item& item : items.items) {
    if (!ended_ || item.arrived > *ended_) batch_.push_back(item.request);
  }
  if (batch_.empty()) return step;
  if (breaker_.allows(now)) {
    step.effect = AskMenu{policy_.timeout};
  } else {
    answer_batch(now, step);
  }
  return step;
}

Step<Menu> Menu::on_answer(AskMenuAnswer&& answer, Instant now) {
  CHECK(!batch_.empty());
  Step<Menu> step;
  const BreakerState before = breaker_.state(now);
  ended_ = now;
  match(
      std::move(answer),
      [&](MenuTold&& told) {
        known_ = std::move(told);
        fresh_ = true;
        breaker_.succeeded();
        if (before != BreakerState::kClosed) step.notices.push_back(Turned{BreakerState::kClosed, ""});
      },
      [&](MenuAway&& away) {
        fresh_ = false;
        breaker_.failed(now);
        if (before == BreakerState::kClosed && !breaker_.allows(now)) {
          step.notices.push_back(Turned{BreakerState::kOpen, std::move(away.why)});
        }
      });
  answer_batch(now, step);
  return step;
}

// Everybody in the batch learns the same.
void Menu::answer_batch(Instant now, Step<Menu>& step) {
  if (batch_.empty()) return;
  const HttpAnswer answer = what_is_known(now);
  for (const RequestId& request : batch_) step.notices.push_back(Answered{request, answer});
  batch_.clear();
}

HttpAnswer Menu::what_is_known(Instant now) const {
  return known_ ? api::answer_menu(*known_, !fresh_) : api::menu_unavailable(breaker_.left(now));
}

}  // namespace quickbite
