#include "sim/world/oracle.h"

#include <algorithm>
#include <utility>

#include "sim/world/config.h"

namespace quickbite::sim {

void Given::add(const Given& other) {
  for (std::size_t i = 0; i < verdicts.size(); ++i) verdicts[i] += other.verdicts[i];
  for (std::size_t i = 0; i < crashes.size(); ++i) crashes[i] += other.crashes[i];
}

Oracle::Oracle(const Odds& odds, Instant odds_until, std::vector<BoundRule> rules, Records records)
    : odds_until_(odds_until), rules_(std::move(rules)), records_(records) {
  for (std::size_t verb = 0; verb < kVerbs; ++verb) {
    for (std::size_t phase = 0; phase < kPhases; ++phase) {
      Chances& chances = chances_[verb * kPhases + phase];
      std::uint32_t below = 0;
      for (std::size_t v = 1; v < kVerdicts; ++v) {
        const auto verdict = static_cast<Verdict>(v);
        if (!by_luck(verdict) || odds.ppm[v] == 0) continue;
        // What is undeliverable waits for an operator, who is no part of a sweep.
        if (verdict == Verdict::kReject && static_cast<Verb>(verb) == Verb::kProduce) continue;
        if (verdict == Verdict::kDuplicate && static_cast<Phase>(phase) == Phase::kUnanswered && !odds.duplicate_answers) continue;
        bool fits = false;
        for (std::size_t role = 0; role < kRoles; ++role) {
          fits = fits || makes_sense(static_cast<Role>(role), static_cast<Verb>(verb), static_cast<Phase>(phase), verdict);
        }
        if (!fits) continue;
        below += odds.ppm[v];
        chances.chances[chances.count++] = {verdict, below};
      }
    }
  }
}

Verdict Oracle::verdict(const Moment& moment, const Draws& draws, Instant now) {
  if (rules_.empty() && records_ == Records::kNothing) return decide(moment, draws, now);  // nothing is ever late then
  late_ = {};
  Verdict verdict = decide(moment, draws, now);
  if (const Rule* rule = rule_for(moment, true)) {
    late_.by = rule->length;
    give(moment, Verdict::kDelay);
    if (verdict == Verdict::kNothing) verdict = Verdict::kDelay;
  }
  if (records_ != Records::kNothing) mark(moment, verdict);
  return verdict;
}

void Oracle::mark(const Moment& moment, Verdict verdict) {
  const Strike here{moment.role, moment.replica, moment.verb, moment.phase, 1, Verdict::kNothing, {}};
  auto kind = std::ranges::find_if(moments_, [&](const Strike& seen) { return seen.beside(here); });
  if (kind == moments_.end()) {
    kind = moments_.insert(moments_.end(), here);
  } else {
    ++kind->nth;
  }
  marks_.push_back({*kind, late_.by, late_.by + late_.apart});
  if (verdict != Verdict::kDelay) marks_.back().strike.verdict = verdict;
  late_.moment = static_cast<std::uint32_t>(marks_.size());
}

// Of a moment from which several messages go out the latest tells.
void Oracle::drew(const Late& late, Duration above_min) {
  if (records_ != Records::kDelays || late.moment == 0) return;
  Mark& mark = marks_[late.moment - 1];
  Duration& latest = late.copy == 0 ? mark.first : mark.second;
  latest = std::max(latest, above_min + late.by + (late.copy == 0 ? Duration{} : late.apart));
}

std::vector<Strike> Oracle::strikes() const {
  std::vector<Strike> strikes;
  for (const auto& [strike, first, second] : marks_) {
    const bool twice = strike.verdict == Verdict::kDuplicate;
    if (strike.verdict != Verdict::kNothing) {
      strikes.push_back(strike);
      if (twice) strikes.back().length = std::max(first, second) - std::min(first, second);
    }
    const Duration late = twice ? std::min(first, second) : first;  // the two are alike
    if (late.us == 0) continue;
    strikes.push_back(strike);
    strikes.back().verdict = Verdict::kDelay;
    strikes.back().length = late;
  }
  return strikes;
}

const Rule* Oracle::rule_for(const Moment& moment, bool delays) {
  for (BoundRule& bound : rules_) {
    const Rule& rule = bound.rule;
    if (rule.role != moment.role || rule.verb != moment.verb || rule.phase != moment.phase) continue;
    if ((rule.verdict == Verdict::kDelay) != delays) continue;
    if (rule.replica && *rule.replica != moment.replica) continue;
    if (bound.order && *bound.order != moment.order) continue;
    if (++bound.matched != rule.nth) continue;
    bound.fired = true;
    return &rule;
  }
  return nullptr;
}

Verdict Oracle::decide(const Moment& moment, const Draws& draws, Instant now) {
  if (const Rule* rule = rules_.empty() ? nullptr : rule_for(moment, false)) {
    if (rule->verdict == Verdict::kDuplicate) late_.apart = rule->length;
    return give(moment, rule->verdict);
  }
  const Chances& chances =
      chances_[static_cast<std::size_t>(moment.verb) * kPhases + static_cast<std::size_t>(moment.phase)];
  if (chances.count == 0 || now >= odds_until_) return Verdict::kNothing;
  const std::uint32_t drawn = draws.below(1'000'000, site(Sites::kFault), moment.subject);
  for (std::uint32_t i = 0; i < chances.count; ++i) {
    if (drawn < chances.chances[i].below) return give(moment, chances.chances[i].verdict);
  }
  return Verdict::kNothing;
}

Verdict Oracle::give(const Moment& moment, Verdict verdict) {
  ++given_.verdicts[static_cast<std::size_t>(verdict)];
  if (verdict == Verdict::kCrash && static_cast<std::size_t>(moment.role) < kMachineRoles) {
    ++given_.crashes[Given::cell(moment.role, moment.verb, moment.phase)];
  }
  return verdict;
}

}  // namespace quickbite::sim
