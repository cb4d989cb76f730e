// Exploring QuickBite: a few orders, one replica of each service, every interleaving within budgets of faults.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/kernel/explore.h"
#include "sim/plan/plan.h"
#include "sim/world/build.h"
#include "sim/world/run_plan.h"
#include "sim/world/world.h"

namespace quickbite::sim {

struct ExploreBounds {
  std::uint32_t orders = 2;
  std::uint32_t crashes = 1;
  std::uint32_t duplicates = 1;
  std::uint32_t in_doubt = 0;
  std::uint32_t timers = 1;  // that fire while something else could still happen
  bool expiry = false;       // orders are past their deadline at once, and their sweeper's timer is one of those
  std::uint64_t states_max = 1'000'000'000;
  std::uint64_t bytes_max = std::uint64_t{4} << 30;
  std::uint32_t liveness_every = 1000;
};

struct WorldExplored {
  Explored<World> explored;
  // The counterexample as a plan that fails in a calm run with the same property; none where no such plan was found.
  std::optional<Plan> scenario;
};

// The system at rest, started and with its group formed; each of `bounds.orders` clients is about to order one burger, of
// which there are too few for the last of them.
Plan explored_plan(const ExploreBounds& bounds);

// The plan with its rules at other moments of their kind and, where that is not enough, with one delay, so that its calm run
// shows it; none where no such plan is found in a bounded number of runs.
std::optional<Plan> brought_about(Plan plan, const std::function<bool(const Outcome&)>& shows);

// `go_on` is asked every few thousand transitions.
WorldExplored explore_world(const ExploreBounds& bounds, const std::function<bool(const ExploreProgress&)>& go_on);

}  // namespace quickbite::sim
