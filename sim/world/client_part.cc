#include <utility>

#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

using Progress = ClientPart::Progress;

// Causal: which job, which attempt, and whether it asks or only looks.
RequestId request_id(std::uint32_t job, std::uint32_t attempt, bool watching) {
  return RequestId{(std::uint64_t{job} << 24) | (std::uint64_t{attempt} << 1) | (watching ? 1 : 0)};
}

struct ClientStep {
  const Config& config;
  ClientPart& part;
  PartId self;
  WorldEnv& env;

  // Sends the request of the job's next attempt, and sets the clock for the one after it.
  void attempt(std::uint32_t job_number, ClientPart::JobState& state) {
    const bool watching = state.progress == Progress::kWatching;
    if (++state.attempt > config.client_attempts) {
      state.progress = Progress::kGivenUp;
      return;
    }
    const Job& job = config.jobs[job_number];
    const RequestId request = request_id(job_number, state.attempt, watching);
    const Subject subject = subject_of(request.value, 0xC);
    const std::size_t replica = config.fronts.size() == 1
                                    ? 0
                                    : env.choose(site(Sites::kReplica), subject,
                                                 static_cast<std::uint32_t>(config.fronts.size()));
    const Verdict verdict =
        env.verdict({Role::kClient, 0, Verb::kRequest, Phase::kBefore, job.order, subject_of(request.value, 0xD)});
    if (verdict == Verdict::kDuplicate && config.fronts.size() > 1) {
      const std::size_t other = (replica + 1) % config.fronts.size();
      env.cover(static_cast<std::uint32_t>(Sometimes::kSameKeyAtTwoReplicas));
      send_message(config, env, self, config.fronts[other], Event{self, HttpArrives{request, job_number}},
                   subject_of(subject, 2), 1);
    }
    const int copies = verdict == Verdict::kLoseRequest ? 0
                       : verdict == Verdict::kDuplicate && config.fronts.size() == 1 ? 2
                                                                                    : 1;
    send_message(config, env, self, config.fronts[replica], Event{self, HttpArrives{request, job_number}}, subject,
                 copies);
    const Duration wait = watching ? config.timing.client_poll + retry_wait(state.attempt) : retry_wait(state.attempt);
    env.send(self, Event{self, RetryJob{job_number, state.attempt}}, Lane::kTimer, env.now() + wait, job_number);
  }

  Duration retry_wait(std::uint32_t attempt) const {
    Duration wait = config.timing.client_retry;
    while (attempt-- > 1 && wait < config.timing.client_retry_cap) wait = wait * 2;
    return wait < config.timing.client_retry_cap ? wait : config.timing.client_retry_cap;
  }

  void answered(const HttpReturns& answer) {
    const auto job_number = static_cast<std::uint32_t>((answer.request.value & 0xFFFF'FFFF'FFFF) >> 24);
    ClientPart::JobState* state = part.jobs.find(job_number);
    if (state == nullptr) return;
    const Job& job = config.jobs[job_number];
    const bool watched = (answer.request.value & 1) != 0;
    if (state->progress == Progress::kTrying && !watched) {
      const bool success = answer.status >= 200 && answer.status < 300;
      // A cancel may come before the order that it is about.
      const bool too_early = job.kind == Job::Kind::kCancel && answer.status == 404;
      // That there is no menu yet is an answer: nobody waits for one for ever.
      const bool no_menu = job.kind == Job::Kind::kMenu && answer.status == 503;
      const bool refused = (answer.status >= 400 && answer.status < 500 && !too_early) || no_menu;
      if (success && job.watch) {
        state->progress = Progress::kWatching;
        attempt(job_number, *state);
      } else if (success || refused) {
        state->progress = Progress::kDone;
      }
    } else if (state->progress == Progress::kWatching && watched && answer.status == 200 && answer.terminal) {
      state->progress = Progress::kDone;
      env.cover(static_cast<std::uint32_t>(Sometimes::kWatchedToTheEnd));
    }
  }
};

}  // namespace

void step_client(const Config& config, ClientPart& part, PartId self, Event&& event, WorldEnv& env) {
  ClientStep at{config, part, self, env};
  if (auto* start = std::get_if<StartJob>(&event.what)) {
    ClientPart::JobState& state = part.jobs[start->job];
    state.progress = Progress::kTrying;
    at.attempt(start->job, state);
  } else if (auto* retry = std::get_if<RetryJob>(&event.what)) {
    ClientPart::JobState* state = part.jobs.find(retry->job);
    const bool tries = state != nullptr &&
                       (state->progress == Progress::kTrying || state->progress == Progress::kWatching);
    if (tries && state->attempt == retry->attempt) at.attempt(retry->job, *state);
  } else if (auto* answer = std::get_if<HttpReturns>(&event.what)) {
    at.answered(*answer);
  }
}

}  // namespace quickbite::sim
