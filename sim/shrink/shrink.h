// Shrinking: of a run that shows something, a smaller one that shows it too.
//
// What luck struck is written down as rules first, so that nothing is left to luck but delays and choices. Then whatever is not
// needed goes, as long as anything does: faults, acts, lines of an order, replicas, the options that were drawn, and the seed. Where
// the seed's delays are needed they become rules as well, of which those go and shrink that can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "sim/world/run_plan.h"
#include "sim/world/sweep.h"

namespace quickbite::sim {

// What the smaller run has to show as well: the same property broken, say. Asked of every run that is tried.
using Shows = std::function<bool(const Outcome&)>;

// Whether to go on, asked before each run: how many there were, and how many acts and faults are left.
using ShrinkOn = std::function<bool(std::uint64_t runs, std::size_t left)>;

struct Shrunk {
  Drawn drawn;            // its plan has a seed where choices matter that no rule can say: it is fragile then
  bool standard = false;  // its options are those of every scenario, so that the plan alone tells all of it
  bool stopped = false;   // `go_on` said no: there may be less to find
  std::uint64_t runs = 0;
};

// The same run without luck: its odds are 0, and `strikes`, which it gave, stand in the plan's rules.
Drawn pinned(Drawn drawn, const std::vector<Strike>& strikes);

// `drawn` itself must show it. No act, fault, line, replica or SKU can be left away from what is returned, one at a time, where
// `go_on` never says no.
Shrunk shrink(Drawn drawn, const Shows& shows, Codec& codec, const ShrinkOn& go_on);

}  // namespace quickbite::sim
