// Plans of every shape that the scenario language can say, for RapidCheck.
#pragma once

#include <rapidcheck.h>

#include <iosfwd>

#include "sim/plan/plan.h"

namespace quickbite::proptests {

// Valid plans: labels, replicas and partitions that are named exist, verdicts make sense where they
// are given, times ascend.
rc::Gen<sim::Plan> arbitrary_plan();

}  // namespace quickbite::proptests

namespace quickbite::sim {

// A counterexample is shown as a scenario.
void showValue(const Plan& plan, std::ostream& out);

}  // namespace quickbite::sim
