#include "services/runtime/request_numbers.h"

#include <utility>

namespace quickbite::runtime {

RequestNumbers::RequestNumbers(std::shared_ptr<metrics::Registry> registry, std::string prefix,
                               std::array<std::string, 3> names)
    : registry_(std::move(registry)), prefix_(std::move(prefix)), names_(std::move(names)) {}

void RequestNumbers::observe(std::string_view first, std::string_view second, std::string_view outcome, double seconds) {
  Numbers numbers;
  {
    const std::lock_guard lock(mutex_);
    auto at = numbers_.find(KeyView(first, second, outcome));
    if (at == numbers_.end()) {
      metrics::Labels labels;
      if (!first.empty()) labels[names_[0]] = std::string(first);
      if (!second.empty()) labels[names_[1]] = std::string(second);
      Numbers fresh;
      fresh.took = registry_->histogram(prefix_ + "_request_duration_seconds",
                                        "How long requests took, from the whole request to its answer.",
                                        metrics::short_durations(), labels);
      labels[names_[2]] = std::string(outcome);
      fresh.count = registry_->counter(prefix_ + "_requests_total", "Requests answered.", labels);
      at = numbers_.emplace(Key(first, second, outcome), fresh).first;
    }
    numbers = at->second;
  }
  numbers.count.add();
  numbers.took.observe(seconds);
}

}  // namespace quickbite::runtime
