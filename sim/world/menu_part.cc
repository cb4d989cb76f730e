#include <algorithm>
#include <utility>

#include "sim/world/host_part.h"

namespace quickbite::sim {
namespace {

void cover(WorldEnv& env, Sometimes fact) { env.cover(static_cast<std::uint32_t>(fact)); }

Subject call_subject(PartId caller, EffectId id, std::uint64_t what) { return effect_subject(caller, id, 0x3E00 + what); }

}  // namespace

template <>
struct Performs<Menu> {
  using At = HostStep<Menu>;
  static void told(At& at, Menu::Notice&& notice) {
    match(
        std::move(notice),
        [&](Menu::Answered&& answered) {
          at.env.send(at.seat.front, at.event(ReadDone{answered.request, std::move(answered.answer)}), Lane::kNow,
                      at.env.now());
        },
        [&](Menu::Turned&& turned) {
          cover(at.env, turned.state == BreakerState::kOpen ? Sometimes::kMenuBreakerOpened : Sometimes::kMenuProbeAnswered);
        });
  }

  // Any process of Inventory may be asked: they stand behind one name.
  static void perform(At& at, AskMenu&& ask, Verdict verdict) {
    const std::vector<PartId>& processes = at.config.inventories;
    const Subject subject = call_subject(at.self, at.id(), 0);
    const std::size_t replica =
        processes.size() == 1
            ? 0
            : at.env.choose(site(Sites::kMenuReplica), subject, static_cast<std::uint32_t>(processes.size()));
    send_message(at.config, at.env, processes[replica], at.event(MenuAsked{at.id()}), subject,
                 verdict == Verdict::kLoseRequest ? 0 : verdict == Verdict::kDuplicate ? 2 : 1, at.env.late());
    arm(at, at.env.now() + ask.timeout, Lane::kTimer);
  }
};

void step_part(const Config& config, HostPart<Menu>& part, PartId self, Event&& event, WorldEnv& env) {
  HostStep<Menu> at(config, part, self, env);
  if (auto* started = std::get_if<Begin>(&event.what)) {
    begin(at, Menu(config.menu, salt_of(at.seat)), started->generation, config.limits.queue);
  } else if (std::holds_alternative<Kill>(event.what)) {
    kill(at);
  } else if (auto* item = std::get_if<Offer<Menu>>(&event.what)) {
    const RequestId request = item->item.request;
    if (part.host && part.host->in_flight()) cover(env, Sometimes::kMenuShared);
    if (part.host && !offer(at, std::move(item->item))) {
      env.send(at.seat.front, at.event(QueueFull{request}), Lane::kNow, env.now());
    }
  } else if (auto* answer = std::get_if<AnswerTo<Menu>>(&event.what)) {
    if (part.host) resume(at, answer->id, std::move(answer->answer), Verb::kAskMenu, env.now());
  } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
    if (!due(at, *timeout, event.from)) return;
    resume(at, at.id(), Menu::Answer(MenuAway{"no answer in time"}), Verb::kAskMenu, timeout_now(at));
  }
}

void serve_menu(const Config& config, const ProcessPart& part, PartId self, const Event& event, WorldEnv& env) {
  const auto reply = [&](PartId caller, EffectId id, AskMenuAnswer answer, int copies, const Late& late = {}) {
    send_message(config, env, caller, said(self, AnswerTo<Menu>{id, Menu::Answer(std::move(answer))}),
                 call_subject(caller, id, 1), copies, late);
  };
  const auto verdict = [&](PartId caller, EffectId id, Phase phase) {
    const Seat& seat = config.seats[caller];
    const Verdict given = env.verdict(moment_of(seat, caller, id, Verb::kAskMenu, phase, {}));
    if (given == Verdict::kCrash) crash(config, env, self, seat.process);
    return given;
  };
  if (const auto* asked = std::get_if<MenuAsked>(&event.what)) {
    if (!part.up) return reply(event.from, asked->id, MenuAway{"nobody listens"}, 1);
    verdict(event.from, asked->id, Phase::kPartly);
    const Duration statement = env.delay(site(Sites::kStatementDelay), call_subject(event.from, asked->id, 2),
                                         config.timing.statement_min, config.timing.statement_max, env.late());
    env.send(config.inventory_ledger, said(self, MenuQuery{event.from, asked->id, part.incarnation}), Lane::kChannel,
             env.now() + statement);
  } else if (const auto* found = std::get_if<MenuFound>(&event.what)) {
    if (!part.up || part.incarnation != found->incarnation) return;  // the connection ended with the process
    switch (verdict(found->caller, found->id, Phase::kUnanswered)) {
      case Verdict::kLoseAnswer:
        return;
      case Verdict::kDuplicate:
        return reply(found->caller, found->id, found->answer, 2, env.late());
      default:
        return reply(found->caller, found->id, found->answer, 1, env.late());
    }
  }
}

}  // namespace quickbite::sim
