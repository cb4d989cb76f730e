// Transitions: everything that can happen next in a state, applied in place and taken back.
//
// What can happen: the head of a channel is delivered; a timer fires, free where no channel holds anything, for one of the
// timer budget otherwise; an idle timer fires, always for one of the budget. Each with every outcome that the budgets allow,
// together with what is sent on Lane::kNow. Afterwards events that have become moot are dropped, wherever they stand; so a
// moot event must stay moot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/base/check.h"
#include "sim/kernel/intern.h"
#include "sim/kernel/lists.h"
#include "sim/kernel/outcomes.h"
#include "sim/kernel/slots.h"
#include "sim/kernel/system.h"

namespace quickbite::sim {

inline constexpr std::size_t kNowMax = 1024;  // events on Lane::kNow in one transition

// An event that is under way when the exploration starts.
template <class S>
struct Initial {
  PartId from;
  PartId to;
  typename S::Event event;
  Lane lane = Lane::kChannel;  // not kNow
  std::uint32_t stream = 0;    // of a channel
};

enum class How : std::uint8_t {
  kChannel,
  kTimer,       // nothing else could happen
  kEarlyTimer,  // on the timer budget, like the next
  kIdleTimer,
};

namespace exploring {

// What a transition began with.
struct Action {
  How how = How::kChannel;
  PartId from = 0;  // of a channel, like the next
  std::uint32_t stream = 0;
  PartId to = 0;
  Id event = 0;
};

// One delivery of a transition.
struct Delivery {
  PartId to;
  Id part;  // before
  Id event;
  std::uint32_t outcome;
};

template <class S>
class Transitions {
 public:
  Transitions(const typename S::Config& config, const std::vector<std::uint32_t>& budgets,
              std::optional<std::uint32_t> timer_budget, const std::vector<typename S::Part>& parts,
              const std::vector<Initial<S>>& initial)
      : outcomes_(config, budgets), timer_budget_(timer_budget), slots_(parts.size(), budgets.size()) {
    CHECK(!timer_budget || *timer_budget < budgets.size());
    for (PartId p = 0; p < parts.size(); ++p) slots_.set(slots_.part(p), outcomes_.part(parts[p], p));
    for (std::uint32_t b = 0; b < budgets.size(); ++b) slots_.set(slots_.budget(b), budgets[b]);
    for (const Initial<S>& each : initial) {
      CHECK(each.lane != Lane::kNow);
      place(each.from, each.to, outcomes_.event(each.event), each.lane, each.stream);
    }
    drop_moot(0);
    slots_.forget();
  }

  Slots& slots() { return slots_; }
  const Slots& slots() const { return slots_; }
  Outcomes<S>& outcomes() { return outcomes_; }
  const Outcomes<S>& outcomes() const { return outcomes_; }
  const Lists& lists() const { return lists_; }

  // The parts as they stand; valid until the state changes.
  Parts<S> parts() const {
    return Parts<S>(
        this,
        [](const void* where, PartId id) -> const typename S::Part& {
          const auto* self = static_cast<const Transitions*>(where);
          return self->outcomes_.part(self->slots_[self->slots_.part(id)]);
        },
        slots_.parts_size());
  }

  // What the transition that is being visited, or was made last by `calm`, did.
  const Action& action() const { return action_; }
  const std::vector<Delivery>& deliveries() const { return deliveries_; }

  bool any_idle_timers() const {
    for (PartId p = 0; p < slots_.parts_size(); ++p) {
      if (slots_[slots_.idle_timers(p)] != 0) return true;
    }
    return false;
  }

  // Nothing happens by itself any more; idle timers do not count.
  bool at_rest() const {
    if (any_in_channels()) return false;
    for (PartId p = 0; p < slots_.parts_size(); ++p) {
      if (slots_[slots_.timers(p)] != 0) return false;
    }
    return true;
  }

  // Calls `visit()` in the state after each transition, always in the same order, until it returns false.
  template <class Visit>
  void each(Visit&& visit) {
    going_on_ = true;
    deliveries_.clear();
    const bool busy = any_in_channels();
    // Channels that a delivery opens are empty in this state.
    const std::size_t channels = slots_.channels_size();
    for (std::size_t c = 0; c < channels && going_on_; ++c) {
      const Slot slot = slots_.channel(c);
      const Id list = slots_[slot];
      if (list == 0) continue;
      action_ = from_channel(c, list);
      slots_.set(slot, lists_.tail(list));
      deliver(action_.to, action_.event, visit);
      slots_.undo(0);
    }
    for (PartId p = 0; p < slots_.parts_size() && going_on_; ++p) {
      fire_each(slots_.timers(p), p, busy ? How::kEarlyTimer : How::kTimer, visit);
    }
    for (PartId p = 0; p < slots_.parts_size() && going_on_; ++p) {
      fire_each(slots_.idle_timers(p), p, How::kIdleTimer, visit);
    }
  }

  // The calm scheduler: benign outcomes, channels in turn, then timers in turn. Begin anew before another run.
  void begin_calm() {
    turn_ = 0;
    for (Turn* turn : {&turn_timer_, &turn_idle_timer_}) {
      turn->part = 0;
      turn->last.assign(slots_.parts_size(), 0);
    }
  }

  // False, changing nothing, in a state at rest.
  bool calm() {
    slots_.forget();
    const std::size_t channels = slots_.channels_size();
    for (std::size_t i = 0; i < channels; ++i) {
      const std::size_t c = (turn_ + i) % channels;
      const Slot slot = slots_.channel(c);
      const Id list = slots_[slot];
      if (list == 0) continue;
      turn_ = c + 1;
      action_ = from_channel(c, list);
      slots_.set(slot, lists_.tail(list));
      deliver_calm();
      return true;
    }
    return calm_timer(How::kTimer, turn_timer_);
  }

  // In a state at rest: fires the idle timer whose turn it is; false where there is none.
  bool calm_idle() {
    slots_.forget();
    return calm_timer(How::kIdleTimer, turn_idle_timer_);
  }

  std::uint64_t bytes() const { return outcomes_.bytes() + lists_.bytes() + moot_.bytes(); }

 private:
  struct Now {
    PartId to;
    Id event;
  };

  bool any_in_channels() const {
    for (std::size_t c = 0; c < slots_.channels_size(); ++c) {
      if (slots_[slots_.channel(c)] != 0) return true;
    }
    return false;
  }

  Action from_channel(std::size_t channel, Id list) const {
    const Slots::Channel& ends = slots_.ends(channel);
    return {How::kChannel, ends.from, ends.stream, ends.to, lists_.head(list)};
  }

  template <class Visit>
  void fire_each(Slot slot, PartId to, How how, Visit& visit) {
    const Id list = slots_[slot];
    if (list == 0) return;
    if (how != How::kTimer && (!timer_budget_ || slots_[slots_.budget(*timer_budget_)] == 0)) return;
    for (std::size_t i = 0; i < lists_.length(list) && going_on_; ++i) {
      const Id event = lists_.at(list, i);
      if (i > 0 && lists_.at(list, i - 1) == event) continue;
      action_ = {how, to, 0, to, event};
      slots_.set(slot, lists_.without(list, i));
      if (how != How::kTimer) {
        const Slot budget = slots_.budget(*timer_budget_);
        slots_.set(budget, slots_[budget] - 1);
      }
      deliver(to, event, visit);
      slots_.undo(0);
    }
  }

  // Every outcome of a delivery, each followed by every outcome of what it sent at once.
  template <class Visit>
  void deliver(PartId to, Id event, Visit& visit) {
    const Id before = slots_[slots_.part(to)];
    const auto range = outcomes_.of(before, to, event);
    for (std::uint32_t i = range.begin; i < range.begin + range.count && going_on_; ++i) {
      const Outcome outcome = outcomes_[i];
      if (!affordable(outcome)) continue;
      const std::size_t mark = slots_.mark();
      const std::size_t nows = nows_.size();
      apply(to, outcome);
      deliveries_.push_back({to, before, event, i});
      if (next_now_ < nows_.size()) {
        const Now now = nows_[next_now_++];
        deliver(now.to, now.event, visit);
        --next_now_;
      } else {
        drop_moot(0);
        if (!visit()) going_on_ = false;
      }
      deliveries_.pop_back();
      nows_.resize(nows);
      slots_.undo(mark);
    }
  }

  // Whose turn it is: parts one after the other, and of each part's timers the next one by id.
  struct Turn {
    std::size_t part = 0;
    std::vector<Id> last;
  };

  bool calm_timer(How how, Turn& turn) {
    const std::size_t parts = slots_.parts_size();
    for (std::size_t i = 0; i < parts; ++i) {
      const auto p = static_cast<PartId>((turn.part + i) % parts);
      const Slot slot = how == How::kTimer ? slots_.timers(p) : slots_.idle_timers(p);
      const Id list = slots_[slot];
      if (list == 0) continue;
      turn.part = p + 1;
      std::size_t at = 0;
      while (at < lists_.length(list) && lists_.at(list, at) <= turn.last[p]) ++at;
      if (at == lists_.length(list)) at = 0;
      turn.last[p] = lists_.at(list, at);
      action_ = {how, p, 0, p, lists_.at(list, at)};
      slots_.set(slot, lists_.without(list, at));
      deliver_calm();
      return true;
    }
    return false;
  }

  void deliver_calm() {
    deliveries_.clear();
    nows_.assign(1, {action_.to, action_.event});
    for (std::size_t i = 0; i < nows_.size(); ++i) {
      const Now now = nows_[i];
      const Id before = slots_[slots_.part(now.to)];
      const std::uint32_t benign = outcomes_.of(before, now.to, now.event).begin;
      deliveries_.push_back({now.to, before, now.event, benign});
      apply(now.to, Outcome(outcomes_[benign]));
    }
    nows_.clear();
    drop_moot(0);
  }

  bool affordable(const Outcome& outcome) const {
    if (outcome.spends == 0) return true;
    for (std::uint32_t b = 0; b < slots_.budgets_size(); ++b) {
      if (outcomes_.spent(outcome.spends, b) > slots_[slots_.budget(b)]) return false;
    }
    return true;
  }

  void apply(PartId to, const Outcome& outcome) {
    slots_.set(slots_.part(to), outcome.part);
    if (outcome.spends != 0) {
      for (std::uint32_t b = 0; b < slots_.budgets_size(); ++b) {
        slots_.set(slots_.budget(b), slots_[slots_.budget(b)] - outcomes_.spent(outcome.spends, b));
      }
    }
    for (std::uint32_t i = 0; i < outcome.count; ++i) {
      const Sending sending = outcomes_.sending(outcome.sends + i);
      place(to, sending.to, sending.event, sending.lane, sending.stream);
    }
    CHECK(nows_.size() < kNowMax);
  }

  void place(PartId from, PartId to, Id event, Lane lane, std::uint32_t stream) {
    CHECK(to < slots_.parts_size());
    if (lane == Lane::kNow) {
      nows_.push_back({to, event});
    } else if (lane == Lane::kChannel) {
      const Slot slot = slots_.channel(from, to, stream);
      slots_.set(slot, lists_.append(slots_[slot], event));
    } else {
      const Slot slot = lane == Lane::kTimer ? slots_.timers(to) : slots_.idle_timers(to);
      slots_.set(slot, lists_.insert(slots_[slot], event));
    }
  }

  // Looks at all that waits for a part that changed, and at each list that changed.
  void drop_moot(std::size_t mark) {
    const std::size_t end = slots_.mark();
    for (std::size_t i = mark; i < end; ++i) {
      const Slot slot = slots_.change(i).slot;
      if (slots_.is_part(slot)) {
        for (const Slot list : slots_.into(slot)) drop_moot_of(list, slot);
      } else if (slots_.is_list(slot)) {
        drop_moot_of(slot, slots_.target(slot));
      }
    }
  }

  void drop_moot_of(Slot slot, PartId to) {
    const Id list = slots_[slot];
    if (list == 0) return;
    const Id part = slots_[slots_.part(to)];
    const std::uint64_t key = pair_key(part, list);
    Id kept = moot_.find(key);
    if (kept == 0) {
      const auto drop = [&](Id event) { return S::moot(outcomes_.part(part), outcomes_.event(event)); };
      kept = lists_.filter(list, drop) + 1;
      moot_.insert(key, kept);
    }
    slots_.set(slot, kept - 1);
  }

  Outcomes<S> outcomes_;
  std::optional<std::uint32_t> timer_budget_;
  Slots slots_;
  Lists lists_;
  IdMap moot_;  // (part, list) → what is left of the list, plus 1
  Action action_;
  std::vector<Delivery> deliveries_;
  std::vector<Now> nows_;
  std::size_t next_now_ = 0;
  bool going_on_ = true;
  std::size_t turn_ = 0;
  Turn turn_timer_;
  Turn turn_idle_timer_;
};

}  // namespace exploring

}  // namespace quickbite::sim
