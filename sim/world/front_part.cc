#include <utility>
#include <vector>

#include "domain/base/match.h"
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
    Moment moment{Role::kClient, 0, Verb::kRequest, Phase::kUnanswered, job.order, subject_of(request.value, 0xA)};
    const Verdict verdict = env.verdict(moment);
    const bool watching = (request.value & 1) != 0;
    send_message(config, env, self, job.client,
                 Event{self, HttpReturns{request, answer.status, watching && shows_terminal(answer)}},
                 subject_of(request.value, 0xB),
                 verdict == Verdict::kLoseAnswer ? 0 : verdict == Verdict::kDuplicate ? 2 : 1);
  }

  void arrive(const HttpArrives& arrived) {
    if (!part.up) return;  // connection refused: the client's own clock goes on
    const Job& job = config.jobs[arrived.job];
    const bool watching = (arrived.request.value & 1) != 0;
    RequestId request = arrived.request;
    while (part.pending.contains(request)) request.value += 1ull << 48;  // a copy is a request of its own
    const bool post = !watching && job.kind == Job::Kind::kPlace;
    part.pending.insert(request, {arrived.job, post, env.now() + config.limits.request_deadline});
    if (post) env.send(config.monitor, Event{self, PostArrived{job.order}}, Lane::kNow, env.now());
    if (!part.checking && config.timed) {
      part.checking = true;
      env.send(self, Event{self, DeadlineCheck{}}, Lane::kIdleTimer, env.now() + config.limits.request_deadline);
    }
    const Seat& seat = config.seats[self];
    match(
        (watching ? job.watch : job.asked)->routed,
        [&](const Command& command) {
          Intake::Item item{request, command, env.now() + config.limits.request_deadline};
          env.send(seat.process + 2, Event{self, Offer<Intake>{std::move(item)}}, Lane::kNow, env.now());
        },
        [&](const api::Query& query) {
          env.send(seat.process + 3, Event{self, Offer<Reader>{{request, query}}}, Lane::kNow, env.now());
        },
        [&](const api::GetMenu&) {
          env.send(seat.menu, Event{self, Offer<Menu>{{request, env.now()}}}, Lane::kNow, env.now());
        },
        [&](const HttpAnswer& answer) { reply(request, answer); });
  }

  void check_deadlines() {
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
    if (next.us != 0) {
      part.checking = true;
      env.send(self, Event{self, DeadlineCheck{}}, Lane::kIdleTimer, next);
    }
  }
};

}  // namespace

void step_front(const Config& config, FrontPart& part, PartId self, Event&& event, WorldEnv& env) {
  FrontStep at{config, part, self, env};
  if (auto* arrived = std::get_if<HttpArrives>(&event.what)) {
    at.arrive(*arrived);
  } else if (auto* done = std::get_if<CommandDone>(&event.what)) {
    if (const auto* placed = std::get_if<Placed>(&done->outcome); placed != nullptr && placed->replay) {
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
