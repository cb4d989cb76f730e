#include "services/runtime/effect_numbers.h"

namespace quickbite::runtime {

EffectNumbers::EffectNumbers(std::shared_ptr<metrics::Registry> registry, std::string machine)
    : registry_(std::move(registry)), machine_(std::move(machine)) {}

void EffectNumbers::observe(std::string_view effect, Outcome outcome, std::chrono::steady_clock::duration took,
                            std::size_t batch) {
  Numbers& numbers = this->numbers(effect);
  numbers.took.observe(std::chrono::duration<double>(took).count());
  numbers.outcomes[static_cast<std::size_t>(outcome)].add();
  if (batch == 0) return;
  if (!numbers.batch) {
    numbers.batch = registry_->histogram("quickbite_effect_batch_size", "How many orders, reads or records one effect was for.",
                                         metrics::sizes(), labels(effect));
  }
  numbers.batch->observe(static_cast<double>(batch));
}

// All outcomes at once: a counter that first shows as 1 has, to Prometheus, not increased.
EffectNumbers::Numbers& EffectNumbers::numbers(std::string_view effect) {
  const auto at = by_effect_.find(effect);
  if (at != by_effect_.end()) return at->second;
  Numbers numbers;
  metrics::Labels labels = this->labels(effect);
  numbers.took = registry_->histogram("quickbite_effect_duration_seconds",
                                      "How long a machine's effect took: a call of the database, the broker or another service.",
                                      metrics::short_durations(), labels);
  for (std::size_t i = 0; i < kOutcomes.size(); ++i) {
    labels["outcome"] = std::string(kOutcomes[i]);
    numbers.outcomes[i] =
        registry_->counter("quickbite_effects_total", "Effects of a machine, by what they came to.", labels);
  }
  return by_effect_.emplace(effect, numbers).first->second;
}

metrics::Labels EffectNumbers::labels(std::string_view effect) const {
  return {{"machine", machine_}, {"effect", std::string(effect)}};
}

}  // namespace quickbite::runtime
