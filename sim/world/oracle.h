// Oracle: who decides what strikes: a plan's rules, and luck at given odds until the faults stop. It counts what it gave.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "domain/base/time.h"
#include "sim/fault/moment.h"
#include "sim/kernel/choices.h"
#include "sim/kernel/system.h"
#include "sim/plan/plan.h"

namespace quickbite::sim {

// Whether luck gives it: of delays it has draws of their own.
inline bool by_luck(Verdict verdict) { return verdict != Verdict::kNothing && verdict != Verdict::kDelay; }

// In parts per million of the moments where a verdict makes sense.
struct Odds {
  std::array<std::uint32_t, kVerdicts> ppm{};
  bool duplicate_answers = false;  // kDuplicate strikes answers too
};

// A verdict that was given, and where: at the nth moment of that role, replica, verb and phase in the run, from 1.
struct Strike {
  Role role = Role::kIntake;
  std::uint32_t replica = 0;
  Verb verb = Verb::kLoad;
  Phase phase = Phase::kBefore;
  std::uint32_t nth = 1;
  Verdict verdict = Verdict::kNothing;
  Duration length{};  // as of Rule
  // Whether both are of moments that one rule's words fit, and of which one takes what the other strikes at.
  bool beside(const Strike& other) const {
    return role == other.role && replica == other.replica && verb == other.verb && phase == other.phase &&
           (verdict == Verdict::kDelay) == (other.verdict == Verdict::kDelay);
  }
  friend bool operator==(const Strike&, const Strike&) = default;
};

// How often each verdict was given, and how often each crash.
struct Given {
  std::array<std::uint64_t, kVerdicts> verdicts{};
  std::array<std::uint32_t, kMachineRoles * kVerbs * kPhases> crashes{};

  static std::size_t cell(Role role, Verb verb, Phase phase) {
    return (static_cast<std::size_t>(role) * kVerbs + static_cast<std::size_t>(verb)) * kPhases +
           static_cast<std::size_t>(phase);
  }
  void add(const Given& other);
};

// What an oracle writes down: nothing, the verdicts that it gave, or what luck drew of delays as well, as if rules had made them.
enum class Records : std::uint8_t { kNothing, kStrikes, kDelays };

class Oracle {
 public:
  struct BoundRule {
    Rule rule;
    std::optional<OrderId> order;  // of its label
    std::uint32_t matched = 0;
    bool fired = false;
  };

  // Luck ends at `odds_until`; rules do not.
  Oracle(const Odds& odds, Instant odds_until, std::vector<BoundRule> rules, Records records = Records::kNothing);

  // A delay and another verdict may strike at one moment; then the other is told, and late() tells the delay.
  Verdict verdict(const Moment& moment, const Draws& draws, Instant now);
  const Late& late() const { return late_; }
  void drew(const Late& late, Duration above_min);

  const std::vector<BoundRule>& rules() const { return rules_; }
  const Given& given() const { return given_; }
  // In the order of their moments.
  std::vector<Strike> strikes() const;

 private:
  struct Chance {
    Verdict verdict = Verdict::kNothing;
    std::uint32_t below = 0;  // of a million, cumulative
  };
  struct Chances {
    std::array<Chance, kVerdicts> chances{};
    std::uint32_t count = 0;
  };

  // What was recorded of one moment: what struck, and how late its first and its second message came.
  struct Mark {
    Strike strike;
    Duration first;
    Duration second;
  };

  Verdict decide(const Moment& moment, const Draws& draws, Instant now);
  const Rule* rule_for(const Moment& moment, bool delays);
  void mark(const Moment& moment, Verdict verdict);
  Verdict give(const Moment& moment, Verdict verdict);

  Instant odds_until_;
  std::vector<BoundRule> rules_;
  std::array<Chances, kVerbs * kPhases> chances_{};  // by verb and phase
  Given given_;
  Late late_;  // of the last verdict
  Records records_;
  std::vector<Strike> moments_;  // where records_: one for each kind of moment, nth: how many there were
  std::vector<Mark> marks_;      // of each moment, in order
};

}  // namespace quickbite::sim
