// Runs a Plan to its end: safety after every step, then rest, then what the plan expects.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/kernel/run.h"
#include "sim/plan/plan.h"
#include "sim/world/build.h"

namespace quickbite::sim {

enum class Ending : std::uint8_t {
  kHeld,          // everything held
  kSafety,        // a safety property broke
  kLiveness,      // no rest within the bound, or a liveness property broke there
  kExpectation,   // an expectation of the plan was not met
  kUnfiredRule,   // a rule of the plan never fired
  kTooManyEvents  // more events than any run of this size may take
};

struct RunLimits {
  // Of virtual time, from the last act or fault and the orders' deadline to rest; and what reading a backlog takes on top.
  Duration rest_bound = seconds(20);
  std::uint64_t events_max = 5'000'000;
  bool fingerprint = true;                  // ask for the one of the world at the end
  Records records = Records::kNothing;      // ask for every verdict that was given, or what luck drew of delays too
};

struct Outcome {
  Ending ending = Ending::kHeld;
  std::string property;        // "S8", "L3"; empty where none is to blame
  std::string what;            // a sentence
  std::size_t item = 0;        // of plan.expectations or plan.rules, for kExpectation and kUnfiredRule
  std::uint64_t trace_hash = 0;
  std::uint64_t fingerprint = 0;  // of the world at the end; 0 where nobody asked
  std::uint64_t events = 0;
  Instant ended_at;
  std::int64_t orders = 0;
  std::bitset<kFactsMax> covered;
  Given given;
  std::vector<Strike> strikes;  // where somebody asked
};

// Called with every delivery before it happens: when, to whom, and what in words.
using Teller = std::function<void(Instant, const std::string& to, const std::string& what)>;

// Seeded where plan.seed is set, else calm. `codec` may be shared by many runs of one thread.
Outcome run_plan(const Plan& plan, const Options& options, const RunLimits& limits, Codec& codec,
                 const Teller& teller = nullptr);

// A line for a person on one expectation: "o1 CONFIRMED".
std::string to_string(const Expectation& expectation);

// What an expectation found instead, or nullopt where it is met.
std::optional<std::string> unmet(const Plan& plan, const Expectation& expectation, const property::View& view);

}  // namespace quickbite::sim
