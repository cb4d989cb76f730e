// Relay: read unsent outbox rows in order → produce → await every ack → mark sent. At least once out, in order per key.
//
//   Idle (Waiting)  + Wake | Waited   → ReadOutbox
//   Reading         + rows            → Produce: at most one row of each key, the first (a message that times out is skipped
//                                       by the client while later ones land, so a second of its key could overtake it)
//   Reading         + none            → Wait for a wake-up, or for the fallback poll
//   Producing       + outcomes        → MarkOutbox for the acked; the undeliverable are parked; the rest stay unsent
//   Marking         + Stored          → ReadOutbox where more may be waiting, else Wait
//   Reading, Marking + anything else  → Wait the backoff, then ReadOutbox: a row that was sent and not marked is sent again
#pragma once

#include <cstdint>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/machine/machine.h"
#include "domain/port/broker.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"

namespace quickbite {

// How many partitions each topic has; the same for everybody who produces to it, for ever.
struct Partitions {
  std::int32_t of[kTopics] = {4, 4, 1, 1};  // by Topic
};

class Relay {
 public:
  using Item = Wake;
  using Effect = std::variant<ReadOutbox, Produce, MarkOutbox, Wait>;
  using Answer = std::variant<ReadOutboxAnswer, Produced, StoreAnswer, Waited>;
  // How a pass over the outbox went, in rows.
  struct Passed {
    std::int64_t sent = 0;
    std::int64_t parked = 0;
    std::int64_t unsent = 0;  // possibly persisted: they will be sent again
    auto fields() const { return std::tie(sent, parked, unsent); }
  };
  using Notice = std::variant<Passed>;

  Relay(const Limits& limits, const Partitions& partitions, std::uint64_t salt)
      : limits_(limits), partitions_(partitions), salt_(salt) {}

  Step<Relay> step(Input<Relay>&& input, Instant now);

  auto fields() const { return std::tie(under_way_, more_, passed_, attempt_, state_); }

 private:
  enum class State : std::uint8_t { kWaiting, kReading, kProducing, kMarking };

  Step<Relay> read();
  Step<Relay> on_read(ReadOutboxAnswer&& answer, Instant now);
  Step<Relay> on_produced(Produced&& produced, Instant now);
  Step<Relay> on_marked(StoreAnswer&& answer, Instant now);
  Step<Relay> produce(std::vector<OutboxRow>&& rows, Instant now);
  Step<Relay> rest(Instant now);
  Step<Relay> retry(Instant now);

  Limits limits_;
  Partitions partitions_;
  std::uint64_t salt_;
  std::vector<OutboxSeq> under_way_;  // the rows of the Produce in flight, in its order
  bool more_ = false;                 // rows may be waiting beyond those under way
  Passed passed_;
  std::int64_t attempt_ = 0;
  State state_ = State::kWaiting;
};

}  // namespace quickbite
