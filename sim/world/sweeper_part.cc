#include "sim/world/host_part.h"

namespace quickbite::sim {

template <class Service>
struct Performs<Sweeper<Service>> {
  using M = Sweeper<Service>;
  using At = HostStep<M>;

  static void told(At& at, typename M::Notice&& notice) {
    match(
        std::move(notice),
        [&](typename M::Swept&& swept) {
          if (swept.pruned.processed > 0) at.env.cover(static_cast<std::uint32_t>(Sometimes::kSwept));
        },
        [&](OutboxFilled&&) {
          at.env.send(at.seat.relay, at.event(Offer<Relay>{}), Lane::kNow, at.env.now());
        });
  }
  // Whatever it asks for, it asks the ledger.
  template <class Request>
  static void perform(At& at, Request&& request, Verdict) {
    query<typename M::Ledger>(at, std::forward<Request>(request));
  }
  static Verb verb_of(const typename M::Answer& answer) {
    return std::visit(
        [](const auto& one) {
          using A = std::decay_t<decltype(one)>;
          if constexpr (std::is_same_v<A, FindDueAnswer>) return Verb::kFindDue;
          if constexpr (std::is_same_v<A, LoadAnswer<typename M::Ledger>>) return Verb::kLoad;
          if constexpr (std::is_same_v<A, StoreAnswer>) return Verb::kStore;
          if constexpr (std::is_same_v<A, PruneAnswer>) return Verb::kPrune;
          if constexpr (std::is_same_v<A, Waited>) return Verb::kWait;
        },
        answer);
  }

  static void step(const Config& config, HostPart<M>& part, PartId self, Event&& event, WorldEnv& env) {
    At at(config, part, self, env);
    if (auto* started = std::get_if<Begin>(&event.what)) {
      if (!config.sweeps[static_cast<std::size_t>(at.seat.service)]) return;
      begin(at, M(config.limits, salt_of(at.seat)), started->generation, 1);
    } else if (std::holds_alternative<Kill>(event.what)) {
      kill(at);
    } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
      if (due(at, *timeout, event.from)) waited(at);
    } else if (auto* answer = std::get_if<AnswerTo<M>>(&event.what)) {
      const Verb verb = verb_of(answer->answer);
      if (part.host) resume(at, answer->id, std::move(answer->answer), verb, env.now());
    }
  }
};

void step_part(const Config& config, HostPart<Sweeper<OrdersService>>& part, PartId self, Event&& event,
                         WorldEnv& env) {
  Performs<Sweeper<OrdersService>>::step(config, part, self, std::move(event), env);
}

void step_part(const Config& config, HostPart<Sweeper<InventoryService>>& part, PartId self, Event&& event,
                            WorldEnv& env) {
  Performs<Sweeper<InventoryService>>::step(config, part, self, std::move(event), env);
}

}  // namespace quickbite::sim
