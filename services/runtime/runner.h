// Runner: a machine on a thread of its own, with blocking calls: for (;;) { answer = perform(effect); step }.
//
// It is the production counterpart of the simulator's agenda: Host decides what the machine is stepped with, in both worlds.
//   perform   an object with an overload for every effect but Wait; called on the machine's thread, may block, must not throw.
//             What it returns is the effect's answer.
//   tell      is called with the notices of each step, on the machine's thread, before the step's effect is performed.
// A machine that has a `farewell` has it performed when it rests for good.
#pragma once

#include <algorithm>
#include <chrono>
#include <concepts>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/check.h"
#include "domain/machine/host.h"
#include "domain/machine/machine.h"
#include "domain/port/broker.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"
#include "services/runtime/clock.h"
#include "services/runtime/thread_name.h"

namespace quickbite::runtime {

// Before which effects a machine may be left for good: nothing that it began is half done there.
template <class Effect>
inline constexpr bool kRests =
    std::is_same_v<Effect, Wait> || std::is_same_v<Effect, Poll> || std::is_same_v<Effect, ReadOutbox> ||
    std::is_same_v<Effect, FindDue> || std::is_same_v<Effect, Prune>;

template <class M, class Perform>
class Runner {
 public:
  using Tell = std::function<void(std::vector<typename M::Notice>&&)>;

  // The name (at most 15 bytes are seen) is the thread's.
  Runner(std::string name, M machine, const Limits& limits, Clock now, Perform perform, Tell tell)
      : name_(std::move(name)),
        now_(now),
        perform_(std::move(perform)),
        tell_(std::move(tell)),
        queue_(limits.queue),
        batch_(limits.batch),
        host_(std::move(machine), kGeneration, limits.queue, limits.batch) {}
  ~Runner() {
    stop();
    join();
  }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start() {
    CHECK(!thread_.joinable());
    running_ = true;
    thread_ = std::thread([this] { run(); });
  }

  // Puts an item into the inbox, from any thread; false, at once, where `limits.queue` are waiting already.
  bool offer(typename M::Item item) {
    const std::lock_guard lock(mutex_);
    if (static_cast<std::int64_t>(incoming_.size()) + taken_ >= queue_) return false;
    incoming_.push_back(std::move(item));
    changed_.notify_one();
    return true;
  }

  // A level, not an edge: any number of wakes before the machine looks are one.
  void wake()
    requires std::same_as<typename M::Item, Wake>
  {
    const std::lock_guard lock(mutex_);
    if (!incoming_.empty()) return;
    incoming_.push_back(Wake{});
    changed_.notify_one();
  }

  // Asks the machine to rest: its thread ends before the next effect that begins something, whatever its inbox holds.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_one();
  }

  // Waits until it has, until `deadline` at most; true where it has. A runner that was never started has.
  bool wait_stopped(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return ended_.wait_until(lock, deadline, [&] { return !running_; });
  }

  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  static constexpr std::uint32_t kGeneration = 1;  // a process has one; a stale answer is another process's

  using MaybeStep = std::optional<Step<M>>;  // none: the machine rests for good

  void run() {
    name_this_thread(name_);
    for (MaybeStep step = host_.start(now_()); step;) {
      if (!step->notices.empty()) tell_(std::move(step->notices));
      step = step->effect ? after(*std::move(step->effect)) : after_idling();
    }
    if constexpr (requires { host_.machine().farewell(); }) {
      if (auto farewell = host_.machine().farewell()) perform_(*std::move(farewell));
    }
    const std::lock_guard lock(mutex_);
    running_ = false;
    ended_.notify_all();
  }

  MaybeStep after(typename M::Effect&& effect) {
    return std::visit(
        [&]<class E>(E&& asked) -> MaybeStep {
          using Asked = std::decay_t<E>;
          if constexpr (std::is_same_v<Asked, Wait>) {
            return after_waiting(asked);
          } else {
            if (kRests<Asked> && stopping()) return std::nullopt;
            return host_.answer(host_.effect_id(), typename M::Answer(perform_(std::forward<E>(asked))), now_());
          }
        },
        std::move(effect));
  }

  MaybeStep after_waiting(const Wait& wait) {
    if (!wait_for_items(wait.interruptible, wait.until)) return std::nullopt;
    if (host_.ready()) return host_.take(now_());
    if constexpr (std::is_constructible_v<typename M::Answer, Waited>) {
      return host_.answer(host_.effect_id(), Waited{}, now_());
    }
    return std::nullopt;
  }

  MaybeStep after_idling() {
    if (!wait_for_items(/*interruptible=*/true, std::nullopt)) return std::nullopt;
    return host_.take(now_());
  }

  // Until an item has come (where it counts) or it is `until`; false where the machine is to rest. Moves what has come into the
  // Host, and nowhere else, so that a busy machine's inbox is counted in one place.
  bool wait_for_items(bool interruptible, std::optional<Instant> until) {
    std::unique_lock lock(mutex_);
    const auto due = [&] { return stopping_ || (interruptible && (taken_ > 0 || !incoming_.empty())); };
    if (until) {
      const Duration left = *until - now_();
      changed_.wait_for(lock, std::chrono::microseconds(std::max<std::int64_t>(left.us, 0)), due);
    } else {
      changed_.wait(lock, due);
    }
    if (stopping_) return false;
    if (!interruptible) return true;
    for (typename M::Item& item : incoming_) CHECK(host_.offer(std::move(item)));
    incoming_.clear();
    const std::int64_t left = static_cast<std::int64_t>(host_.waiting()) - batch_;
    taken_ = std::max<std::int64_t>(left, 0);
    return true;
  }

  bool stopping() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  const std::string name_;
  const Clock now_;
  Perform perform_;
  const Tell tell_;
  const std::int64_t queue_;
  const std::int64_t batch_;
  Host<M> host_;  // of the machine's thread

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable ended_;
  std::vector<typename M::Item> incoming_;  // not in the Host yet
  std::int64_t taken_ = 0;                  // in the Host, and not taken by the machine
  bool stopping_ = false;
  bool running_ = false;
  std::thread thread_;
};

}  // namespace quickbite::runtime
