// Outcomes: what can come of delivering an event to a part, computed once by running the step along every path.
#pragma once

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "sim/kernel/enumerate.h"
#include "sim/kernel/intern.h"
#include "sim/kernel/system.h"

namespace quickbite::sim::exploring {

// One thing that can come of it. All ids; 0 is none.
struct Outcome {
  Id part;               // the part afterwards
  std::uint32_t sends;   // the first in the pool of sends
  std::uint32_t count;   // of sends
  Id spends;             // what it takes from the budgets
  Id facts;              // what it covers
  Id delta;              // what it changed
  std::uint32_t path;    // which path of the enumeration it is
};

struct Sending {
  PartId to;
  Id event;
  Lane lane;
  std::uint32_t stream;
  friend bool operator==(const Sending&, const Sending&) = default;
};

template <class S>
class Outcomes {
 public:
  using Part = typename S::Part;
  using Event = typename S::Event;
  using Delta = typename S::Delta;

  struct Range {
    std::uint32_t begin;
    std::uint32_t count;
  };

  Outcomes(const typename S::Config& config, std::vector<std::uint32_t> budgets)
      : config_(config), budgets_(std::move(budgets)), enumerator_(config_, budgets_) {}

  Id part(const Part& value, PartId self) { return parts_.id(value, self); }
  Id event(const Event& value) { return events_.id(value); }
  const Part& part(Id id) const { return parts_[id]; }
  const Event& event(Id id) const { return events_[id]; }

  // The first is the benign one: no verdict, every choice 0.
  Range of(Id part, PartId self, Id event) {
    const std::uint64_t key = pair_key(part, event);
    Id known = memo_.find(key);
    if (known == 0) {
      ranges_.push_back(enumerate(part, self, event));
      known = static_cast<Id>(ranges_.size());
      memo_.insert(key, known);
    }
    return ranges_[known - 1];
  }

  const Outcome& operator[](std::uint32_t i) const { return outcomes_[i]; }
  const Sending& sending(std::uint32_t i) const { return sendings_[i]; }
  const Delta& delta(Id id) const { return deltas_[id]; }
  const std::bitset<kFactsMax>& facts(Id id) const { return facts_[id - 1]; }
  std::size_t facts_size() const { return facts_.size(); }
  std::uint32_t spent(Id spends, std::size_t budget) const { return spends_[spends - 1][budget]; }

  // The turns that lead to an outcome, for stepping once more with other values that encode alike.
  typename Enumerator<S>::Path path(Id part, PartId self, Id event, std::uint32_t path) {
    enumerator_.begin();
    for (std::uint32_t i = 0;; ++i) {
      run(part, self, event);
      if (i == path) return enumerator_.path();
      CHECK(enumerator_.advance());
    }
  }

  std::size_t parts_size() const { return parts_.size(); }
  std::size_t events_size() const { return events_.size(); }
  std::size_t memo_size() const { return memo_.size(); }
  std::size_t size() const { return outcomes_.size(); }
  std::uint64_t bytes() const {
    return parts_.bytes() + events_.bytes() + deltas_.bytes() + memo_.bytes() + ranges_.capacity() * sizeof(Range) +
           outcomes_.capacity() * sizeof(Outcome) + sendings_.capacity() * sizeof(Sending);
  }

 private:
  // Deltas share an id where they can be compared.
  class Deltas {
   public:
    Id id(const Delta& delta) {
      if constexpr (HasFields<Delta>) {
        return interned_.id(delta);
      } else {
        kept_.push_back(delta);
        return static_cast<Id>(kept_.size());
      }
    }
    const Delta& operator[](Id id) const {
      if constexpr (HasFields<Delta>) {
        return interned_[id];
      } else {
        return kept_[id - 1];
      }
    }
    std::uint64_t bytes() const { return interned_.bytes() + kept_.size() * sizeof(Delta); }

   private:
    Interner<Delta> interned_;
    std::deque<Delta> kept_;
  };

  Part run(Id part, PartId self, Id event) {
    Part after = parts_[part];
    Event copy = events_[event];
    enumerator_.delta().clear();
    enumerator_.run(after, self, std::move(copy));
    // A step must be a function of part, event and what it was told.
    CHECK(!enumerator_.astray());
    return after;
  }

  Range enumerate(Id part, PartId self, Id event) {
    const auto begin = static_cast<std::uint32_t>(outcomes_.size());
    enumerator_.begin();
    std::uint32_t path = 0;
    do {
      CHECK(path < kPathsMax);
      Part after = run(part, self, event);
      keep(begin, after, self, path++);
    } while (enumerator_.advance());
    return {begin, static_cast<std::uint32_t>(outcomes_.size()) - begin};
  }

  void keep(std::uint32_t begin, Part& after, PartId self, std::uint32_t path) {
    Outcome outcome{};
    outcome.part = parts_.id(std::move(after), self);
    outcome.sends = static_cast<std::uint32_t>(sendings_.size());
    for (auto& sent : enumerator_.sent()) {
      const Id event = events_.id(std::move(sent.event));
      sendings_.push_back({sent.to, event, sent.lane, sent.stream});
    }
    outcome.count = static_cast<std::uint32_t>(sendings_.size()) - outcome.sends;
    outcome.spends = index_of(spends_, enumerator_.spent(), std::ranges::any_of(enumerator_.spent(), [](auto n) { return n != 0; }));
    outcome.facts = index_of(facts_, enumerator_.covered(), enumerator_.covered().any());
    if (!enumerator_.delta().empty()) outcome.delta = deltas_.id(enumerator_.delta());
    outcome.path = path;
    for (std::uint32_t i = begin; i < outcomes_.size(); ++i) {
      if (!makes_needless(outcomes_[i], outcome)) continue;
      sendings_.resize(outcome.sends);
      return;
    }
    outcomes_.push_back(outcome);
  }

  // The 1-based place of `value`, added where it is new; 0 where there is nothing to keep. These lists stay short.
  template <class T>
  static Id index_of(std::vector<T>& values, const T& value, bool any) {
    if (!any) return 0;
    const auto at = std::ranges::find(values, value);
    if (at != values.end()) return static_cast<Id>(at - values.begin()) + 1;
    values.push_back(value);
    return static_cast<Id>(values.size());
  }

  // `first` does all that `second` does and costs no more.
  bool makes_needless(const Outcome& first, const Outcome& second) const {
    if (first.part != second.part || first.count != second.count) return false;
    if (first.facts != second.facts || first.delta != second.delta) return false;
    for (std::uint32_t i = 0; i < first.count; ++i) {
      if (sendings_[first.sends + i] != sendings_[second.sends + i]) return false;
    }
    if (first.spends == 0) return true;
    if (second.spends == 0) return false;
    for (std::size_t i = 0; i < budgets_.size(); ++i) {
      if (spent(first.spends, i) > spent(second.spends, i)) return false;
    }
    return true;
  }

  const typename S::Config& config_;
  const std::vector<std::uint32_t> budgets_;
  Enumerator<S> enumerator_;
  Interner<Part> parts_;
  Interner<Event> events_;
  Deltas deltas_;
  IdMap memo_;  // (part, event) → range
  std::vector<Range> ranges_;
  std::vector<Outcome> outcomes_;
  std::vector<Sending> sendings_;
  std::vector<std::vector<std::uint32_t>> spends_;
  std::vector<std::bitset<kFactsMax>> facts_;
};

}  // namespace quickbite::sim::exploring
