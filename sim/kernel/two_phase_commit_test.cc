// The code of docs/simulate-something-else.md: a system that is not QuickBite, simulated at random and exhaustively.
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/explore.h"
#include "sim/kernel/run.h"

namespace quickbite::sim {
namespace {

// The parts: one coordinator, which is part 0, and participants.
struct Coordinator {
  std::uint32_t yes = 0;
  std::optional<bool> commit;
  auto fields() const { return std::tie(yes, commit); }
};
enum class State { kWorking, kPrepared, kCommitted, kAborted };
struct Participant {
  State state = State::kWorking;
  auto fields() const { return std::tie(state); }
};

// What they tell each other, and themselves.
struct Begin {};
struct Prepare {};
struct Vote {
  bool yes;
  auto fields() const { return std::tie(yes); }
};
struct Decision {
  bool commit;
  auto fields() const { return std::tie(commit); }
};
struct Question {
  PartId from;
  auto fields() const { return std::tie(from); }
};
struct Impatience {};  // a prepared participant's timer

struct TwoPhaseCommit {
  using Part = std::variant<Coordinator, Participant>;
  using Event = std::variant<Begin, Prepare, Vote, Decision, Question, Impatience>;
  struct Config {
    PartId participants = 2;
    bool patient = true;  // otherwise whoever has waited too long aborts, which is the mistake to find
  };
  struct Moment {
    PartId to;  // to whom a decision is being sent
  };
  enum class Verdict : std::uint8_t { kNothing, kLost };
  struct Delta {
    bool decided = false;
    void clear() { decided = false; }
    bool empty() const { return !decided; }
  };

  static void step(const Config& config, Part& part, PartId self, Event&& event, Env<TwoPhaseCommit>& env) {
    if (auto* coordinator = std::get_if<Coordinator>(&part)) {
      coordinate(config, *coordinator, event, env);
    } else {
      participate(config, std::get<Participant>(part), self, event, env);
    }
  }

  static void coordinate(const Config& config, Coordinator& me, const Event& event, Env<TwoPhaseCommit>& env) {
    if (std::holds_alternative<Begin>(event)) {
      for (PartId p = 1; p <= config.participants; ++p) tell(p, Prepare{}, env);
    } else if (const auto* vote = std::get_if<Vote>(&event)) {
      if (me.commit) return;
      if (vote->yes && ++me.yes < config.participants) return;
      me.commit = vote->yes;
      for (PartId p = 1; p <= config.participants; ++p) decide(*me.commit, p, env);
    } else if (const auto* question = std::get_if<Question>(&event)) {
      if (me.commit) decide(*me.commit, question->from, env);
    }
  }

  static void participate(const Config& config, Participant& me, PartId self, const Event& event, Env<TwoPhaseCommit>& env) {
    if (std::holds_alternative<Prepare>(event) && me.state == State::kWorking) {
      const bool yes = env.choose(Site{1}, subject_of(self), 2) == 0;
      me.state = yes ? State::kPrepared : State::kAborted;
      env.delta().decided = !yes;
      tell(0, Vote{yes}, env);
      if (yes) env.send(self, Impatience{}, Lane::kTimer, env.now() + milliseconds(50));
    } else if (const auto* decision = std::get_if<Decision>(&event)) {
      me.state = decision->commit ? State::kCommitted : State::kAborted;
      env.delta().decided = true;
    } else if (std::holds_alternative<Impatience>(event) && me.state == State::kPrepared) {
      if (config.patient) {
        tell(0, Question{self}, env);
        env.send(self, Impatience{}, Lane::kTimer, env.now() + milliseconds(50));
      } else {
        me.state = State::kAborted;
        env.delta().decided = true;
      }
    }
  }

  static void tell(PartId to, Event event, Env<TwoPhaseCommit>& env) {
    const Duration delay = env.delay(Site{2}, subject_of(to, event.index()), milliseconds(1), milliseconds(20));
    env.send(to, std::move(event), Lane::kChannel, env.now() + delay);
  }

  // The one place where something can go wrong.
  static void decide(bool commit, PartId to, Env<TwoPhaseCommit>& env) {
    if (env.verdict(Moment{to}) == Verdict::kNothing) tell(to, Decision{commit}, env);
  }
  static void possible(const Config&, const Moment&, std::vector<Possible<TwoPhaseCommit>>& out) {
    out.push_back({Verdict::kLost, 0});
  }

  static bool moot(const Part& part, const Event& event) {
    const auto* me = std::get_if<Participant>(&part);
    return me != nullptr && me->state >= State::kCommitted && !std::holds_alternative<Decision>(event);
  }

  // What must hold after every step; and what must hold once nothing happens any more.
  static std::optional<Finding> check(const Config&, Parts<TwoPhaseCommit> parts, const Delta&) {
    bool any[2] = {false, false};
    for (PartId p = 1; p < parts.size(); ++p) {
      const State state = std::get<Participant>(parts[p]).state;
      if (state >= State::kCommitted) any[state == State::kAborted] = true;
    }
    if (any[0] && any[1]) return Finding{"agreement", "one has committed, another has aborted"};
    return std::nullopt;
  }
  static std::optional<Finding> check_rest(const Config&, const Parts<TwoPhaseCommit>& parts) {
    for (PartId p = 1; p < parts.size(); ++p) {
      if (std::get<Participant>(parts[p]).state < State::kCommitted) return Finding{"decision", "one waits for ever"};
    }
    return std::nullopt;
  }

  static std::string describe(const Config&, PartId to, const Event& event) {
    static constexpr const char* kNames[] = {"begin", "prepare", "vote", "decision", "question", "impatience"};
    return std::string(kNames[event.index()]) + " to " + (to == 0 ? "the coordinator" : "participant " + std::to_string(to));
  }
  static std::string describe_verdict(const Config&, const Moment& moment, Verdict) {
    return "decision to participant " + std::to_string(moment.to) + " lost";
  }
  static std::uint64_t digest(const Event& event) { return event.index(); }

  static std::vector<Part> parts(const Config& config) {
    std::vector<Part> all(1 + config.participants, Participant{});
    all[0] = Coordinator{};
    return all;
  }
};

// One in five decisions is lost.
struct Luck {
  TwoPhaseCommit::Verdict verdict(const TwoPhaseCommit::Moment& moment, const Draws& draws, Instant now) {
    const bool lost = draws.chance(200'000, Site{3}, subject_of(moment.to, static_cast<std::uint64_t>(now.us)));
    return lost ? TwoPhaseCommit::Verdict::kLost : TwoPhaseCommit::Verdict::kNothing;
  }
};

std::optional<Finding> run_once(const TwoPhaseCommit::Config& config, std::uint64_t seed) {
  Luck luck;
  Run<TwoPhaseCommit, Luck> run(config, TwoPhaseCommit::parts(config), seed, false, luck);
  run.schedule(0, Begin{}, Instant{});
  while (!run.finding() && run.step()) {
  }
  return run.finding() ? run.finding() : TwoPhaseCommit::check_rest(config, run.parts());
}

Explored<TwoPhaseCommit> explore_all(const TwoPhaseCommit::Config& config) {
  ExploreOptions<TwoPhaseCommit> options{.budgets = {1}};
  return explore<TwoPhaseCommit>(config, TwoPhaseCommit::parts(config), {{0, 0, Begin{}}}, options);
}

TEST(TwoPhaseCommit, AgreesUnderEverySeedAndInEveryOrder) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) EXPECT_FALSE(run_once({}, seed));
  const auto explored = explore_all({.participants = 3});
  EXPECT_TRUE(explored.finished());
  EXPECT_GT(explored.progress.states, 100U);
}

TEST(TwoPhaseCommit, BreaksWhereAParticipantIsImpatient) {
  std::uint32_t broken = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) broken += run_once({.patient = false}, seed) ? 1 : 0;
  EXPECT_GT(broken, 0U);
  EXPECT_TRUE(explore_all({.patient = false}).counterexample);
}

// The tutorial shows this file's code, and what the explorer says.
TEST(TwoPhaseCommit, IsWhatTheTutorialShows) {
  std::ostringstream code;
  code << std::ifstream("sim/kernel/two_phase_commit_test.cc").rdbuf();
  std::ostringstream tutorial;
  tutorial << std::ifstream("docs/simulate-something-else.md").rdbuf();
  const std::string text = tutorial.str();
  const std::string fence = "```";
  std::size_t blocks = 0;
  for (std::size_t at = text.find(fence + "cpp\n"); at != std::string::npos; at = text.find(fence + "cpp\n", at)) {
    at += fence.size() + 4;
    const std::string block = text.substr(at, text.find(fence, at) - at);
    EXPECT_NE(code.str().find(block), std::string::npos) << "not in the code:\n" << block;
    ++blocks;
  }
  EXPECT_GE(blocks, 5U);

  const auto explored = explore_all({.patient = false});
  ASSERT_TRUE(explored.counterexample);
  std::string story = explored.counterexample->finding.property + ": " + explored.counterexample->finding.what + "\n";
  for (const auto& step : explored.counterexample->steps) story += step.text + "\n";
  EXPECT_NE(text.find(story), std::string::npos) << "not in the tutorial:\n" << story;
}

}  // namespace
}  // namespace quickbite::sim
