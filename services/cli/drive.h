// drive: steps a machine that an operator has set to work until it is done, on this thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "domain/machine/host.h"
#include "services/runtime/clock.h"

namespace quickbite::cli {

// `perform` has an overload for each effect but Wait; `tell` is called with each notice; `trouble` says what keeps it waiting.
// Unavailable, with that, where it got no further for `patience`. What was stored by then is stored: it may be begun again.
template <class M, class Perform, class Tell>
absl::Status drive(M machine, typename M::Item item, absl::Duration patience, Perform perform, Tell tell,
                   const std::function<std::string()>& trouble) {
  Host<M> host(std::move(machine), 1, 1, 1);
  const auto now = [] { return runtime::steady_unix_now(); };
  absl::Time until = absl::Now() + patience;
  host.start(now());
  host.offer(std::move(item));
  std::optional<Step<M>> step = host.take(now());
  while (step) {
    if (!step->notices.empty()) until = absl::Now() + patience;
    for (auto& notice : step->notices) tell(std::move(notice));
    if (!step->effect) return absl::OkStatus();
    std::optional<absl::Status> given_up;
    typename M::Answer answer = std::visit(
        [&]<class E>(E&& effect) -> typename M::Answer {
          if constexpr (std::is_same_v<std::decay_t<E>, Wait>) {
            const absl::Duration wait = absl::Microseconds((effect.until - now()).us);
            if (absl::Now() + wait > until) given_up = absl::UnavailableError(trouble());
            if (!given_up) absl::SleepFor(wait);
            return Waited{};
          } else {
            return perform(std::forward<E>(effect));
          }
        },
        std::move(*step->effect));
    if (given_up) return *given_up;
    step = host.answer(host.effect_id(), std::move(answer), now());
  }
  return absl::OkStatus();
}

}  // namespace quickbite::cli
