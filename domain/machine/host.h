// Host: a machine, its inbox and its effect in flight. The same value runs under a thread and under the simulator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/check.h"
#include "domain/machine/machine.h"
#include "domain/port/policy.h"

namespace quickbite {

// Names one effect. The generation is the process's incarnation, the sequence counts within it; so that an answer to
// anything but the effect in flight is known to be stale, and dropped.
struct EffectId {
  std::uint32_t generation = 0;
  std::uint32_t sequence = 0;
  auto fields() const { return std::tie(generation, sequence); }
  friend bool operator==(const EffectId&, const EffectId&) = default;
};

template <class M>
class Host {
 public:
  Host(M machine, std::uint32_t generation, std::int64_t queue, std::int64_t batch)
      : machine_(std::move(machine)), id_{generation, 0}, queue_(queue), batch_(batch) {}

  // Puts an item into the inbox; false where it is full. Afterwards `ready()` may have become true.
  bool offer(typename M::Item item) {
    if (static_cast<std::int64_t>(inbox_.size()) >= queue_) return false;
    inbox_.push_back(std::move(item));
    return true;
  }

  // True where the machine is Idle or in an interruptible Wait, and the inbox holds something: call `take`.
  bool ready() const { return takes_items_ && !inbox_.empty(); }

  Step<M> start(Instant now) { return run(Input<M>(std::in_place_index<0>), now); }

  Step<M> take(Instant now) {
    CHECK(ready());
    Items<M> items;
    if (static_cast<std::int64_t>(inbox_.size()) <= batch_) {
      items.items = std::move(inbox_);
      inbox_.clear();
    } else {
      const auto end = inbox_.begin() + batch_;
      items.items.assign(std::make_move_iterator(inbox_.begin()), std::make_move_iterator(end));
      inbox_.erase(inbox_.begin(), end);
    }
    return run(Input<M>(std::in_place_index<1>, std::move(items)), now);
  }

  // Nullopt where `id` is not the effect in flight: the answer is stale.
  std::optional<Step<M>> answer(EffectId id, typename M::Answer&& answer, Instant now) {
    if (!in_flight_ || !(id == id_)) return std::nullopt;
    return run(Input<M>(std::in_place_index<2>, std::move(answer)), now);
  }

  // Of the effect that the last step asked for.
  EffectId effect_id() const { return id_; }
  bool in_flight() const { return in_flight_; }
  bool idle() const { return takes_items_ && inbox_.empty(); }
  const M& machine() const { return machine_; }
  std::size_t waiting() const { return inbox_.size(); }

  auto fields() const { return std::tie(machine_, inbox_, id_, in_flight_, takes_items_); }

 private:
  Step<M> run(Input<M>&& input, Instant now) {
    Step<M> step = machine_.step(std::move(input), now);
    ++id_.sequence;
    in_flight_ = step.effect.has_value();
    takes_items_ = !in_flight_;
    if (in_flight_) takes_items_ = interruptible(*step.effect);
    return step;
  }

  static bool interruptible(const typename M::Effect& effect) {
    return std::visit(
        [](const auto& one) {
          if constexpr (std::is_same_v<std::decay_t<decltype(one)>, Wait>) {
            return one.interruptible;
          } else {
            return false;
          }
        },
        effect);
  }

  M machine_;
  std::vector<typename M::Item> inbox_;
  EffectId id_;
  std::int64_t queue_;
  std::int64_t batch_;
  bool in_flight_ = false;
  bool takes_items_ = false;
};

}  // namespace quickbite
