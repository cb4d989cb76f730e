// How a machine's Host runs as a part: perform its effects by messages, step it with the answers, crash it at any boundary.
//
// What differs from machine to machine (who is told, what an effect sends) is its Performs<M>, in the machine's own file.
#pragma once

#include <utility>

#include "domain/base/match.h"
#include "sim/world/world.h"

namespace quickbite::sim {

// The verb and the order of an effect, for moments.
template <class Effect>
struct Effected;
template <class L>
struct Effected<Load<L>> {
  static constexpr Verb kVerb = Verb::kLoad;
  static OrderId order(const Load<L>& load) { return load.keys.orders.empty() ? OrderId{} : load.keys.orders.front(); }
};
template <class L>
struct Effected<Store<L>> {
  static constexpr Verb kVerb = Verb::kStore;
  static OrderId order(const Store<L>& store) {
    for (const auto& writes : store.transactions) {
      for (const auto* rows : {&writes.inserted, &writes.updated}) {
        if (rows->empty()) continue;
        if constexpr (requires { rows->front().id; }) {
          return rows->front().id;
        } else {
          return rows->front().order;
        }
      }
    }
    return {};
  }
};
template <>
struct Effected<ReadOutbox> {
  static constexpr Verb kVerb = Verb::kReadOutbox;
  static OrderId order(const ReadOutbox&) { return {}; }
};
template <>
struct Effected<MarkOutbox> {
  static constexpr Verb kVerb = Verb::kMark;
  static OrderId order(const MarkOutbox&) { return {}; }
};
template <>
struct Effected<ReadOrders> {
  static constexpr Verb kVerb = Verb::kReadOrders;
  static OrderId order(const ReadOrders& read) { return read.orders.empty() ? OrderId{} : read.orders.front(); }
};
template <>
struct Effected<Produce> {
  static constexpr Verb kVerb = Verb::kProduce;
  static OrderId order(const Produce& produce) {
    if (produce.messages.empty() || !produce.messages.front().key) return {};
    const auto uuid = parse_uuid(*produce.messages.front().key);
    return uuid ? OrderId{*uuid} : OrderId{};
  }
};
template <>
struct Effected<Poll> {
  static constexpr Verb kVerb = Verb::kPoll;
  static OrderId order(const Poll&) { return {}; }
};
template <>
struct Effected<CommitOffsets> {
  static constexpr Verb kVerb = Verb::kCommitOffsets;
  static OrderId order(const CommitOffsets&) { return {}; }
};
template <>
struct Effected<Wait> {
  static constexpr Verb kVerb = Verb::kWait;
  static OrderId order(const Wait&) { return {}; }
};

template <>
struct Effected<FindDue> {
  static constexpr Verb kVerb = Verb::kFindDue;
  static OrderId order(const FindDue&) { return {}; }
};
template <>
struct Effected<Prune> {
  static constexpr Verb kVerb = Verb::kPrune;
  static OrderId order(const Prune&) { return {}; }
};
template <>
struct Effected<AskMenu> {
  static constexpr Verb kVerb = Verb::kAskMenu;
  static OrderId order(const AskMenu&) { return {}; }
};

template <>
struct Effected<FindLetters> {
  static constexpr Verb kVerb = Verb::kFindLetters;
  static OrderId order(const FindLetters&) { return {}; }
};
template <>
struct Effected<Resend> {
  static constexpr Verb kVerb = Verb::kResend;
  static OrderId order(const Resend&) { return {}; }
};

// What a part knows while it steps.
template <class M>
struct HostStep {
  const Config& config;
  HostPart<M>& part;
  PartId self;
  WorldEnv& env;
  const Seat& seat;

  HostStep(const Config& c, HostPart<M>& p, PartId s, WorldEnv& e)
      : config(c), part(p), self(s), env(e), seat(c.seats[s]) {}

  EffectId id() const { return part.host->effect_id(); }
  template <class What>
  Said<What> event(What&& what) const {
    return said(self, std::forward<What>(what));
  }
};

// Performs<M>::told(at, notice), Performs<M>::perform(at, effect, verdict).
template <class M>
struct Performs;

template <class M>
void follow(HostStep<M>& at, Step<M>&& step);

// Steps the machine with the answer to its effect; a crash may strike right after.
template <class M>
void resume(HostStep<M>& at, EffectId id, typename M::Answer&& answer, Verb verb, Instant now) {
  std::optional<Step<M>> step = at.part.host->answer(id, std::move(answer), now);
  if (!step) return;
  const Verdict verdict = at.env.verdict(moment_of(at.seat, at.self, id, verb, Phase::kAnswered, {}));
  if (verdict == Verdict::kCrash) {
    crash(at.config, at.env, at.self, at.seat.process);
    return;
  }
  follow(at, std::move(*step));
}

// A Timeout for the effect in flight, at `until`. Where time is modelled one timer at a time is on its way, early rather than late.
template <class M>
void arm(HostStep<M>& at, Instant until, Lane lane) {
  if (at.config.timed && until < at.env.now()) until = at.env.now();  // when it fires, it must be as it was armed
  at.part.deadline = until;
  if (!at.config.timed) {
    at.env.send(at.self, at.event(Timeout{at.id()}), lane, until, 1);
    return;
  }
  if (at.part.armed.us != 0 && at.part.armed <= until) return;
  at.part.armed = until;
  at.env.send(at.self, at.event(Timeout{at.id()}), lane, until);
}

// True where the timer is due for the effect in flight; arms it again where it came early. One that another part sent speaks of
// its effect alone.
template <class M>
bool due(HostStep<M>& at, const Timeout& timeout, PartId from) {
  if (!at.config.timed || from != at.self) {
    return at.part.host && at.part.host->in_flight() && timeout.id == at.id();
  }
  if (at.part.armed == at.env.now()) at.part.armed = {};
  if (!at.part.host || !at.part.host->in_flight() || at.part.deadline.us == 0) return false;
  if (at.part.deadline <= at.env.now()) return true;
  arm(at, at.part.deadline, Lane::kIdleTimer);
  return false;
}

// Notices go out, then the effect is performed, unless a crash strikes before it.
template <class M>
void follow(HostStep<M>& at, Step<M>&& step) {
  at.part.deadline = {};
  for (auto& notice : step.notices) Performs<M>::told(at, std::move(notice));
  if (!step.effect) {
    if (at.part.host->ready()) follow(at, at.part.host->take(at.env.now()));
    return;
  }
  match(std::move(*step.effect), [&](auto&& effect) {
    using E = std::decay_t<decltype(effect)>;
    const Verdict verdict = at.env.verdict(
        moment_of(at.seat, at.self, at.id(), Effected<E>::kVerb, Phase::kBefore, Effected<E>::order(effect)));
    if (verdict == Verdict::kCrash) {
      crash(at.config, at.env, at.self, at.seat.process);
      return;
    }
    if constexpr (std::is_same_v<E, Wait>) {
      if (at.part.host->ready()) return follow(at, at.part.host->take(at.env.now()));  // the inbox ends it before it begins
      arm(at, effect.until, effect.interruptible ? Lane::kIdleTimer : Lane::kTimer);
    } else {
      Performs<M>::perform(at, std::move(effect), verdict);
    }
  });
}

// Puts an item into the inbox and lets the machine take it where it may; false where the inbox is full.
template <class M>
bool offer(HostStep<M>& at, typename M::Item&& item) {
  if (!at.part.host->offer(std::move(item))) return false;
  if (at.part.host->ready()) follow(at, at.part.host->take(at.env.now()));
  return true;
}

template <class M>
void begin(HostStep<M>& at, M machine, std::uint32_t generation, std::int64_t queue) {
  at.part = HostPart<M>{std::nullopt, {}, {}, false, {}, at.part.armed};
  at.part.host.emplace(std::move(machine), generation, queue, at.config.limits.batch);
  follow(at, at.part.host->start(at.env.now()));
}

template <class M>
void kill(HostStep<M>& at) {
  at.part = HostPart<M>{std::nullopt, {}, {}, false, {}, at.part.armed};
}

// --- effects that go to the ledger, as late as the verdict before them said ---

template <class L, class M, class Request>
void query(HostStep<M>& at, Request&& request) {
  at.env.send(at.seat.ledger, at.event(Query<L>{at.id(), typename Ledger<L>::Request(std::move(request)), at.env.late()}),
              Lane::kNow, at.env.now());
}

// Tells the reader of the same process what has changed; nobody is told where no client could be waiting.
template <class M>
void hint_reader(HostStep<M>& at, std::vector<OrderId>&& orders) {
  if (!at.config.clients_watch) return;
  at.env.send(at.seat.process + 3, at.event(Offer<Reader>{OrdersChanged{std::move(orders)}}), Lane::kNow, at.env.now());
}

// The salt of a machine's backoffs: who it is.
inline std::uint64_t salt_of(const Seat& seat) {
  return subject_of(static_cast<std::uint64_t>(seat.role), seat.replica, 0x5A17);
}

// What time the machine is told at a Timeout: where time is not modelled, the time it waited for.
template <class M>
Instant timeout_now(const HostStep<M>& at) {
  return at.config.timed ? at.env.now() : at.part.deadline;
}

// A Wait is over, unless the process ends in the midst of it or just then.
template <class M>
void waited(HostStep<M>& at) {
  for (const Phase phase : {Phase::kPartly, Phase::kUnanswered}) {
    if (at.env.verdict(moment_of(at.seat, at.self, at.id(), Verb::kWait, phase, {})) != Verdict::kCrash) continue;
    crash(at.config, at.env, at.self, at.seat.process);
    return;
  }
  resume(at, at.id(), typename M::Answer(Waited{}), Verb::kWait, timeout_now(at));
}

}  // namespace quickbite::sim
