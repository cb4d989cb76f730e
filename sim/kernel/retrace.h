// Retrace: makes the transitions of a path once more with values instead of ids, so that a counterexample tells what really
// happens, and so that an encoding that leaves out something that matters is noticed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/enumerate.h"
#include "sim/kernel/system.h"
#include "sim/kernel/transitions.h"

namespace quickbite::sim {

// An event that was delivered, and what was decided meanwhile.
template <class S>
struct Delivered {
  PartId to;
  typename S::Event event;
  std::vector<Told<S>> verdicts;  // but 0
  std::vector<Chosen> choices;    // but 0
};

// A transition of a path: the first delivery is what began it, the others were sent at once.
template <class S>
struct Taken {
  How how = How::kChannel;
  PartId from = 0;
  std::uint32_t stream = 0;
  std::vector<Delivered<S>> deliveries;
  std::string text;   // a line for each delivery
  bool calm = false;  // made by the calm scheduler, on the way to rest
};

namespace exploring {

template <class S>
class Retrace {
 public:
  Retrace(const typename S::Config& config, const std::vector<std::uint32_t>& budgets,
          std::vector<typename S::Part> parts, const std::vector<Initial<S>>& initial, Transitions<S>& transitions)
      : config_(config), parts_(std::move(parts)), transitions_(transitions), env_(config, budgets) {
    for (const Initial<S>& each : initial) place(each.from, each.to, each.event, each.lane, each.stream);
    drop_moot();
  }

  // The transition that `transitions` is in just now.
  void step() {
    const Action& action = transitions_.action();
    Taken<S> taken;
    taken.how = action.how;
    taken.from = action.from;
    taken.stream = action.stream;
    env_.delta().clear();
    std::optional<typename S::Event> event = take(action);
    if (!event) {
      doubt("the event that should come next is not there");
      return;
    }
    nows_.assign(1, {action.to, std::move(*event), Lane::kNow, 0});
    const std::vector<Delivery> deliveries = transitions_.deliveries();
    for (std::size_t i = 0; i < nows_.size(); ++i) {
      if (i == deliveries.size() || deliveries[i].to != nows_[i].to) {
        doubt("another event is sent at once");
        break;
      }
      deliver(deliveries[i], typename Enumerator<S>::Sent(nows_[i]), taken);
    }
    drop_moot();
    compare();
    steps_.push_back(std::move(taken));
  }

  std::vector<Taken<S>>& steps() { return steps_; }

  // What the check says of the last step; what it says at the end.
  std::optional<Finding> check() {
    if (env_.delta().empty()) return std::nullopt;
    return S::check(config_, parts(), env_.delta());
  }
  Parts<S> parts() const {
    return Parts<S>(
        &parts_,
        [](const void* where, PartId id) -> const typename S::Part& {
          return (*static_cast<const std::vector<typename S::Part>*>(where))[id];
        },
        parts_.size());
  }

  // Empty where every part and every list encodes as it did when the path was found; else the first that did not.
  const std::string& doubts() const { return doubts_; }

 private:
  void deliver(const Delivery& delivery, typename Enumerator<S>::Sent now, Taken<S>& taken) {
    auto& outcomes = transitions_.outcomes();
    env_.follow(outcomes.path(delivery.part, delivery.to, delivery.event, outcomes[delivery.outcome].path));
    if (!taken.text.empty()) taken.text += '\n';
    if (taken.deliveries.empty()) taken.text += text_of(taken.how);
    taken.text += S::describe(config_, now.to, now.event);
    Delivered<S> delivered{now.to, now.event, {}, {}};
    env_.run(parts_[now.to], now.to, std::move(now.event));
    delivered.verdicts = env_.told();
    delivered.choices = env_.chosen();
    for (const Told<S>& told : delivered.verdicts) taken.text += " [" + text_of(told) + "]";
    for (const Chosen& chosen : delivered.choices) {
      taken.text += " [choice " + std::to_string(chosen.taken) + " of " + std::to_string(chosen.outcomes) + "]";
    }
    taken.deliveries.push_back(std::move(delivered));
    if (env_.astray()) doubt("the step of part " + std::to_string(now.to) + " makes other choices");
    for (auto& sent : env_.sent()) {
      if (sent.lane == Lane::kNow) {
        nows_.push_back(std::move(sent));
      } else {
        place(now.to, sent.to, std::move(sent.event), sent.lane, sent.stream);
      }
    }
  }

  static const char* text_of(How how) {
    switch (how) {
      case How::kChannel: return "";
      case How::kTimer: return "timer: ";
      case How::kEarlyTimer: return "early timer: ";
      case How::kIdleTimer: return "idle timer: ";
    }
    return "";
  }

  std::string text_of(const Told<S>& told) const {
    if constexpr (requires { std::string(S::describe_verdict(config_, told.moment, told.verdict)); }) {
      return std::string(S::describe_verdict(config_, told.moment, told.verdict));
    } else {
      return "verdict " + std::to_string(static_cast<std::uint32_t>(told.verdict));
    }
  }

  std::vector<typename S::Event>& list(Slot slot) {
    if (lists_.size() <= slot) lists_.resize(slot + 1);
    return lists_[slot];
  }

  void place(PartId from, PartId to, typename S::Event event, Lane lane, std::uint32_t stream) {
    Slots& slots = transitions_.slots();
    const Slot slot = lane == Lane::kChannel ? slots.channel(from, to, stream)
                      : lane == Lane::kTimer ? slots.timers(to)
                                             : slots.idle_timers(to);
    list(slot).push_back(std::move(event));
  }

  std::optional<typename S::Event> take(const Action& action) {
    Slots& slots = transitions_.slots();
    const Slot slot = action.how == How::kChannel     ? slots.channel(action.from, action.to, action.stream)
                      : action.how == How::kIdleTimer ? slots.idle_timers(action.to)
                                                      : slots.timers(action.to);
    auto& events = list(slot);
    const auto at = std::ranges::find_if(
        events, [&](const auto& event) { return transitions_.outcomes().event(event) == action.event; });
    if (at == events.end() || (action.how == How::kChannel && at != events.begin())) return std::nullopt;
    typename S::Event event = std::move(*at);
    events.erase(at);
    return event;
  }

  void drop_moot() {
    for (Slot slot = 0; slot < lists_.size(); ++slot) {
      if (lists_[slot].empty()) continue;
      const auto& part = parts_[transitions_.slots().target(slot)];
      std::erase_if(lists_[slot], [&](const auto& event) { return S::moot(part, event); });
    }
  }

  void compare() {
    const Slots& slots = transitions_.slots();
    for (PartId p = 0; p < parts_.size(); ++p) {
      if (transitions_.outcomes().part(parts_[p], p) != slots[slots.part(p)]) {
        doubt("part " + std::to_string(p) + " differs");
      }
    }
    for (Slot slot = 0; slot < lists_.size(); ++slot) {
      if (!slots.is_list(slot)) continue;
      std::vector<Id> ids;
      for (const auto& event : lists_[slot]) ids.push_back(transitions_.outcomes().event(event));
      if (slots.is_timer(slot)) std::ranges::sort(ids);
      bool same = ids.size() == transitions_.lists().length(slots[slot]);
      for (std::size_t i = 0; same && i < ids.size(); ++i) same = ids[i] == transitions_.lists().at(slots[slot], i);
      if (!same) doubt("what waits for part " + std::to_string(slots.target(slot)) + " differs");
    }
  }

  void doubt(const std::string& what) {
    if (doubts_.empty()) doubts_ = "step " + std::to_string(steps_.size() + 1) + ": " + what;
  }

  const typename S::Config& config_;
  std::vector<typename S::Part> parts_;
  Transitions<S>& transitions_;
  Enumerator<S> env_;
  std::vector<std::vector<typename S::Event>> lists_;  // by slot
  std::vector<typename Enumerator<S>::Sent> nows_;
  std::vector<Taken<S>> steps_;
  std::string doubts_;
};

}  // namespace exploring

}  // namespace quickbite::sim
