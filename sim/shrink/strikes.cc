#include "sim/shrink/strikes.h"

#include <algorithm>
#include <tuple>

#include "domain/base/check.h"
#include "sim/plan/parse.h"

namespace quickbite::sim {

// Each rule strikes at a moment of its own: those that an earlier one takes are not counted by a later one.
std::vector<Rule> rules_of(const std::vector<Strike>& strikes) {
  std::vector<Rule> rules;
  rules.reserve(strikes.size());
  for (auto strike = strikes.begin(); strike != strikes.end(); ++strike) {
    const auto taken = std::count_if(strikes.begin(), strike, [&](const Strike& earlier) { return earlier.beside(*strike); });
    CHECK(strike->nth > static_cast<std::uint32_t>(taken));
    rules.push_back({strike->role, strike->replica, strike->verb, strike->phase, std::nullopt,
                     strike->nth - static_cast<std::uint32_t>(taken), strike->verdict, strike->length});
  }
  return rules;
}

void put_in_order(std::vector<Strike>& strikes) {
  std::ranges::stable_sort(strikes, {}, [](const Strike& strike) {
    return std::tuple(strike.role, strike.replica, strike.verb, strike.phase, strike.verdict == Verdict::kDelay, strike.nth);
  });
  for (std::size_t i = 1; i < strikes.size(); ++i) {
    if (strikes[i].beside(strikes[i - 1])) strikes[i].nth = std::max(strikes[i].nth, strikes[i - 1].nth + 1);
  }
}

std::pair<std::uint64_t, std::uint64_t> lateness(const std::vector<Strike>& strikes) {
  std::pair<std::uint64_t, std::uint64_t> sum;
  for (const Strike& strike : strikes) {
    sum.first += strike.replica;
    sum.second += strike.nth;
  }
  return sum;
}

bool merge_delays(std::vector<Strike>& strikes, std::size_t i, std::size_t begin, std::size_t end) {
  const auto is_delay = [](const Strike& strike) { return strike.verdict == Verdict::kDelay; };
  if (!is_delay(strikes[i])) return false;
  Strike& kept = strikes[i];
  std::vector<Strike> left;
  for (std::size_t j = 0; j < strikes.size(); ++j) {
    if (j != i && begin <= j && j < end && is_delay(strikes[j])) kept.length = std::min(kDelayMax, kept.length + strikes[j].length);
  }
  for (std::size_t j = 0; j < strikes.size(); ++j) {
    if (j == i || j < begin || j >= end || !is_delay(strikes[j])) left.push_back(strikes[j]);
  }
  const bool fewer = left.size() < strikes.size();
  strikes = std::move(left);
  return fewer;
}

}  // namespace quickbite::sim
