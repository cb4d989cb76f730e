#include "sim/kernel/explore.h"

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/toy_bank.h"

namespace quickbite::sim {
namespace {

using toy::Options;
using Bank = toy::Bank<>;

ExploreOptions<Bank> with_budgets(std::uint32_t losses, std::uint32_t duplicates, std::uint32_t crashes, std::uint32_t timers) {
  return {.budgets = {losses, duplicates, crashes, timers}, .timer_budget = toy::kTimers};
}

Explored<Bank> explore_bank(const Options& config, ExploreOptions<Bank> options) {
  return explore<Bank>(config, Bank::parts(config), Bank::initial(config), std::move(options));
}

std::vector<std::string> texts(const Counterexample<Bank>& counterexample) {
  std::vector<std::string> lines;
  for (const Taken<Bank>& step : counterexample.steps) lines.push_back(step.text);
  return lines;
}

TEST(Explore, FindsAShortestWayToBookTwice) {
  const auto explored = explore_bank({.store_dedupes = false}, with_budgets(1, 1, 1, 0));
  EXPECT_EQ(explored.stopped, Stopped::kCounterexample);
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kSafety);
  EXPECT_EQ(explored.counterexample->finding.property, "once");
  EXPECT_EQ(explored.counterexample->doubts, "");
  EXPECT_EQ(texts(*explored.counterexample),
            (std::vector<std::string>{"client 2 asks\nbook for 2\nbooked for 2 [crash]", "timer: client 2 grows impatient",
                                      "client 2 asks\nbook for 2\nbooked for 2"}));
}

TEST(Explore, TellsTheStepsOfACounterexampleToMachinesToo) {
  const auto explored = explore_bank({.store_dedupes = false}, with_budgets(1, 1, 1, 0));
  ASSERT_TRUE(explored.counterexample);
  const auto& steps = explored.counterexample->steps;
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_EQ(steps[0].how, How::kChannel);
  EXPECT_EQ(steps[0].from, toy::kFirstClient);
  ASSERT_EQ(steps[0].deliveries.size(), 3U);
  EXPECT_EQ(steps[0].deliveries[1].to, toy::kStore);
  EXPECT_TRUE(std::holds_alternative<toy::Book>(steps[0].deliveries[1].event));
  EXPECT_TRUE(steps[0].deliveries[1].verdicts.empty());
  ASSERT_EQ(steps[0].deliveries[2].verdicts.size(), 1U);
  EXPECT_EQ(steps[0].deliveries[2].verdicts[0].verdict, toy::Verdict::kCrash);
  EXPECT_EQ(steps[0].deliveries[2].verdicts[0].moment.at, toy::At::kProcessAnswers);
  EXPECT_EQ(steps[1].how, How::kTimer);
  EXPECT_FALSE(steps[2].calm);
}

TEST(Explore, NeedsTheFaultThatTheBugNeeds) {
  EXPECT_TRUE(explore_bank({.store_dedupes = false}, with_budgets(2, 2, 0, 2)).finished());
  // Forgetting is as bad as a crash, but an idle timer has a price.
  EXPECT_TRUE(explore_bank({.store_dedupes = false, .forgets = true}, with_budgets(2, 2, 0, 0)).finished());
  EXPECT_FALSE(explore_bank({.store_dedupes = false, .forgets = true}, with_budgets(0, 0, 0, 2)).finished());
}

TEST(Explore, CountsTheStatesThatAHandCounts) {
  // Asked; booked and the answer under way; done.
  const auto plain = explore_bank({.clients_retry = false}, with_budgets(0, 0, 0, 0));
  EXPECT_EQ(plain.progress.states, 3U);
  EXPECT_EQ(plain.progress.transitions, 2U);
  EXPECT_EQ(plain.progress.rests, 1U);
  EXPECT_EQ(plain.progress.depth, 3U);

  // The client's timer may come once too early. In what follows, A means an ask under way, D an answer, b that it is
  // booked, ! that the timer was early: A, bD, done; A!A, bA!D, bD!D; and with the client done: bA!, b!.
  const auto early = explore_bank({}, with_budgets(0, 0, 0, 1));
  EXPECT_EQ(early.progress.states, 8U);
  EXPECT_EQ(early.progress.transitions, 9U);
  EXPECT_EQ(early.progress.rests, 2U);
}

TEST(Explore, CoversOnlyWhatTheBudgetsAllow) {
  const auto calm = explore_bank({}, with_budgets(0, 0, 0, 0));
  EXPECT_TRUE(calm.covered.none());
  const auto crashing = explore_bank({}, with_budgets(0, 0, 1, 0));
  EXPECT_TRUE(crashing.covered.test(toy::kFactCrashed));
  EXPECT_TRUE(crashing.covered.test(toy::kFactBookedAgain));
}

TEST(Explore, FindsAStateAtRestThatShouldNotBeOne) {
  const auto explored = explore_bank({.clients_retry = false}, with_budgets(1, 0, 0, 0));
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kRest);
  EXPECT_EQ(explored.counterexample->finding.property, "served");
  EXPECT_EQ(texts(*explored.counterexample), std::vector<std::string>{"client 2 asks\nbook for 2\nbooked for 2 [lost]"});
}

TEST(Explore, FindsThatRestIsNeverReached) {
  auto options = with_budgets(0, 0, 0, 0);
  options.calm_steps_max = 50;
  const auto explored = explore_bank({.clients = 2, .always_busy = true}, options);
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kLiveness);
  EXPECT_EQ(explored.counterexample->finding.what, "no rest after 50 calm steps");
  EXPECT_EQ(explored.counterexample->doubts, "");
  ASSERT_EQ(explored.counterexample->steps.size(), 50U);
  EXPECT_TRUE(explored.counterexample->steps[0].calm);
  // The calm scheduler is fair: both clients ask.
  std::set<std::string> asked;
  for (const auto& line : texts(*explored.counterexample)) asked.insert(line);
  EXPECT_EQ(asked.size(), 4U);
  options.liveness_every = 0;
  EXPECT_TRUE(explore_bank({.clients = 2, .always_busy = true}, options).finished());
}

TEST(Explore, LetsIdleTimersPutThingsRight) {
  const Options lazy{.clients = 2, .clients_retry = false, .forgets = true, .lazy = true};
  EXPECT_TRUE(explore_bank(lazy, with_budgets(0, 0, 0, 0)).finished());

  // What is still owed after a lost answer comes with the next idle timer, but not after a crash.
  EXPECT_TRUE(explore_bank(lazy, with_budgets(1, 0, 0, 1)).finished());
  auto options = with_budgets(0, 0, 1, 0);
  options.calm_steps_max = 20;
  options.liveness_every = 0;
  const auto explored = explore_bank(lazy, options);
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kLiveness);
  EXPECT_EQ(explored.counterexample->finding.property, "served");
  EXPECT_EQ(explored.counterexample->doubts, "");
  EXPECT_EQ(explored.counterexample->steps.back().how, How::kIdleTimer);
}

TEST(Explore, ChecksWhatOnlyIdleTimersBringAbout) {
  const Options config{.store_dedupes = false, .clients_retry = false, .forgets = true, .lazy = true};
  const auto explored = explore_bank(config, with_budgets(0, 0, 0, 0));
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kSafety);
  EXPECT_EQ(explored.counterexample->doubts, "");
  EXPECT_EQ(texts(*explored.counterexample),
            (std::vector<std::string>{"client 2 asks\nbook for 2\nbooked for 2",
                                      "idle timer: the process forgets\nbook for 2\nbooked for 2"}));
}

TEST(Explore, SeesTheEndOfAWayThatItHasNotGoneYet) {
  // Rest is five transitions away; the calm scheduler is there at once.
  auto options = with_budgets(1, 0, 0, 0);
  options.states_max = 20;
  const auto explored = explore_bank({.clients = 3, .clients_retry = false}, options);
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->failure, Failure::kLiveness);
  EXPECT_EQ(explored.counterexample->finding.property, "served");
  EXPECT_EQ(explored.counterexample->doubts, "");
  ASSERT_EQ(explored.counterexample->steps.size(), 5U);
  EXPECT_FALSE(explored.counterexample->steps[0].calm);
  EXPECT_TRUE(explored.counterexample->steps[1].calm);
}

TEST(Explore, StopsWhereItIsTold) {
  auto options = with_budgets(1, 1, 1, 1);
  options.states_max = 500;
  const auto by_states = explore_bank({.clients = 3}, options);
  EXPECT_EQ(by_states.stopped, Stopped::kStates);
  EXPECT_EQ(by_states.progress.states, 500U);
  EXPECT_FALSE(by_states.finished());
  EXPECT_GT(by_states.progress.frontier, 0U);

  options = with_budgets(1, 1, 1, 1);
  options.bytes_max = 1 << 10;
  EXPECT_EQ(explore_bank({.clients = 3}, options).stopped, Stopped::kBytes);

  options = with_budgets(1, 1, 1, 1);
  std::vector<std::uint64_t> transitions;
  options.go_on = [&](const ExploreProgress& progress) {
    transitions.push_back(progress.transitions);
    return transitions.size() < 3;
  };
  const auto by_caller = explore_bank({.clients = 3}, options);
  EXPECT_EQ(by_caller.stopped, Stopped::kCaller);
  ASSERT_EQ(transitions.size(), 3U);
  EXPECT_LT(transitions[0], transitions[1]);
  EXPECT_GE(by_caller.progress.transitions, transitions[2]);
}

TEST(Explore, SaysTheDepthThatItCompleted) {
  // One client's three states are three levels; the second level is complete when the third state is found.
  auto options = with_budgets(0, 0, 0, 0);
  options.states_max = 3;
  EXPECT_EQ(explore_bank({.clients_retry = false}, options).progress.depth, 1U);
}

TEST(Explore, DoesTheSameTwice) {
  const auto one = explore_bank({.clients = 2, .has_manners = true}, with_budgets(1, 1, 1, 1));
  const auto two = explore_bank({.clients = 2, .has_manners = true}, with_budgets(1, 1, 1, 1));
  EXPECT_EQ(one.progress.states, two.progress.states);
  EXPECT_EQ(one.progress.transitions, two.progress.transitions);
  EXPECT_EQ(one.progress.bytes, two.progress.bytes);
}

TEST(Explore, ReachesTheSameRestsWhereMootEventsAreKept) {
  const Options config{.clients = 2};
  std::set<std::string> dropped;
  auto options = with_budgets(1, 1, 1, 1);
  options.found_at_rest = [&](const Parts<Bank>& parts) {
    Encoder out;
    for (PartId p = 0; p < parts.size(); ++p) encode(out, parts[p]);
    dropped.insert(out.take());
  };
  const auto lean = explore_bank(config, options);

  using Keeping = toy::Bank<false>;
  std::set<std::string> kept;
  ExploreOptions<Keeping> all{.budgets = {1, 1, 1, 1}, .timer_budget = toy::kTimers};
  all.found_at_rest = [&](const Parts<Keeping>& parts) {
    Encoder out;
    for (PartId p = 0; p < parts.size(); ++p) encode(out, parts[p]);
    kept.insert(out.take());
  };
  const auto full = explore<Keeping>(config, Keeping::parts(config), Keeping::initial(config), all);
  EXPECT_TRUE(lean.finished());
  EXPECT_TRUE(full.finished());
  EXPECT_LT(lean.progress.states, full.progress.states);
  EXPECT_GT(kept.size(), 1U);
  EXPECT_EQ(dropped, kept);
}

// Two streams from one part to another; a note of what came, in which order.
struct Streams {
  using Part = std::vector<std::uint32_t>;
  using Event = std::uint32_t;
  struct Config {
    std::uint32_t second_stream = 0;
    bool refuses_20 = false;
  };
  struct Moment {};
  enum class Verdict : std::uint8_t { kNothing };
  struct Delta {
    std::vector<std::uint32_t> noted;
    void clear() { noted.clear(); }
    bool empty() const { return noted.empty(); }
    void merge(const Delta& other) { noted.insert(noted.end(), other.noted.begin(), other.noted.end()); }
  };
  static void step(const Config& config, Part& part, PartId self, Event&& event, Env<Streams>& env) {
    part.push_back(event);
    if (event == 1) env.send(1, 10, Lane::kChannel, env.now(), 0);
    if (event == 1) env.send(1, 20, Lane::kChannel, env.now(), config.second_stream);
    if (event == 10) env.send(0, 11, Lane::kNow, env.now());
    if (self == 1 || event == 11) env.delta().noted.push_back(event);
  }
  static bool moot(const Part&, const Event&) { return false; }
  static std::optional<Finding> check(const Config& config, Parts<Streams>, const Delta& delta) {
    if (config.refuses_20 && delta.noted.back() == 20) return Finding{"20", std::to_string(delta.noted.size())};
    if (delta.noted == std::vector<std::uint32_t>{10, 11} || delta.noted == std::vector<std::uint32_t>{20}) return std::nullopt;
    return Finding{"whole", "a step was checked in pieces"};
  }
  static void possible(const Config&, const Moment&, std::vector<Possible<Streams>>&) {}
  static std::string describe(const Config&, PartId, const Event& event) { return std::to_string(event); }
};

std::set<Streams::Part> orders(std::uint32_t second_stream) {
  std::set<Streams::Part> orders;
  ExploreOptions<Streams> options;
  options.found_at_rest = [&](const Parts<Streams>& parts) { orders.insert(parts[1]); };
  const Streams::Config config{second_stream, false};
  const auto explored = explore<Streams>(config, std::vector<Streams::Part>(2), {{0, 0, 1}}, options);
  EXPECT_TRUE(explored.finished());
  return orders;
}

TEST(Explore, KeepsTheOrderWithinAStreamOnly) {
  EXPECT_EQ(orders(0), (std::set<Streams::Part>{{10, 20}}));
  EXPECT_EQ(orders(1), (std::set<Streams::Part>{{10, 20}, {20, 10}}));
}

TEST(Explore, TellsACounterexampleByItsLastStep) {
  const Streams::Config config{0, true};
  const auto explored = explore<Streams>(config, std::vector<Streams::Part>(2), {{0, 0, 1}}, {});
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->steps.size(), 3U);
  EXPECT_EQ(explored.counterexample->finding.what, "1");
}

// A part whose encoding leaves out what matters.
struct Liar {
  struct Part {
    std::uint32_t hidden = 0;
    auto fields() const { return std::tuple<>(); }
  };
  using Event = std::uint32_t;
  struct Config {};
  struct Moment {};
  enum class Verdict : std::uint8_t { kNothing };
  struct Delta {
    bool bad = false;
    void clear() { bad = false; }
    bool empty() const { return !bad; }
  };
  static void step(const Config&, Part& part, PartId self, Event&& event, Env<Liar>& env) {
    if (event == 0) {
      ++part.hidden;
      env.send(self, 1, Lane::kChannel, env.now());
    } else {
      env.delta().bad = part.hidden == 0;
    }
  }
  static bool moot(const Part&, const Event&) { return false; }
  static std::optional<Finding> check(const Config&, Parts<Liar> parts, const Delta&) {
    if (parts[0].hidden == 0) return Finding{"bad", ""};
    return std::nullopt;
  }
  static void possible(const Config&, const Moment&, std::vector<Possible<Liar>>&) {}
  static std::string describe(const Config&, PartId, const Event& event) { return std::to_string(event); }
};

TEST(Explore, DoubtsACounterexampleThatTheValuesThemselvesDoNotConfirm) {
  const Liar::Config config;
  const auto explored = explore<Liar>(config, std::vector<Liar::Part>(1), {{0, 0, 0}}, {});
  ASSERT_TRUE(explored.counterexample);
  EXPECT_EQ(explored.counterexample->doubts, "the check holds for the values themselves");
}

}  // namespace
}  // namespace quickbite::sim
