#include <utility>
#include <vector>

#include "domain/base/match.h"
#include "sim/world/shown.h"
#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

// True where the order that an answer shows has come to its end.
bool shows_terminal(const HttpAnswer& answer) {
  return answer.body.find(R"("status":"CONFIRMED")") != std::string::npos ||
         answer.body.find(R"("status":"CANCELLED")") != std::string::npos;
}

struct FrontStep {
  const Config& config;
  FrontPart& part;
  PartId self;
  WorldEnv& env;

  void reply(RequestId request, const HttpAnswer& answer) {
    const FrontPart::Pending* found = part.pending.find(request);
    if (found == nullptr) return;
    const FrontPart::Pending pending = *found;
    part.pending.erase(request);
    const Job& job = config.jobs[pending.job];
    if (pending.promised && (answer.status == 503 || answer.status == 504)) {
      env.delta().add(property::RequestFailed{job.order, answer.status, part.said, part.found});
    }
    if (pending.post) {
      env.send(config.monitor, said(self, PostReplied{job.order, answer.status}), Lane::kNow, env.now());
    } else if (job.kind == Job::Kind::kCancel) {
      env.send(config.monitor, said(self, CancelReplied{job.order, answer.status}), Lane::kNow, env.now());
    }
    if (job.kind == Job::Kind::kMenu) {
      const bool stale = answer.body.find(R"("stale":true)") != std::string::npos;
      env.send(config.monitor, said(self, MenuShown{job.user, answer.status, stale}), Lane::kNow, env.now());
    }
    const Version shown = note(request, job, pending, answer);
    Moment moment{Role::kClient, job.client - config.clients, Verb::kRequest, Phase::kUnanswered, job.order, subject_of(request.value, 0xA)};
    const Verdict verdict = env.verdict(moment);
    const Late late = env.late();
    const bool terminal = shown.value > 0 && asks_of(request) != Asks::kList && shows_terminal(answer);
    send_message(config, env, job.client, said(self, HttpReturns{request, answer.status, terminal, shown}),
                 subject_of(request.value, 0xB),
                 verdict == Verdict::kLoseAnswer ? 0 : verdict == Verdict::kDuplicate ? 2 : 1, late);
  }

  // Notes for the properties which orders the answer shows; the version of the job's own, where it does.
  Version note(RequestId request, const Job& job, const FrontPart::Pending& pending, const HttpAnswer& answer) {
    if (job.looks.empty()) return {};
    Version of_job;
    for (const Shown& shown : shown_in(answer, job.order)) {
      const bool own = shown.order == job.order;
      if (own) of_job = shown.version;
      env.delta().add(property::OrderShown{shown.order, shown.version, own ? pending.seen : Version{}, job.user});
    }
    if (config.timed && asks_of(request) == Asks::kWatch && pending.seen.value > 0) {
      env.delta().add(property::LongPollAnswered{job.order, pending.seen, pending.asked, env.now()});
    }
    return of_job;
  }

  void arrive(const HttpArrives& arrived) {
    if (!part.up) return;  // connection refused: the client's own clock goes on
    const Job& job = config.jobs[arrived.job];
    const Asks asks = asks_of(arrived.request);
    RequestId request = arrived.request;
    while (part.pending.contains(request)) request.value += 1ull << 48;  // a copy is a request of its own
    const bool post = job.kind == Job::Kind::kPlace && (asks == Asks::kJob || asks == Asks::kAgain);
    const Duration wait = asks == Asks::kWatch ? config.timing.long_poll : Duration{};
    const Instant deadline = env.now() + config.limits.request_deadline + wait;
    part.pending.insert(request, {arrived.job, post, part.ready, arrived.seen, env.now(), deadline});
    if (post) env.send(config.monitor, said(self, PostArrived{job.order}), Lane::kNow, env.now());
    if (config.timed && (!part.checking || deadline < part.check_at)) check_at(deadline);
    const api::Routed& routed = job.of(asks)->routed;
    if (!part.found) return reply(request, turned_away(routed));
    const Seat& seat = config.seats[self];
    match(
        routed,
        [&](const Command& command) {
          Intake::Item item{request, command, env.now() + config.limits.request_deadline};
          env.send(seat.process + 2, said(self, Offer<Intake>{std::move(item)}), Lane::kNow, env.now());
        },
        [&](const api::Query& query) {
          Reader::Ask ask{request, query, env.now() + wait};
          if (auto* get = std::get_if<api::GetOrder>(&ask.query); get != nullptr && wait.us > 0 && arrived.seen.value > 0) {
            get->known = arrived.seen;  // as &version= would say
          }
          env.send(seat.process + 3, said(self, Offer<Reader>{std::move(ask)}), Lane::kNow, env.now());
        },
        [&](const api::GetMenu&) {
          env.send(seat.menu, said(self, Offer<Menu>{{request, env.now()}}), Lane::kNow, env.now());
        },
        [&](const HttpAnswer& answer) { reply(request, answer); });
  }

  // A service answers so while it has not found its database: no machine that could answer has started.
  static HttpAnswer turned_away(const api::Routed& routed) {
    return match(
        routed, [](const Command&) { return api::overloaded(); }, [](const api::Query&) { return api::unavailable(); },
        [](const api::GetMenu&) { return api::menu_unavailable({}); }, [](const HttpAnswer& answer) { return answer; });
  }

  // --- readiness ---

  // A plan begins when everything is up and ready, as the live replay begins one; whatever starts later is not. Where time is not
  // modelled no database is ever away.
  void begin(std::uint32_t incarnation) {
    part.up = true;
    part.incarnation = incarnation;
    part.looking = false;
    part.found.reset();
    part.was_ready = false;
    part.unmet = Needs::all();
    part.unmet.remove(Need::kRunning);
    if (incarnation == 1 || !config.timed) {
      part.found = env.now();
      part.unmet = {};
    }
    const bool was_told = std::exchange(part.ready, false);
    consider();
    if (part.ready != was_told && incarnation > 1) tell();
    if (!part.unmet.empty()) look();
  }

  // True where it says something else than before.
  bool consider() {
    const bool ready = waited_for(part.unmet, part.was_ready).empty();
    if (ready == part.ready) return false;
    part.ready = ready;
    part.was_ready = part.was_ready || ready;
    if (ready) part.said = env.now();
    return true;
  }

  // What a Service does with it: nothing is sent to whoever is not ready.
  void tell() {
    for (PartId client = config.clients; client < config.seats.size(); ++client) {
      env.send(client, said(self, ReplicaTurned{config.seats[self].replica, part.ready}), Lane::kNow, env.now());
    }
  }

  void look() {
    part.looking = true;
    env.send(config.seats[self].ledger, said(self, Look{part.incarnation}), Lane::kChannel, env.now());
  }

  void looked(const Looked& looked) {
    if (!looked.found) {
      env.send(self, said(self, LookAgain{part.incarnation}), Lane::kTimer, env.now() + config.timing.look);
      return;
    }
    part.looking = false;
    if (!part.found) part.found = env.now();
    part.unmet.remove(Need::kDatabase);
    part.unmet.remove(Need::kSchema);
    if (consider()) tell();
  }

  // Whoever assigns partitions is there. The database may have gone away meanwhile.
  void assigned() {
    if (part.was_ready) return;
    part.unmet.remove(Need::kBroker);
    part.unmet.remove(Need::kPartitions);
    part.unmet.add(Need::kDatabase);
    if (!part.looking) look();
    if (consider()) tell();
  }

  void leave() {
    part.unmet.add(Need::kRunning);
    if (consider()) tell();
  }

  void check_at(Instant at) {
    part.checking = true;
    part.check_at = at;
    env.send(self, said(self, DeadlineCheck{}), Lane::kIdleTimer, at);
  }

  void check_deadlines() {
    if (part.check_at > env.now()) return;  // an earlier one came since
    part.checking = false;
    std::vector<RequestId> passed;
    Instant next;
    for (const auto& [request, pending] : part.pending) {
      if (pending.deadline <= env.now()) {
        passed.push_back(request);
      } else if (next.us == 0 || pending.deadline < next) {
        next = pending.deadline;
      }
    }
    for (const RequestId& request : passed) reply(request, api::deadline_passed());
    if (next.us != 0) check_at(next);
  }
};

}  // namespace

void step_part(const Config& config, FrontPart& part, PartId self, Event&& event, WorldEnv& env) {
  FrontStep at{config, part, self, env};
  if (auto* arrived = std::get_if<HttpArrives>(&event.what)) {
    at.arrive(*arrived);
  } else if (auto* done = std::get_if<CommandDone>(&event.what)) {
    const auto* placed = std::get_if<Placed>(&done->outcome);
    if (placed != nullptr && placed->replay && asks_of(done->request) == Asks::kJob) {
      env.cover(static_cast<std::uint32_t>(Sometimes::kRetryAfterLostSuccess));
    }
    at.reply(done->request, api::answer(done->outcome));
  } else if (auto* read = std::get_if<ReadDone>(&event.what)) {
    at.reply(read->request, read->answer);
  } else if (auto* full = std::get_if<QueueFull>(&event.what)) {
    at.reply(full->request, api::overloaded());
  } else if (std::holds_alternative<DeadlineCheck>(event.what)) {
    at.check_deadlines();
  } else if (auto* started = std::get_if<Begin>(&event.what)) {
    at.begin(started->generation);
  } else if (auto* looked = std::get_if<Looked>(&event.what)) {
    if (part.up && looked->incarnation == part.incarnation) at.looked(*looked);
  } else if (auto* again = std::get_if<LookAgain>(&event.what)) {
    if (part.up && again->incarnation == part.incarnation) at.look();
  } else if (auto* assigned = std::get_if<PartitionsAssigned>(&event.what)) {
    if (part.up && assigned->incarnation == part.incarnation) at.assigned();
  } else if (std::holds_alternative<Leave>(event.what)) {
    at.leave();
  } else if (std::holds_alternative<Kill>(event.what)) {
    part.up = false;
    part.pending.clear();
  }
}

}  // namespace quickbite::sim
