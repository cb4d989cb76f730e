// RequestNumbers: what was asked of a service from outside, by HTTP or by gRPC, with what outcome and how quickly.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "adapters/metrics/registry.h"

namespace quickbite::runtime {

// Any thread.
class RequestNumbers {
 public:
  // Makes <prefix>_requests_total{…} and <prefix>_request_duration_seconds{…}. `names`: of the labels; the last is the outcome,
  // which the durations are not split by.
  RequestNumbers(std::shared_ptr<metrics::Registry> registry, std::string prefix, std::array<std::string, 3> names);

  // The values come from closed sets; an empty one is a label that is left out.
  void observe(std::string_view first, std::string_view second, std::string_view outcome, double seconds);

 private:
  struct Numbers {
    metrics::Counter count;
    metrics::Histogram took;
  };
  using Key = std::tuple<std::string, std::string, std::string>;
  using KeyView = std::tuple<std::string_view, std::string_view, std::string_view>;
  // Either with either: std::less<> cannot, with clang 14 and libstdc++ 12.
  struct Before {
    using is_transparent = void;
    bool operator()(const KeyView& a, const KeyView& b) const { return a < b; }
  };

  const std::shared_ptr<metrics::Registry> registry_;
  const std::string prefix_;
  const std::array<std::string, 3> names_;
  std::mutex mutex_;
  std::map<Key, Numbers, Before> numbers_;
};

}  // namespace quickbite::runtime
