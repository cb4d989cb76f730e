// The scenario language, written: Plan → text that parses to the same plan.
#pragma once

#include <string>

#include "domain/base/time.h"
#include "sim/plan/plan.h"

namespace quickbite::sim {

// The whole file: title, settings, acts, rules, expectations, a line each, in the plan's order.
std::string print_plan(const Plan& plan);

// One line, without its newline.
std::string print_act(const Act& act);
std::string print_rule(const Rule& rule, const Plan& plan);
std::string print_expectation(const Expectation& expectation);

// In the largest unit that tells it whole: "1500us", "20ms", "1s", "0ms".
std::string print_duration(Duration duration);

}  // namespace quickbite::sim
