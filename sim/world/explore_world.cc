#include "sim/world/explore_world.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "domain/base/check.h"

namespace quickbite::sim {
namespace {

constexpr std::uint32_t kTimerBudget = kBudgets;
constexpr std::uint32_t kNthMax = 8;  // of a rule's moment, when a counterexample is written down as a plan
constexpr std::uint32_t kRunsMax = 50'000;  // to find such a plan

Options explored_options(const ExploreBounds& bounds) {
  Options options;
  options.static_members = true;
  options.sweeps = {bounds.expiry, false};
  // One attempt, one more for everything that can take an answer away, and one to spare.
  options.client_attempts = 2 + bounds.crashes + bounds.in_doubt;
  return options;
}

bool only_waits(const Built& built) {
  for (const Scheduled& event : built.agenda) {
    if (!std::holds_alternative<StartJob>(event.event.what)) return false;
  }
  return true;
}

// Starts the processes and lets the groups form, in a calm timed run without clients; what is left are waits and idle polls.
std::vector<Part> started(const Plan& plan, const Options& options, Codec& codec) {
  Plan quiet = plan;
  quiet.acts.clear();
  Built built = build(quiet, options, codec);
  Oracle oracle({}, Instant{0}, {});
  Run<World, Oracle> run(built.config, std::move(built.parts), 0, true, oracle);
  for (Scheduled& event : built.agenda) run.schedule(event.to, std::move(event.event), event.at);
  while (!run.empty() && run.next_at() < Instant{0} + milliseconds(90)) run.step();
  return run.world();
}

// The timers of what the machines wait for: fallback polls, which nothing depends on unless a wake-up was lost.
std::vector<Initial<World>> idle_timers(const std::vector<Part>& parts) {
  std::vector<Initial<World>> timers;
  for (PartId id = 0; id < parts.size(); ++id) {
    std::visit(
        [&](const auto& part) {
          if constexpr (requires { part.host; }) {
            if (!part.host || !part.host->in_flight()) return;
            timers.push_back({id, id, Event{id, Timeout{part.host->effect_id()}}, Lane::kIdleTimer, 1});
          }
        },
        parts[id]);
  }
  return timers;
}

// The faults of a path as rules, each at the nth time that its moment comes.
std::vector<Rule> rules_of(const Counterexample<World>& found) {
  std::vector<Rule> rules;
  for (const Taken<World>& taken : found.steps) {
    for (const Delivered<World>& delivered : taken.deliveries) {
      for (const Told<World>& told : delivered.verdicts) {
        const Moment& moment = told.moment;
        rules.push_back({moment.role, std::nullopt, moment.verb, moment.phase, std::nullopt, 1, told.verdict, {}});
      }
    }
  }
  return rules;
}

// Every kind of moment at which something can be late.
std::vector<Rule> every_delay() {
  std::vector<Rule> delays;
  for (std::size_t role = 0; role < kRoles; ++role) {
    for (std::size_t verb = 0; verb < kVerbs; ++verb) {
      for (std::size_t phase = 0; phase < kPhases; ++phase) {
        const Rule rule{static_cast<Role>(role), std::nullopt, static_cast<Verb>(verb), static_cast<Phase>(phase), std::nullopt, 1,
                        Verdict::kDelay, {}};
        if (makes_sense(rule.role, rule.verb, rule.phase, rule.verdict)) delays.push_back(rule);
      }
    }
  }
  return delays;
}

// The next way to say at which moments of their kind the rules strike; false after the last.
bool next_moments(std::vector<Rule>& rules) {
  for (Rule& rule : rules) {
    if (++rule.nth <= kNthMax) return true;
    rule.nth = 1;
  }
  return false;
}

std::optional<Plan> as_plan(const ExploreBounds& bounds, const Counterexample<World>& found) {
  Plan plan = explored_plan(bounds);
  plan.rules = rules_of(found);
  plan.title = "Found by exploring: " + found.finding.property + ", " + found.finding.what;
  return brought_about(std::move(plan), [&](const Outcome& outcome) { return outcome.property == found.finding.property; });
}

}  // namespace

Plan explored_plan(const ExploreBounds& bounds) {
  Plan plan;
  const std::uint32_t stock = bounds.orders > 1 ? bounds.orders - 1 : 1;
  plan.stock.push_back({Sku{"burger"}, Quantity{stock}});
  if (bounds.expiry) plan.deadline = Duration{};
  for (std::uint32_t i = 1; i <= bounds.orders; ++i) {
    const std::string number = std::to_string(i);
    plan.acts.push_back({Instant{0}, PlaceAct{"u" + number, {{Sku{"burger"}, Quantity{1}}}, "k" + number, "o" + number}});
  }
  return plan;
}

std::optional<Plan> brought_about(Plan plan, const std::function<bool(const Outcome&)>& shows) {
  MemoDecoder decoder;
  const Options options;
  std::uint32_t runs = 0;
  const auto at_some_moments = [&] {
    do {
      if (shows(run_plan(plan, options, {.fingerprint = false}, decoder))) return true;
    } while (++runs < kRunsMax && next_moments(plan.rules));
    return false;
  };
  const std::size_t faults = plan.rules.size();
  if (at_some_moments()) return plan;
  for (const Duration length : {milliseconds(5), milliseconds(50), milliseconds(1000)}) {
    for (const Rule& delay : every_delay()) {
      plan.rules.resize(faults);
      plan.rules.push_back(delay);
      plan.rules.back().length = length;
      if (at_some_moments()) return plan;
      if (runs >= kRunsMax) return std::nullopt;
    }
  }
  return std::nullopt;
}

WorldExplored explore_world(const ExploreBounds& bounds, const std::function<bool(const ExploreProgress&)>& go_on) {
  const Plan plan = explored_plan(bounds);
  Options options = explored_options(bounds);
  MemoDecoder decoder;
  std::vector<Part> parts = started(plan, options, decoder);
  options.timed = false;
  Built built = build(plan, options, decoder);
  std::erase_if(built.agenda, [](const Scheduled& event) { return std::holds_alternative<Restart>(event.event.what); });
  CHECK(only_waits(built));
  for (PartId client = built.config.clients; client < built.parts.size(); ++client) {
    parts.push_back(built.parts[client]);
  }
  CHECK(parts.size() == built.parts.size());

  std::vector<Initial<World>> initial = idle_timers(parts);
  for (Scheduled& event : built.agenda) initial.push_back({event.event.from, event.to, std::move(event.event)});
  ExploreOptions<World> exploring;
  exploring.budgets = {bounds.crashes, bounds.duplicates, bounds.in_doubt, bounds.timers};
  exploring.timer_budget = kTimerBudget;
  exploring.states_max = bounds.states_max;
  exploring.bytes_max = bounds.bytes_max;
  exploring.liveness_every = bounds.liveness_every;
  exploring.go_on = go_on;

  WorldExplored result;
  result.explored = explore<World>(built.config, std::move(parts), std::move(initial), std::move(exploring));
  if (result.explored.counterexample) result.scenario = as_plan(bounds, *result.explored.counterexample);
  return result;
}

}  // namespace quickbite::sim
