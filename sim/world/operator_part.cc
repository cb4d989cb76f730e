// A person who gives a command, and gives it again where its process ended before it was done: that is all that `quickbite dlq
// redrive` and `quickbite republish` ask of whoever runs them.
#include <memory>
#include <type_traits>
#include <utility>

#include "sim/world/host_part.h"

namespace quickbite::sim {
namespace {

constexpr std::int64_t kMost = 1'000'000;  // letters or rows of one command: all of them

template <class M>
void cover(const HostStep<M>& at, Sometimes fact) {
  at.env.cover(static_cast<std::uint32_t>(fact));
}

template <class M>
void ended(HostStep<M>& at) {
  at.env.send(at.self, at.event(CommandEnded{}), Lane::kNow, at.env.now());
}

}  // namespace

template <class Service>
struct Performs<Redriver<Service>> {
  using M = Redriver<Service>;
  using L = typename Service::Ledger;
  using At = HostStep<M>;

  static void told(At& at, typename M::Notice&& notice) {
    match(
        std::move(notice),
        [&](typename M::Page&& page) {
          for (const LetterRuled& ruled : page.letters) {
            if (ruled.verdict == RedriveVerdict::kSend) cover(at, Sometimes::kLetterRedriven);
          }
        },
        [](OutboxFilled&&) { /* the service's relay finds it by its fallback poll */ },
        [&](typename M::Done&&) { ended(at); });
  }
  static void perform(At& at, FindLetters&& find, Verdict) {
    query<L>(at, LettersAsked{std::make_shared<const FindLetters>(std::move(find))});
  }
  static void perform(At& at, Load<L>&& load, Verdict) { query<L>(at, std::move(load)); }
  static void perform(At& at, Store<L>&& store, Verdict) { query<L>(at, std::move(store)); }

  static Verb verb_of(const typename M::Answer& answer) {
    return match(
        answer, [](const FindLettersAnswer&) { return Verb::kFindLetters; },
        [](const LoadAnswer<L>&) { return Verb::kLoad; }, [](const StoreAnswer&) { return Verb::kStore; },
        [](const Waited&) { return Verb::kWait; });
  }
};

template <>
struct Performs<Republisher> {
  using At = HostStep<Republisher>;

  static void told(At& at, Republisher::Notice&& notice) {
    match(
        std::move(notice),
        [&](Republisher::Batch&& batch) {
          if (batch.rows > 0) cover(at, Sometimes::kRepublished);
        },
        [](OutboxFilled&&) { /* as above */ }, [&](Republisher::Done&&) { ended(at); });
  }
  static void perform(At& at, Resend&& resend, Verdict) {
    if (at.seat.service == ServiceName::kOrders) {
      query<OrdersLedger>(at, std::move(resend));
    } else {
      query<InventoryLedger>(at, std::move(resend));
    }
  }
  static Verb verb_of(const Republisher::Answer& answer) {
    return std::holds_alternative<Waited>(answer) ? Verb::kWait : Verb::kResend;
  }
};

namespace {

template <class Service>
struct OperatorStep {
  const Config& config;
  OperatorPart<Service>& part;
  PartId self;
  WorldEnv& env;

  // The front task's command, from its beginning.
  void begin_command() {
    if (!part.up || part.tasks.empty()) return;
    ++part.commands;
    const Task task = part.tasks.front();
    if (task.republishes) {
      HostStep<Republisher> at(config, part.republisher, self, env);
      begin(at, Republisher(config.limits, salt_of(at.seat)), part.commands, 1);
      offer(at, RepublishRequest{{{}, std::nullopt, task.since}, std::nullopt, false, kMost});
    } else {
      HostStep<Redriver<Service>> at(config, part.redriver, self, env);
      begin(at, Redriver<Service>(config.limits, salt_of(at.seat)), part.commands, 1);
      offer(at, RedriveRequest{{}, {task.again, task.force}, false, kMost});
    }
  }

  // Its process ends, and its connection with it.
  void end_command() {
    HostStep<Republisher> republisher(config, part.republisher, self, env);
    HostStep<Redriver<Service>> redriver(config, part.redriver, self, env);
    kill(republisher);
    kill(redriver);
    env.send(config.seats[self].ledger, said(self, Disconnect{}), Lane::kNow, env.now());
  }

  template <class M>
  void answered(HostPart<M>& host, AnswerTo<M>&& answer) {
    if (!host.host) return;
    HostStep<M> at(config, host, self, env);
    const Verb verb = Performs<M>::verb_of(answer.answer);
    resume(at, answer.id, std::move(answer.answer), verb, env.now());
  }
  template <class M>
  void timed_out(HostPart<M>& host, const Timeout& timeout, PartId from) {
    HostStep<M> at(config, host, self, env);
    if (due(at, timeout, from)) waited(at);
  }

  void step(Event&& event) {
    using R = Redriver<Service>;
    if (auto* task = std::get_if<Task>(&event.what)) {
      part.tasks.push_back(*task);
      if (part.tasks.size() == 1) begin_command();
    } else if (std::holds_alternative<CommandEnded>(event.what)) {
      end_command();
      part.tasks.erase(part.tasks.begin());
      begin_command();
    } else if (auto* crash = std::get_if<Crash>(&event.what)) {
      if (!part.up || part.tasks.empty()) return;
      part.up = false;
      env.cover(static_cast<std::uint32_t>(Sometimes::kCommandBrokenOff));
      end_command();
      env.send(self, said(self, Restart{}), Lane::kTimer, env.now() + crash->down);
    } else if (std::holds_alternative<Restart>(event.what)) {
      part.up = true;
      begin_command();
    } else if (auto* timeout = std::get_if<Timeout>(&event.what)) {
      timed_out(part.redriver, *timeout, event.from);
      timed_out(part.republisher, *timeout, event.from);
    } else if (auto* redriven = std::get_if<AnswerTo<R>>(&event.what)) {
      answered(part.redriver, std::move(*redriven));
    } else if (auto* resent = std::get_if<AnswerTo<Republisher>>(&event.what)) {
      answered(part.republisher, std::move(*resent));
    }
  }
};

}  // namespace

void step_part(const Config& config, OperatorPart<OrdersService>& part, PartId self, Event&& event, WorldEnv& env) {
  OperatorStep<OrdersService>{config, part, self, env}.step(std::move(event));
}

void step_part(const Config& config, OperatorPart<InventoryService>& part, PartId self, Event&& event,
                             WorldEnv& env) {
  OperatorStep<InventoryService>{config, part, self, env}.step(std::move(event));
}

}  // namespace quickbite::sim
