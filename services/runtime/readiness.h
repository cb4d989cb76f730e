// Readiness: what a service waits for, as /readyz tells it.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "domain/port/http.h"
#include "domain/port/readiness.h"

namespace quickbite::runtime {

// A number, or some, for a program: {"min", 2}, {"assigned", {0, 1}}.
struct Fact {
  std::string name;
  std::variant<std::int64_t, std::vector<std::int64_t>> value;
};

struct Condition {
  Need need = Need::kRunning;
  bool met = false;
  std::string detail = {};  // for a person: why it is not met
  std::vector<Fact> facts = {};
};

// Which conditions count, and when, is decided by `waited_for` (domain/port/readiness.h). Thread-safe.
class Readiness {
 public:
  // `conditions` is asked each time; it is called by any thread.
  explicit Readiness(std::function<std::vector<Condition>()> conditions) : conditions_(std::move(conditions)) {}

  struct State {
    bool ready = false;
    std::vector<Condition> conditions;
    std::vector<std::string> waiting_for() const;  // "database: connection refused", of those that count and are not met
    bool was_ready = false;
  };
  State look();

  // From now on the service is not ready, whatever is met.
  void stop();

  // {"ready":false,"waitingFor":["schema: …"],"conditions":[{"name":"schema","met":false,"version":1,"min":2,"max":2,"detail":"…"}]};
  // 200 or 503.
  HttpAnswer answer();

 private:
  const std::function<std::vector<Condition>()> conditions_;
  std::mutex mutex_;
  bool was_ready_ = false;
  bool stopping_ = false;
};

}  // namespace quickbite::runtime
