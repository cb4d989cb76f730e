// Strikes: what struck in a run, as a list that shrinking works on, and as the rules of a plan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/plan/plan.h"
#include "sim/world/oracle.h"

namespace quickbite::sim {

// Those of one kind of moment stand in the order of their moments.
std::vector<Rule> rules_of(const std::vector<Strike>& strikes);

// Those of one kind of moment in the order of their moments, one at each: who comes to where another is goes to the next.
void put_in_order(std::vector<Strike>& strikes);

// The sum of their replicas, and of their moments' numbers: what is less has less left to be made earlier.
std::pair<std::uint64_t, std::uint64_t> lateness(const std::vector<Strike>& strikes);

// The delay at `i` lasts as long as all delays from `begin` to `end`, at most kDelayMax, and the others of those are gone; false
// where there is none at `i`, or no other.
bool merge_delays(std::vector<Strike>& strikes, std::size_t i, std::size_t begin, std::size_t end);

}  // namespace quickbite::sim
