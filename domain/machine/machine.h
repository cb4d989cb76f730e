// What a machine is: a copyable value and a total function. It asks for effects and performs none.
//
//   struct M {
//     using Item   = …;  what its inbox holds (commands, reads, wake-ups)
//     using Effect = std::variant<…>;  what it asks for; one at a time
//     using Answer = std::variant<…>;  what an effect comes back with
//     using Notice = std::variant<…>;  what it tells others: answers, wake-ups, facts
//     Step<M> step(Input<M>&& input, Instant now);
//     auto fields() const;             its identity, for the canonical encoding
//   };
//
// An input is the start, up to Limits.batch items of the inbox, or the answer to the effect in flight. Host decides which.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/strong.h"
#include "domain/base/time.h"

namespace quickbite {

// Names one HTTP request until it is answered; given by whoever holds the connection.
using RequestId = Strong<struct RequestIdTag, std::uint64_t>;

template <class M>
struct Step {
  std::vector<typename M::Notice> notices;
  std::optional<typename M::Effect> effect;  // none: Idle, until the inbox holds something
};

struct Start {
  auto fields() const { return std::tie(); }
};
template <class M>
struct Items {
  std::vector<typename M::Item> items;  // 1..Limits.batch, in order of arrival
};
template <class M>
using Input = std::variant<Start, Items<M>, typename M::Answer>;

// An effect of every machine that has to let time pass. `interruptible`: items of the inbox end it.
struct Wait {
  Instant until;
  bool interruptible = false;
  auto fields() const { return std::tie(until, interruptible); }
};
struct Waited {
  auto fields() const { return std::tie(); }
};

// A level, not an edge: however often it is raised before it is taken, it is one.
struct Wake {
  auto fields() const { return std::tie(); }
};

// A transaction with outbox rows was stored: the relay has something to do.
struct OutboxFilled {
  auto fields() const { return std::tie(); }
};

}  // namespace quickbite
