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
    if (pending.post) {
      env.send(config.monitor, Event{self, PostReplied{job.order, answer.status}}, Lane::kNow, env.now());
    } else if (job.kind == Job::Kind::kCancel) {
      env.send(config.monitor, Event{self, CancelReplied{job.order, answer.status}}, Lane::kNow, env.now());
    }
    if (job.kind == Job::Kind::kMenu) {
      const bool stale = answer.body.find(R"("stale":true)") != std::string::npos;
      env.send(config.monitor, Event{self, MenuShown{job.user, answer.status, stale}}, Lane::kNow, env.now());
    }
    const Version shown = note(request, job, pending, answer);
    Moment moment{Role::kClient, 0, Verb::kRequest, Phase::kUnanswered, job.order, subject_of(request.value, 0xA)};
    const Verdict verdict = env.verdict(moment);
    const bool terminal = shown.value > 0 && asks_of(request) != Asks::kList && shows_terminal(answer);
    send_message(config, env, self, job.client, Event{self, HttpReturns{request, answer.status, terminal, shown}},
                 subject_of(request.value, 0xB),
                 verdict == Verdict::kLoseAnswer ? 0 : verdict == Verdict::kDuplicate ? 2 : 1);
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
    part.pending.insert(request, {arrived.job, post, arrived.seen, env.now(), deadline});
    if (post) env.send(config.monitor, Event{self, PostArrived{job.order}}, Lane::kNow, env.now());
    if (config.timed && (!part.checking || deadline < part.check_at)) check_at(deadline);
    const Seat& seat = config.seats[self];
    match(
        job.of(asks)->routed,
        [&](const Command& command) {
          Intake::Item item{request, command, env.now() + config.limits.request_deadline};
          env.send(seat.process + 2, Event{self, Offer<Intake>{std::move(item)}}, Lane::kNow, env.now());
        },
        [&](const api::Query& query) {
          Reader::Ask ask{request, query, env.now() + wait};
          if (auto* get = std::get_if<api::GetOrder>(&ask.query); get != nullptr && wait.us > 0 && arrived.seen.value > 0) {
            get->known = arrived.seen;  // as &version= would say
          }
          env.send(seat.process + 3, Event{self, Offer<Reader>{std::move(ask)}}, Lane::kNow, env.now());
        },
        [&](const api::GetMenu&) {
          env.send(seat.menu, Event{self, Offer<Menu>{{request, env.now()}}}, Lane::kNow, env.now());
        },
        [&](const HttpAnswer& answer) { reply(request, answer); });
  }

  void check_at(Instant at) {
    part.checking = true;
    part.check_at = at;
    env.send(self, Event{self, DeadlineCheck{}}, Lane::kIdleTimer, at);
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

void step_front(const Config& config, FrontPart& part, PartId self, Event&& event, WorldEnv& env) {
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
  } else if (std::holds_alternative<Begin>(event.what)) {
    part.up = true;
  } else if (std::holds_alternative<Kill>(event.what)) {
    part.up = false;
    part.pending.clear();
  }
}

}  // namespace quickbite::sim
