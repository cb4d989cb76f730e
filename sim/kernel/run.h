// Run: one timed run of a System: random by a seed, or calm, with faults from an oracle.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/hash.h"
#include "sim/kernel/agenda.h"
#include "sim/kernel/choices.h"
#include "sim/kernel/system.h"

namespace quickbite::sim {

inline constexpr std::size_t kFactsMax = 128;  // "sometimes" facts of a system

// The streaming hash of everything that happened: fixed-width values in order.
class Trace {
 public:
  void add(std::uint64_t value) { hash_.add(value); }
  std::uint64_t hash() const { return hash_.digest(); }

 private:
  Hash64 hash_;
};

// Oracle: S::Verdict verdict(const S::Moment&, const Draws&, Instant now). It may keep state (which rules fired), which is
// the run's and not the world's. Where it has them: Late late(), of its last verdict, and drew(const Late&, Duration), what luck drew
// above the minimum of a delay.
template <class S, class Oracle>
class Run final : public Env<S> {
 public:
  using Event = typename S::Event;
  using Part = typename S::Part;

  // With `calm`, every choice and every delay takes its first outcome, so that only the oracle makes trouble.
  Run(const typename S::Config& config, std::vector<Part> parts, std::uint64_t seed, bool calm, Oracle& oracle)
      : config_(config), parts_(std::move(parts)), draws_(seed), calm_(calm), oracle_(oracle) {}

  // An event from outside, before the run or between steps.
  void schedule(PartId to, Event event, Instant at) { agenda_[agenda_.push(at, to)].event = std::move(event); }

  // Delivers the next event and what it causes at once; false where nothing is left to happen.
  bool step() {
    if (agenda_.empty()) return false;
    this->now_ = agenda_.next_at();
    this->delta_.clear();
    deliver(agenda_.take());
    for (std::size_t i = 0; i < at_once_.size(); ++i) deliver(at_once_[i]);
    at_once_.clear();
    if (!this->delta_.empty() && !finding_) finding_ = S::check(config_, parts(), this->delta_);
    return true;
  }

  const std::optional<Finding>& finding() const { return finding_; }
  bool empty() const { return agenda_.empty(); }
  Instant next_at() const { return agenda_.next_at(); }
  std::uint64_t events() const { return events_; }
  std::uint64_t trace_hash() const { return trace_.hash(); }
  const std::bitset<kFactsMax>& covered() const { return covered_; }
  const std::vector<Part>& world() const { return parts_; }
  const Draws& draws() const { return draws_; }

  Parts<S> parts() const {
    return Parts<S>(
        &parts_,
        [](const void* where, PartId id) -> const Part& { return (*static_cast<const std::vector<Part>*>(where))[id]; },
        parts_.size());
  }

  // Called with every delivery, in order, before it happens: for text and pages. Rendering never changes a run.
  void watch(std::function<void(Instant, PartId, const Event&)> watcher) { watcher_ = std::move(watcher); }

  std::uint32_t choose(Site site, Subject subject, std::uint32_t outcomes) override {
    return calm_ ? 0 : draws_.below(outcomes, site, subject);
  }
  typename S::Verdict verdict(const typename S::Moment& moment) override {
    const auto verdict = oracle_.verdict(moment, draws_, this->now_);
    if constexpr (requires { oracle_.late(); }) this->late_ = oracle_.late();
    return verdict;
  }
  Duration delay(Site site, Subject subject, Duration min, Duration max, const Late& late) override {
    Duration drawn;
    if (!calm_ && min != max) {
      const auto spread = static_cast<std::uint32_t>(max.us - min.us + 1);
      drawn = microseconds(draws_.below(spread, site, subject));
    }
    if constexpr (requires { oracle_.drew(late, drawn); }) oracle_.drew(late, drawn);
    return min + drawn + late.by + (late.copy != 0 ? late.apart : Duration{});
  }
  void cover(std::uint32_t fact) override { covered_.set(fact); }

 protected:
  Event& place(PartId to, Lane lane, Instant at, std::uint32_t) override {
    if (lane == Lane::kNow) return agenda_[at_once_.emplace_back(agenda_.hold(to))].event;
    return agenda_[agenda_.push(at < this->now_ ? this->now_ : at, to)].event;
  }

 private:
  struct Entry {
    explicit Entry(PartId t) : to(t) {}
    PartId to;
    Event event{};
  };

  void deliver(typename Agenda<Entry>::Slot slot) {
    auto& [to, event] = agenda_[slot];
    ++events_;
    trace_.add((static_cast<std::uint64_t>(this->now_.us) << 16) ^ to);
    trace_.add(S::digest(event));
    if (watcher_) watcher_(this->now_, to, event);
    S::step(config_, parts_[to], to, std::move(event), *this);
    agenda_.release(slot);
  }

  const typename S::Config& config_;
  std::vector<Part> parts_;
  Draws draws_;
  bool calm_;
  Oracle& oracle_;
  Agenda<Entry> agenda_;
  std::vector<typename Agenda<Entry>::Slot> at_once_;
  Trace trace_;
  std::optional<Finding> finding_;
  std::bitset<kFactsMax> covered_;
  std::uint64_t events_ = 0;
  std::function<void(Instant, PartId, const Event&)> watcher_;
};

}  // namespace quickbite::sim
