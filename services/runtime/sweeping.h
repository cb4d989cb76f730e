// Sweeping: a service's Sweeper on a thread and a connection of its own. It needs the database alone: orders expire while the
// broker is away, and their announcements wait in the outbox.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/log/logger.h"
#include "domain/machine/sweeper.h"
#include "services/runtime/effect_numbers.h"
#include "services/runtime/effects.h"
#include "services/runtime/runner.h"
#include "services/runtime/settings.h"

namespace quickbite::runtime {

template <class S, class Session>
class Sweeping {
 public:
  // `wake_relay` is called on the sweeper's thread after each transaction that stored outbox rows.
  Sweeping(const ServiceSettings& settings, const log::Logger& logger, std::function<void()> wake_relay)
      : logger_(logger),
        wake_relay_(std::move(wake_relay)),
        runner_("sweeper", M(settings.limits, settings.salt + kSalt), settings.limits, settings.clock,
                Sweep(settings.metrics, logger, "sweeper", {std::make_unique<Session>(settings.session("sweeper"))}), [this](auto&& notices) { this->tell(notices); }) {}

  void start() { runner_.start(); }

  // Asks it to rest, and waits for that until `deadline`; false where it still works.
  bool stop(std::chrono::steady_clock::time_point deadline) {
    runner_.stop();
    return runner_.wait_stopped(deadline);
  }

 private:
  using M = Sweeper<S>;
  using Sweep = Observed<SweeperEffects<typename S::Ledger, Session>>;
  static constexpr std::uint64_t kSalt = 4;  // unlike the other machines' of this process

  void tell(const std::vector<typename M::Notice>& notices) {
    for (const auto& notice : notices) {
      if (std::holds_alternative<OutboxFilled>(notice)) {
        wake_relay_();
        continue;
      }
      const auto& swept = std::get<typename M::Swept>(notice);
      if (swept.expired > 0) logger_.info("orders have expired", {{"orders", swept.expired}});
      if (swept.left > 0) logger_.error("orders cannot expire: the database refuses it", {{"orders", swept.left}});
      if (swept.pruned.processed + swept.pruned.outbox > 0) {
        logger_.debug("rows past their retention were deleted",
                      {{"processed_events", swept.pruned.processed}, {"outbox_events", swept.pruned.outbox}});
      }
    }
  }

  const log::Logger logger_;
  const std::function<void()> wake_relay_;
  Runner<M, Sweep> runner_;
};

}  // namespace quickbite::runtime
