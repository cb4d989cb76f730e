// explore against a brute force that shares nothing with it: no ids, no memo, no digest, depth first over whole values.
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/explore.h"
#include "sim/kernel/toy_bank.h"

namespace quickbite::sim {
namespace {

template <class S>
struct State {
  std::vector<typename S::Part> parts;
  std::map<std::tuple<PartId, PartId, std::uint32_t>, std::deque<typename S::Event>> channels;
  std::map<PartId, std::vector<typename S::Event>> timers;
  std::map<PartId, std::vector<typename S::Event>> idle_timers;
  std::vector<std::uint32_t> budgets;
};

template <class T>
std::string encoded(const T& value) {
  Encoder out;
  encode(out, value);
  return out.take();
}

// One transition along a script of turns, on a state that is thrown away.
template <class S>
class Transition final : public Env<S> {
 public:
  Transition(const typename S::Config& config, State<S> state, std::vector<std::pair<std::uint32_t, std::uint32_t>>& script)
      : state(std::move(state)), config_(config), script_(script) {}

  void deliver(PartId to, typename S::Event event) {
    nows_.emplace_back(to, std::move(event));
    while (!nows_.empty()) {
      auto [self, now] = std::move(nows_.front());
      nows_.pop_front();
      self_ = self;
      S::step(config_, state.parts[self], self, std::move(now), *this);
    }
  }
  std::uint32_t choose(Site, Subject, std::uint32_t outcomes) override {
    if (at_ == script_.size()) script_.emplace_back(0, outcomes);
    return script_[at_++].first;
  }
  typename S::Verdict verdict(const typename S::Moment& moment) override {
    std::vector<Possible<S>> all;
    std::vector<Possible<S>> left;
    S::possible(config_, moment, all);
    for (const auto& each : all) {
      if (state.budgets[each.budget] > 0) left.push_back(each);
    }
    const std::uint32_t taken = choose({}, 0, static_cast<std::uint32_t>(left.size() + 1));
    if (taken == 0) return {};
    --state.budgets[left[taken - 1].budget];
    return left[taken - 1].verdict;
  }
  Duration delay(Site, Subject, Duration, Duration, const Late&) override { return {}; }
  void cover(std::uint32_t) override {}

  State<S> state;

 protected:
  typename S::Event& place(PartId to, Lane lane, Instant, std::uint32_t stream) override {
    if (lane == Lane::kNow) return nows_.emplace_back(to, typename S::Event{}).second;
    if (lane == Lane::kChannel) return state.channels[{self_, to, stream}].emplace_back();
    return (lane == Lane::kTimer ? state.timers : state.idle_timers)[to].emplace_back();
  }

 private:
  const typename S::Config& config_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>>& script_;
  std::size_t at_ = 0;
  PartId self_ = 0;
  std::deque<std::pair<PartId, typename S::Event>> nows_;
};

template <class S>
class BruteForce {
 public:
  BruteForce(const typename S::Config& config, std::uint32_t timer_budget) : config_(config), timer_budget_(timer_budget) {}

  void visit(State<S> state) {
    drop_moot(state);
    if (!seen.insert(key(state)).second) return;
    bool busy = false;
    bool rest = true;
    for (auto& [ends, events] : state.channels) {
      if (events.empty()) continue;
      busy = true;
      rest = false;
      State<S> next = state;
      next.channels[ends].pop_front();
      deliver(next, std::get<1>(ends), events.front());
    }
    for (auto& [to, events] : state.timers) {
      rest = rest && events.empty();
      fire(state, &State<S>::timers, to, busy);
    }
    for (auto& [to, events] : state.idle_timers) fire(state, &State<S>::idle_timers, to, true);
    if (rest) rests.insert(encoded(state.parts));
  }

  std::set<std::string> seen;
  std::set<std::string> rests;
  std::uint64_t transitions = 0;

 private:
  using Timers = std::map<PartId, std::vector<typename S::Event>> State<S>::*;

  void fire(const State<S>& state, Timers timers, PartId to, bool costs) {
    if (costs && state.budgets[timer_budget_] == 0) return;
    const auto& events = (state.*timers).at(to);
    std::set<std::string> fired;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (!fired.insert(encoded(events[i])).second) continue;
      State<S> next = state;
      auto& left = (next.*timers)[to];
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(i));
      if (costs) --next.budgets[timer_budget_];
      deliver(next, to, events[i]);
    }
  }

  void deliver(const State<S>& state, PartId to, const typename S::Event& event) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> script;
    for (;;) {
      Transition<S> transition(config_, state, script);
      transition.deliver(to, event);
      ++transitions;
      visit(std::move(transition.state));
      while (!script.empty() && script.back().first + 1 == script.back().second) script.pop_back();
      if (script.empty()) return;
      ++script.back().first;
    }
  }

  static void drop_moot(State<S>& state) {
    const auto drop = [&](auto& events, PartId to) {
      std::erase_if(events, [&](const auto& event) { return S::moot(state.parts[to], event); });
    };
    for (auto& [ends, events] : state.channels) drop(events, std::get<1>(ends));
    for (auto& [to, events] : state.timers) drop(events, to);
    for (auto& [to, events] : state.idle_timers) drop(events, to);
  }

  static std::string key(const State<S>& state) {
    Encoder out;
    encode(out, state.parts);
    encode(out, state.budgets);
    for (const auto& [ends, events] : state.channels) {
      if (events.empty()) continue;
      encode(out, ends);
      encode(out, std::vector(events.begin(), events.end()));
    }
    for (const auto* timers : {&state.timers, &state.idle_timers}) {
      out.text("timers");
      for (const auto& [to, events] : *timers) {
        std::multiset<std::string> sorted;
        for (const auto& event : events) sorted.insert(encoded(event));
        if (sorted.empty()) continue;
        out.number(to);
        out.number(sorted.size());
        for (const auto& each : sorted) out.text(each);
      }
    }
    return out.take();
  }

  const typename S::Config& config_;
  std::uint32_t timer_budget_;
};

template <class S>
void expect_same(const toy::Options& config, std::vector<std::uint32_t> budgets, std::uint64_t least) {
  BruteForce<S> brute(config, toy::kTimers);
  State<S> start{.parts = S::parts(config), .channels = {}, .timers = {}, .idle_timers = {}, .budgets = budgets};
  for (const auto& each : S::initial(config)) {
    if (each.lane == Lane::kChannel) start.channels[{each.from, each.to, 0}].push_back(each.event);
    if (each.lane == Lane::kTimer) start.timers[each.to].push_back(each.event);
    if (each.lane == Lane::kIdleTimer) start.idle_timers[each.to].push_back(each.event);
  }
  brute.visit(std::move(start));

  std::set<std::string> rests;
  ExploreOptions<S> options{.budgets = budgets, .timer_budget = toy::kTimers};
  options.found_at_rest = [&](const Parts<S>& parts) {
    std::vector<typename S::Part> all;
    for (PartId p = 0; p < parts.size(); ++p) all.push_back(parts[p]);
    rests.insert(encoded(all));
  };
  const auto explored = explore<S>(config, S::parts(config), S::initial(config), options);
  EXPECT_TRUE(explored.finished());
  EXPECT_EQ(explored.progress.states, brute.seen.size());
  EXPECT_EQ(explored.progress.transitions, brute.transitions);
  EXPECT_EQ(rests, brute.rests);
  EXPECT_GE(brute.seen.size(), least);
}

TEST(ExploreReference, FindsTheStatesThatBruteForceFinds) {
  expect_same<toy::Bank<>>({.clients = 2}, {0, 0, 0, 0}, 9);
  expect_same<toy::Bank<>>({.clients = 2}, {1, 1, 1, 1}, 1000);
  expect_same<toy::Bank<>>({.clients = 1}, {3, 2, 2, 3}, 500);
}

TEST(ExploreReference, FindsThemWithoutDroppingWhatIsMoot) {
  expect_same<toy::Bank<false>>({.clients = 2}, {1, 1, 1, 1}, 1000);
}

TEST(ExploreReference, FindsThemWithChoicesAndIdleTimers) {
  expect_same<toy::Bank<>>({.clients = 2, .has_manners = true, .forgets = true}, {1, 0, 1, 2}, 1000);
}

}  // namespace
}  // namespace quickbite::sim
