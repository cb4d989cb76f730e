#include "sim/world/host_part.h"

namespace quickbite::sim {

template <>
struct Performs<Intake> {
  using At = HostStep<Intake>;
  static void told(At& at, Intake::Notice&& notice) {
    match(
        std::move(notice),
        [&](Intake::Answered&& answered) {
          if (const auto* cancelled = std::get_if<Cancelled>(&answered.outcome)) hint_reader(at, {cancelled->order.id});
          at.env.send(at.seat.front, at.event(CommandDone{answered.request, std::move(answered.outcome)}), Lane::kNow,
                      at.env.now());
        },
        [&](OutboxFilled&&) {
          at.env.send(at.seat.relay, at.event(Offer<Relay>{}), Lane::kNow, at.env.now());
        });
  }
  static void perform(At& at, Load<OrdersLedger>&& load, Verdict) { query<OrdersLedger>(at, std::move(load)); }
  static void perform(At& at, Store<OrdersLedger>&& store, Verdict) {
    if (at.part.host->machine().batch() > 1) at.env.cover(static_cast<std::uint32_t>(Sometimes::kBatchOfMany));
    query<OrdersLedger>(at, std::move(store));
  }
  static Verb verb_of(const Intake::Answer& answer) {
    return match(
        answer, [](const LoadAnswer<OrdersLedger>&) { return Verb::kLoad; },
        [](const StoreAnswer&) { return Verb::kStore; }, [](const Waited&) { return Verb::kWait; });
  }
};

void step_part(const Config& config, HostPart<Intake>& part, PartId self, Event&& event, WorldEnv& env) {
  HostStep<Intake> at(config, part, self, env);
  if (auto* started = std::get_if<Begin>(&event.what)) {
    begin(at, Intake(config.limits, salt_of(at.seat)), started->generation, config.limits.queue);
  } else if (std::holds_alternative<Kill>(event.what)) {
    kill(at);
  } else if (auto* item = std::get_if<Offer<Intake>>(&event.what)) {
    const RequestId request = item->item.request;
    if (part.host && !offer(at, std::move(item->item))) {
      env.send(at.seat.front, at.event(QueueFull{request}), Lane::kNow, env.now());
    }
  } else if (auto* answer = std::get_if<AnswerTo<Intake>>(&event.what)) {
    if (part.host) resume(at, answer->id, std::move(answer->answer), Performs<Intake>::verb_of(answer->answer), env.now());
  } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
    if (due(at, *timeout, event.from)) waited(at);
  }
}

}  // namespace quickbite::sim
