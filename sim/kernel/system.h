// What can be simulated: a System of parts that exchange events. The kernel knows nothing else of it.
//
//   struct S {
//     using Part    = …;   a copyable value with a canonical encoding (usually a variant of small structs)
//     using Event   = …;   what parts send each other; copyable, made by default too, with a canonical encoding
//     using Config  = …;   what a run does not change: options, rules; never part of a fingerprint
//     using Moment  = …;   where a fault could strike
//     using Verdict = …;   an enum: what strikes; 0 is nothing
//     using Delta   = …;   what a step changed: clear(), empty()
//     static void step(const Config&, Part&, PartId self, Event&&, Env<S>&);
//     static bool moot(const Part&, const Event&);   delivering the event would change nothing (a stale answer or timer)
//     static std::optional<Finding> check(const Config&, Parts<S>, const Delta&);   after every atomic step with a delta
//     static void possible(const Config&, const Moment&, std::vector<Possible<S>>&);   for the explorer: verdicts but 0, and their price
//     static std::string describe(const Config&, PartId to, const Event&);            a line for a person
//     static std::uint64_t digest(const Event&);     for the trace hash: kind and ids, cheap
//   };
//
// A step is atomic together with the events that it sends on Lane::kNow, which are delivered before anything else happens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "domain/base/time.h"
#include "sim/kernel/choices.h"

namespace quickbite::sim {

using PartId = std::uint32_t;  // index into the system's parts, fixed for a run

enum class Lane : std::uint8_t {
  kNow,        // within this atomic step, in the order sent
  kChannel,    // from part to part, FIFO within one stream where time is not modelled; at `at` otherwise
  kTimer,      // at `at`; where time is not modelled: within the timer budget, or when nothing else can happen
  kIdleTimer,  // at `at`; where time is not modelled: only within the timer budget (polling that nothing depends on)
};

// What a check found: the property's id and a sentence.
struct Finding {
  std::string property;
  std::string what;
};

// All parts by id, wherever they are kept.
template <class S>
class Parts {
 public:
  using Get = const typename S::Part& (*)(const void* where, PartId id);
  Parts(const void* where, Get get, std::size_t size) : where_(where), get_(get), size_(size) {}
  const typename S::Part& operator[](PartId id) const { return get_(where_, id); }
  std::size_t size() const { return size_; }

 private:
  const void* where_;
  Get get_;
  std::size_t size_;
};

// By how much what comes of a moment is later than it would be, copies of it once more, as its verdict said; and which moment that
// was, for an oracle that keeps a record, else 0. From Env::late to Env::delay, by way of whoever makes it come.
struct Late {
  Duration by;
  Duration apart;
  std::uint32_t moment = 0;
  std::uint32_t copy = 0;  // not the first of what comes twice
  auto fields() const { return std::tie(by, apart, copy); }
};

// One verdict that an explorer may give at a moment, and the budget that it takes one from.
template <class S>
struct Possible {
  typename S::Verdict verdict;
  std::uint32_t budget;
};

// What a part may ask of its surroundings while it steps. Random, replayed and exhaustive runs each bring their own.
template <class S>
class Env {
 public:
  virtual ~Env() = default;

  // Microseconds since the run began; always 0 where time is not modelled.
  Instant now() const { return now_; }

  // One of 0..outcomes-1; 0 is the benign one. Enumerated whole by the explorer: for choices of logic, not of luck.
  virtual std::uint32_t choose(Site site, Subject subject, std::uint32_t outcomes) = 0;

  // The only place where faults arise.
  virtual typename S::Verdict verdict(const typename S::Moment& moment) = 0;

  // Of the last verdict: nothing, where that made nothing late.
  const Late& late() const { return late_; }

  // Uniform in [min, max], and what a verdict added to that; 0 where time is not modelled.
  virtual Duration delay(Site site, Subject subject, Duration min, Duration max, const Late& late = {}) = 0;

  // An event, or what one is made of: made at once where it will stand, and not moved again. `from` is the stepping part. A channel is
  // (from, to, stream): events of one channel never overtake each other where time is not modelled, those of two do.
  template <class Of>
  void send(PartId to, Of&& of, Lane lane, Instant at, std::uint32_t stream = 0) {
    static_assert(!std::is_reference_v<Of>, "what is sent is moved from");
    static_assert(std::is_nothrow_constructible_v<typename S::Event, Of>, "or nothing would stand there");
    typename S::Event& event = place(to, lane, at, stream);
    std::destroy_at(&event);
    std::construct_at(&event, std::move(of));
  }

  // A "sometimes" fact happened.
  virtual void cover(std::uint32_t fact) = 0;

  // What this step changes, for the checks.
  typename S::Delta& delta() { return delta_; }

 protected:
  // Where the event will stand; one that is made by default stands there.
  virtual typename S::Event& place(PartId to, Lane lane, Instant at, std::uint32_t stream) = 0;

  Instant now_;
  Late late_;
  typename S::Delta delta_;
};

}  // namespace quickbite::sim
