#include <bit>
#include <utility>

#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

using Progress = ClientPart::Progress;

struct ClientStep {
  const Config& config;
  ClientPart& part;
  PartId self;
  WorldEnv& env;

  // Sends the request of the job's next attempt, and sets the clock for the one after it.
  void attempt(std::uint32_t job_number, ClientPart::JobState& state) {
    if (++state.attempt > config.client_attempts) {
      state.progress = Progress::kGivenUp;
      return;
    }
    const Job& job = config.jobs[job_number];
    const RequestId request = request_id(job_number, state.attempt, state.asks);
    const Subject subject = subject_of(request.value, 0xC);
    const std::uint32_t ready = ready_replicas();
    Duration wait = retry_wait(state.attempt);
    if (ready == 0) {
      cover(Sometimes::kNobodyReady);  // the connection is refused
      return try_again(job_number, state, wait);
    }
    const std::uint32_t chosen = ready == 1 ? 0 : env.choose(site(Sites::kReplica), subject, ready);
    const Verdict verdict =
        env.verdict({Role::kClient, self - config.clients, Verb::kRequest, Phase::kBefore, job.order, subject_of(request.value, 0xD)});
    const Late late = env.late();
    if (verdict == Verdict::kDuplicate && ready > 1) {
      cover(Sometimes::kSameKeyAtTwoReplicas);
      send_message(config, env, front((chosen + 1) % ready), said(self, HttpArrives{request, job_number, seen(job.order)}),
                   subject_of(subject, 2), 1, second(late));
    }
    const int copies = verdict == Verdict::kLoseRequest ? 0 : verdict == Verdict::kDuplicate && ready == 1 ? 2 : 1;
    send_message(config, env, front(chosen), said(self, HttpArrives{request, job_number, seen(job.order)}), subject, copies,
                 late);
    // A long-poll is given up only when even the port must have answered it.
    if (state.asks == Asks::kWatch) wait = wait + config.timing.long_poll + config.limits.request_deadline;
    try_again(job_number, state, wait);
  }

  static Late second(Late late) {
    late.copy = 1;
    return late;
  }

  void cover(Sometimes fact) { env.cover(static_cast<std::uint32_t>(fact)); }

  // As many replicas of Orders may be asked.
  std::uint32_t ready_replicas() const {
    return static_cast<std::uint32_t>(config.fronts.size()) - static_cast<std::uint32_t>(std::popcount(part.unready));
  }
  // Of the `n`th of them.
  PartId front(std::uint32_t n) {
    if (part.unready == 0) return config.fronts[n];
    cover(Sometimes::kPassedOver);
    std::size_t replica = 0;
    for (;; ++replica) {
      if ((part.unready >> replica & 1U) != 0) continue;
      if (n-- == 0) return config.fronts[replica];
    }
  }

  void try_again(std::uint32_t job, const ClientPart::JobState& state, Duration wait) {
    env.send(self, said(self, RetryJob{job, state.attempt}), Lane::kTimer, env.now() + wait, job);
  }

  Version seen(const OrderId& order) const {
    const Version* version = part.seen.find(order);
    return version != nullptr ? *version : Version{};
  }

  Duration retry_wait(std::uint32_t attempt) const {
    Duration wait = config.timing.client_retry;
    while (attempt-- > 1 && wait < config.timing.client_retry_cap) wait = wait * 2;
    return wait < config.timing.client_retry_cap ? wait : config.timing.client_retry_cap;
  }

  void answered(const HttpReturns& answer) {
    const std::uint32_t job_number = job_of(answer.request);
    ClientPart::JobState* state = part.jobs.find(job_number);
    if (state == nullptr) return;
    const Job& job = config.jobs[job_number];
    if (!job.looks.empty() && answer.shown > seen(job.order)) part.seen[job.order] = answer.shown;
    state->ended = state->ended || answer.terminal;
    const Asks asked = asks_of(answer.request);
    if (state->progress != Progress::kTrying || asked != state->asks) return;
    const bool success = answer.status >= 200 && answer.status < 300;
    if (asked == Asks::kWatch) return watched(job_number, *state, answer);
    // A cancel may come before the order that it is about.
    const bool too_early = job.kind == Job::Kind::kCancel && answer.status == 404;
    // That there is no menu yet is an answer: nobody waits for one for ever.
    const bool no_menu = job.kind == Job::Kind::kMenu && answer.status == 503;
    const bool refused = (answer.status >= 400 && answer.status < 500 && !too_early) || no_menu;
    if (success) {
      go_on(job_number, *state);
    } else if (refused) {
      asked == Asks::kPeek ? go_on(job_number, *state) : finish(*state);
    }
  }

  void watched(std::uint32_t job_number, ClientPart::JobState& state, const HttpReturns& answer) {
    const bool served = answer.status == 200 || answer.status == 304;
    if (served && state.ended) {
      env.cover(static_cast<std::uint32_t>(Sometimes::kWatchedToTheEnd));
      go_on(job_number, state);
    } else if (served) {
      attempt(job_number, state);
    } else {
      try_again(job_number, state, config.timing.client_poll);
    }
  }

  // What comes after what was answered.
  void go_on(std::uint32_t job_number, ClientPart::JobState& state) {
    const Job& job = config.jobs[job_number];
    for (const Job::Look& look : job.looks) {
      if (look.asks <= state.asks) continue;
      state.asks = look.asks;
      return attempt(job_number, state);
    }
    finish(state);
  }

  void finish(ClientPart::JobState& state) { state.progress = Progress::kDone; }
};

}  // namespace

void step_part(const Config& config, ClientPart& part, PartId self, Event&& event, WorldEnv& env) {
  ClientStep at{config, part, self, env};
  if (auto* start = std::get_if<StartJob>(&event.what)) {
    ClientPart::JobState& state = part.jobs[start->job];
    state.progress = Progress::kTrying;
    at.attempt(start->job, state);
  } else if (auto* retry = std::get_if<RetryJob>(&event.what)) {
    ClientPart::JobState* state = part.jobs.find(retry->job);
    if (state != nullptr && state->progress == Progress::kTrying && state->attempt == retry->attempt) at.attempt(retry->job, *state);
  } else if (auto* answer = std::get_if<HttpReturns>(&event.what)) {
    at.answered(*answer);
  } else if (auto* turned = std::get_if<ReplicaTurned>(&event.what)) {
    const std::uint32_t bit = 1U << turned->replica;
    part.unready = turned->ready ? part.unready & ~bit : part.unready | bit;
  }
}

}  // namespace quickbite::sim
