// Enumerator: an Env under which one step is run once for every combination of its choices and verdicts.
//
// A path is what was taken at each choice of a step, in order; the next path counts its last choice up and forgets what
// follows, until every choice has been exhausted (TigerBeetle's `exhaustigen`). The first path takes 0 everywhere.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "sim/kernel/run.h"
#include "sim/kernel/system.h"

namespace quickbite::sim {

inline constexpr std::size_t kChoicesMax = 64;     // of one step
inline constexpr std::size_t kPathsMax = 100'000;  // of one step

// A verdict other than 0 that was given, and where.
template <class S>
struct Told {
  typename S::Moment moment;
  typename S::Verdict verdict;
};

// A choice that was not the benign one.
struct Chosen {
  Site site;
  Subject subject;
  std::uint32_t taken;
  std::uint32_t outcomes;
};

namespace exploring {

template <class S>
class Enumerator final : public Env<S> {
 public:
  struct Sent {
    PartId to;
    typename S::Event event;
    Lane lane;
    std::uint32_t stream;
  };
  struct Turn {
    std::uint32_t taken;
    std::uint32_t outcomes;
    friend bool operator==(const Turn&, const Turn&) = default;
  };
  using Path = std::vector<Turn>;

  // `budgets`: what there is of each; a path that would need more is not offered.
  Enumerator(const typename S::Config& config, const std::vector<std::uint32_t>& budgets)
      : config_(config), budgets_(budgets) {}

  // Begins with the benign path.
  void begin() { path_.clear(); }

  // Goes to the next path; false after the last.
  bool advance() {
    while (!path_.empty() && path_.back().taken + 1 == path_.back().outcomes) path_.pop_back();
    if (path_.empty()) return false;
    ++path_.back().taken;
    return true;
  }

  // Goes to a path known from before.
  void follow(Path path) { path_ = std::move(path); }

  // Steps the part along the path. What was sent, covered and spent is that step's; the delta is added to.
  void run(typename S::Part& part, PartId self, typename S::Event&& event) {
    at_ = 0;
    sent_.clear();
    covered_.reset();
    spent_.assign(budgets_.size(), 0);
    told_.clear();
    chosen_.clear();
    S::step(config_, part, self, std::move(event), *this);
    astray_ = astray_ || at_ != path_.size();
  }

  const Path& path() const { return path_; }
  std::vector<Sent>& sent() { return sent_; }
  const std::bitset<kFactsMax>& covered() const { return covered_; }
  const std::vector<std::uint32_t>& spent() const { return spent_; }
  const std::vector<Told<S>>& told() const { return told_; }
  const std::vector<Chosen>& chosen() const { return chosen_; }

  // The step did not ask what it asked before: it depends on more than the encodings of part and event.
  bool astray() const { return astray_; }

  std::uint32_t choose(Site site, Subject subject, std::uint32_t outcomes) override {
    const std::uint32_t taken = turn(outcomes);
    if (taken != 0) chosen_.push_back({site, subject, taken, outcomes});
    return taken;
  }

  typename S::Verdict verdict(const typename S::Moment& moment) override {
    possible_.clear();
    S::possible(config_, moment, possible_);
    std::erase_if(possible_, [&](const Possible<S>& each) {
      CHECK(each.budget < budgets_.size());
      return spent_[each.budget] >= budgets_[each.budget];
    });
    const std::uint32_t taken = turn(static_cast<std::uint32_t>(possible_.size() + 1));
    if (taken == 0) return typename S::Verdict{};
    const Possible<S>& which = possible_[taken - 1];
    ++spent_[which.budget];
    told_.push_back({moment, which.verdict});
    return which.verdict;
  }

  Duration delay(Site, Subject, Duration, Duration, const Late&) override { return {}; }

  void cover(std::uint32_t fact) override { covered_.set(fact); }

 protected:
  typename S::Event& place(PartId to, Lane lane, Instant, std::uint32_t stream) override {
    sent_.push_back({to, {}, lane, stream});
    return sent_.back().event;
  }

 private:
  std::uint32_t turn(std::uint32_t outcomes) {
    if (outcomes < 2) return 0;
    if (at_ == path_.size()) {
      CHECK(path_.size() < kChoicesMax);
      path_.push_back({0, outcomes});
    } else if (path_[at_].outcomes != outcomes) {
      astray_ = true;
      return 0;
    }
    return path_[at_++].taken;
  }

  const typename S::Config& config_;
  const std::vector<std::uint32_t>& budgets_;
  Path path_;
  std::size_t at_ = 0;
  bool astray_ = false;
  std::vector<Sent> sent_;
  std::bitset<kFactsMax> covered_;
  std::vector<std::uint32_t> spent_;
  std::vector<Told<S>> told_;
  std::vector<Chosen> chosen_;
  std::vector<Possible<S>> possible_;
};

}  // namespace exploring

}  // namespace quickbite::sim
