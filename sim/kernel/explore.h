// explore: every interleaving of a small System, breadth first, so that the first counterexample is a shortest one.
//
// A System may add to what system.h asks for:
//   static std::optional<Finding> check_rest(const Config&, Parts<S>);   in states at rest: no channel and no timer holds
//                                      anything. Where idle timers are left, they may still put right what it finds
//   static std::string describe_verdict(const Config&, const Moment&, Verdict);
//   void Delta::merge(const Delta&);   one delta of a transition in which several parts changed something; without it, each
//                                      delta is checked by itself, all in the state after the transition
//   auto Delta::fields() const;        lets equal deltas share memory
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "sim/kernel/fingerprints.h"
#include "sim/kernel/retrace.h"
#include "sim/kernel/slots.h"
#include "sim/kernel/system.h"
#include "sim/kernel/transitions.h"

namespace quickbite::sim {

struct ExploreProgress {
  std::uint64_t states = 0;       // unique ones found
  std::uint64_t transitions = 0;  // tried
  std::uint64_t rests = 0;        // states at rest among those found
  std::uint64_t calm_steps = 0;
  std::uint32_t depth = 0;        // every path of so many transitions has been checked
  std::uint64_t frontier = 0;     // states found and not yet gone on from
  std::uint64_t parts = 0;        // distinct
  std::uint64_t events = 0;       // distinct
  std::uint64_t deliveries = 0;   // distinct pairs of part and event: so often did real code run, but for its choices
  std::uint64_t outcomes = 0;     // of those
  std::uint64_t lists = 0;        // distinct contents of channels and timers
  std::uint64_t bytes = 0;        // of the tables; what parts, events and deltas hold on the heap comes on top
  std::uint64_t bytes_per_state = 0;
  std::int32_t collision_log2 = 0;  // the chance that two states were taken for one is at most 2^this
};

template <class S>
struct ExploreOptions {
  std::vector<std::uint32_t> budgets;         // by index, as in Possible::budget
  std::optional<std::uint32_t> timer_budget = std::nullopt;  // which of them early and idle timers take from; none: they never fire early
  std::uint64_t states_max = 1'000'000'000;   // below 2^32
  std::uint64_t bytes_max = std::uint64_t{4} << 30;
  // From each so many-th state, and from every one at rest, a calm scheduler must come to a rest at which `check_rest` holds:
  // channels in turn; then timers; then, as long as it does not hold, idle timers. 0: only from those at rest.
  std::uint32_t liveness_every = 1;
  std::uint32_t calm_steps_max = 10'000;
  std::function<bool(const ExploreProgress&)> go_on = nullptr;  // asked every few thousand transitions; the caller has the clock
  std::function<void(const Parts<S>&)> found_at_rest = nullptr;  // each state at rest, once
};

enum class Failure : std::uint8_t { kSafety, kRest, kLiveness };

template <class S>
struct Counterexample {
  Failure failure = Failure::kSafety;
  Finding finding;
  std::vector<Taken<S>> steps;
  std::string doubts;  // empty, or where stepping the real values went another way: the encoding leaves something out
};

enum class Stopped : std::uint8_t { kFinished, kCounterexample, kStates, kBytes, kCaller };

template <class S>
struct Explored {
  ExploreProgress progress;
  Stopped stopped = Stopped::kFinished;
  bool finished() const { return stopped == Stopped::kFinished; }
  std::bitset<kFactsMax> covered;
  std::optional<Counterexample<S>> counterexample;
};

namespace exploring {

template <class S>
class Explorer {
 public:
  // The config must outlive the explorer.
  Explorer(const typename S::Config& config, std::vector<typename S::Part> parts, std::vector<Initial<S>> initial,
           ExploreOptions<S> options)
      : config_(config),
        parts_(std::move(parts)),
        initial_(std::move(initial)),
        options_(std::move(options)),
        transitions_(config, options_.budgets, options_.timer_budget, parts_, initial_) {}

  // Once.
  Explored<S> run() {
    CHECK(options_.states_max < 0xFFFFFFFF);
    transitions_.slots().write(start_);
    found(0, 0);
    std::uint64_t level_end = 1;
    std::uint64_t ask_at = kAskEvery;
    for (std::uint64_t at = 0; !stopped_ && frontier_.size() > 0; ++at) {
      if (at == level_end) {
        ++progress_.depth;
        level_end = progress_.states;
      }
      frontier_.pop(transitions_.slots());
      expand(static_cast<std::uint32_t>(at));
      if (!stopped_ && (transitions_.at_rest() || (options_.liveness_every != 0 && at % options_.liveness_every == 0))) {
        go_calm(at);
      }
      if (progress_.transitions + progress_.calm_steps >= ask_at) {
        ask_at = progress_.transitions + progress_.calm_steps + kAskEvery;
        ask();
      }
    }
    if (!stopped_) ++progress_.depth;
    report_.stopped = stopped_.value_or(Stopped::kFinished);
    report_.progress = progress();
    if (failure_) report_.counterexample = counterexample(*failure_);
    return std::move(report_);
  }

 private:
  static constexpr std::uint64_t kAskEvery = 4096;
  static constexpr std::uint32_t kOrdinals = 0xFFFF;  // transitions of one state

  const Slots& slots() const { return transitions_.slots(); }

  // A state that was not known: its parent's index, and the how-manieth of the parent's transitions leads to it.
  void found(std::uint32_t parent, std::uint32_t ordinal) {
    if (!fingerprints_.insert(slots().digest())) return;
    CHECK(ordinal < kOrdinals);
    parents_.push_back(parent);
    ordinals_.push_back(static_cast<std::uint16_t>(ordinal));
    frontier_.push(slots());
    ++progress_.states;
    if (transitions_.at_rest()) {
      ++progress_.rests;
      if (options_.found_at_rest) options_.found_at_rest(transitions_.parts());
      if (!transitions_.any_idle_timers()) {
        if (auto finding = check_rest(transitions_.parts())) fail(Failure::kRest, *finding, progress_.states - 1, {});
      }
    }
    if (progress_.states >= options_.states_max) stop(Stopped::kStates);
  }

  void expand(std::uint32_t at) {
    std::uint32_t ordinal = 0;
    transitions_.each([&] {
      ++progress_.transitions;
      note_facts();
      if (auto finding = check()) {
        fail(Failure::kSafety, *finding, at, ordinal);
      } else {
        found(at, ordinal);
      }
      ++ordinal;
      return !stopped_;
    });
  }

  void note_facts() {
    for (const Delivery& delivery : transitions_.deliveries()) {
      const Id facts = transitions_.outcomes()[delivery.outcome].facts;
      if (facts == 0) continue;
      if (facts_seen_.size() <= facts) facts_seen_.resize(facts + 1);
      if (facts_seen_[facts] != 0) continue;
      facts_seen_[facts] = 1;
      report_.covered |= transitions_.outcomes().facts(facts);
    }
  }

  std::optional<Finding> check() {
    Id only = 0;
    bool several = false;
    for (const Delivery& delivery : transitions_.deliveries()) {
      const Id delta = transitions_.outcomes()[delivery.outcome].delta;
      several = several || (delta != 0 && only != 0);
      if (delta != 0 && only == 0) only = delta;
    }
    if (only == 0) return std::nullopt;
    if (!several) return S::check(config_, transitions_.parts(), transitions_.outcomes().delta(only));
    return check_several();
  }

  std::optional<Finding> check_several() {
    const auto& outcomes = transitions_.outcomes();
    std::optional<typename S::Delta> all;
    for (const Delivery& delivery : transitions_.deliveries()) {
      const Id id = outcomes[delivery.outcome].delta;
      if (id == 0) continue;
      const typename S::Delta& delta = outcomes.delta(id);
      if constexpr (requires { all->merge(delta); }) {
        if (all) {
          all->merge(delta);
        } else {
          all = delta;
        }
      } else if (auto finding = S::check(config_, transitions_.parts(), delta)) {
        return finding;
      }
    }
    return all ? S::check(config_, transitions_.parts(), *all) : std::nullopt;
  }

  std::optional<Finding> check_rest(const Parts<S>& parts) const {
    if constexpr (requires { S::check_rest(config_, parts); }) {
      return S::check_rest(config_, parts);
    } else {
      return std::nullopt;
    }
  }

  // Faults off: rest must be reached. The state is left anywhere.
  void go_calm(std::uint64_t at) {
    if (calm_.contains(slots().digest_without_budgets())) return;
    transitions_.begin_calm();
    calm_path_.clear();
    bool strayed = false;  // on ways that only idle timers open, and that only this looks at
    for (std::uint32_t steps = 0;; ++steps) {
      const std::uint64_t digest = slots().digest_without_budgets();
      if (calm_.contains(digest)) break;
      calm_path_.push_back(digest);
      const bool last = steps == options_.calm_steps_max;
      if (transitions_.at_rest()) {
        const auto finding = check_rest(transitions_.parts());
        if (!finding) break;
        if (last || !transitions_.any_idle_timers()) return fail(Failure::kLiveness, *finding, at, {}, steps);
      } else if (last) {
        const std::string what = "no rest after " + std::to_string(steps) + " calm steps";
        return fail(Failure::kLiveness, {"liveness", what}, at, {}, steps);
      }
      calm_step();
      ++progress_.calm_steps;
      strayed = strayed || transitions_.action().how == How::kIdleTimer;
      if (!strayed) continue;
      if (auto finding = check()) return fail(Failure::kSafety, *finding, at, {}, steps + 1);
    }
    for (const std::uint64_t digest : calm_path_) calm_.insert(digest);
  }

  // Idle timers fire only where nothing else is left to happen.
  void calm_step() {
    const bool stepped = transitions_.calm() || transitions_.calm_idle();
    CHECK(stepped);
  }

  void fail(Failure failure, Finding finding, std::uint64_t at, std::optional<std::uint32_t> ordinal,
            std::uint32_t calm_steps = 0) {
    if (stopped_) return;
    stop(Stopped::kCounterexample);
    failure_ = {failure, std::move(finding), at, ordinal, calm_steps};
  }

  void stop(Stopped why) {
    if (!stopped_) stopped_ = why;
  }

  void ask() {
    const ExploreProgress now = progress();
    if (now.bytes > options_.bytes_max) stop(Stopped::kBytes);
    if (options_.go_on && !options_.go_on(now)) stop(Stopped::kCaller);
  }

  ExploreProgress progress() const {
    ExploreProgress now = progress_;
    const auto& outcomes = transitions_.outcomes();
    now.frontier = frontier_.size();
    now.parts = outcomes.parts_size();
    now.events = outcomes.events_size();
    now.deliveries = outcomes.memo_size();
    now.outcomes = outcomes.size();
    now.lists = transitions_.lists().size();
    now.bytes = transitions_.bytes() + fingerprints_.bytes() + calm_.bytes() + frontier_.bytes() +
                parents_.size() * (sizeof(std::uint32_t) + sizeof(std::uint16_t));
    now.bytes_per_state = now.bytes / now.states;
    now.collision_log2 = collision_log2(now.states);
    return now;
  }

  struct Failed {
    Failure failure;
    Finding finding;
    std::uint64_t at;
    std::optional<std::uint32_t> ordinal;
    std::uint32_t calm_steps;
  };

  // Goes the way from the start to the failure again, with values.
  Counterexample<S> counterexample(const Failed& failed) {
    std::vector<std::uint32_t> way;
    if (failed.ordinal) way.push_back(*failed.ordinal);
    for (std::uint64_t at = failed.at; at != 0; at = parents_[at]) way.push_back(ordinals_[at]);
    Retrace<S> retrace(config_, options_.budgets, parts_, initial_, transitions_);
    transitions_.slots().read(start_.data());
    for (auto ordinal = way.rbegin(); ordinal != way.rend(); ++ordinal) go(*ordinal, retrace);
    transitions_.begin_calm();
    for (std::uint32_t i = 0; i < failed.calm_steps; ++i) {
      calm_step();
      retrace.step();
    }
    Counterexample<S> told{failed.failure, failed.finding, std::move(retrace.steps()), retrace.doubts()};
    for (std::size_t i = way.size(); i < told.steps.size(); ++i) told.steps[i].calm = true;
    if (failed.failure == Failure::kLiveness && !transitions_.at_rest()) return told;
    // The same finding, told with the real values.
    if (auto finding = failed.failure == Failure::kSafety ? retrace.check() : check_rest(retrace.parts())) {
      told.finding = std::move(*finding);
    } else if (told.doubts.empty()) {
      told.doubts = "the check holds for the values themselves";
    }
    return told;
  }

  void go(std::uint32_t ordinal, Retrace<S>& retrace) {
    std::vector<std::uint8_t> there;
    std::uint32_t at = 0;
    transitions_.each([&] {
      if (at++ != ordinal) return true;
      retrace.step();
      slots().write(there);
      return false;
    });
    CHECK(!there.empty());
    transitions_.slots().read(there.data());
  }

  const typename S::Config& config_;
  const std::vector<typename S::Part> parts_;
  const std::vector<Initial<S>> initial_;
  const ExploreOptions<S> options_;
  Transitions<S> transitions_;
  std::vector<std::uint8_t> start_;
  Fingerprints fingerprints_;
  Fingerprints calm_;  // known to reach rest, whatever the budgets
  std::vector<std::uint64_t> calm_path_;
  Frontier frontier_;
  std::deque<std::uint32_t> parents_;   // by state
  std::deque<std::uint16_t> ordinals_;  // by state
  std::vector<std::uint8_t> facts_seen_;
  ExploreProgress progress_;
  Explored<S> report_;
  std::optional<Stopped> stopped_;
  std::optional<Failed> failure_;
};

}  // namespace exploring

// The config must outlive the call.
template <class S>
Explored<S> explore(const typename S::Config& config, std::vector<typename S::Part> parts,
                    std::vector<Initial<S>> initial, ExploreOptions<S> options) {
  return exploring::Explorer<S>(config, std::move(parts), std::move(initial), std::move(options)).run();
}

}  // namespace quickbite::sim
