// Sweep: what a seed stands for. Each draws its own swarm: which kinds of fault exist and how strong, how many replicas,
// how much is allowed, who orders what.
#pragma once

#include <cstdint>
#include <string>

#include "sim/plan/plan.h"
#include "sim/world/build.h"
#include "sim/world/run_plan.h"

namespace quickbite::sim {

struct Drawn {
  Plan plan;        // with its seed
  Options options;
};

// The same seed is the same plan and the same options, for ever within one version.
Drawn draw(std::uint64_t seed);

// One line for a person: "orders 2, inventory 1, partitions 4, batch 5, crash 0.5%, …".
std::string describe(const Drawn& drawn);

Outcome run_seed(std::uint64_t seed, Codec& codec, const RunLimits& limits = {}, const Teller& teller = nullptr);

}  // namespace quickbite::sim
