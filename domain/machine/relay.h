// Relay: lease shards → read their unsent rows in order → produce → await every ack → mark sent. At least once out, in order per key.
//
//   Idle (Waiting)  + Wake | Waited   → ReadOutbox, with a renewal of the lease where that is due
//   Reading         + rows            → Produce: at most one row of each key, the first (a message that times out is skipped
//                                       by the client while later ones land, so a second of its key could overtake it)
//   Reading         + none            → Wait for a wake-up, or for the fallback poll
//   Reading         + rows, too late  → Wait the backoff: its lease may have ended meanwhile, so it is renewed first
//   Producing       + outcomes        → MarkOutbox for the acked; the undeliverable are parked; the rest stay unsent
//   Marking         + Marked          → ReadOutbox where more may be waiting, else Wait
//   Reading, Marking + anything else  → Wait the backoff, then ReadOutbox: a row that was sent and not marked is sent again
//
// Of several replicas each sends its shards (domain/port/lease.h). That is for economy: what two of them both send, because one
// has slept through the end of its lease, is a duplicate like any other. The first occurrences in the log keep the outbox order
// all the same, since either sends a key's row only when the one before it was acknowledged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
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
  using Answer = std::variant<ReadOutboxAnswer, Produced, MarkAnswer, Waited>;
  // How a pass over the outbox went, in rows.
  struct Passed {
    std::int64_t sent = 0;
    std::int64_t parked = 0;
    std::int64_t unsent = 0;  // possibly persisted: they will be sent again
    std::int64_t lost = 0;    // shards that were another's by the time of the mark: their rows are not marked
    auto fields() const { return std::tie(sent, parked, unsent, lost); }
  };
  using Notice = std::variant<Passed, Lease>;

  // `owner` is this replica's name among those of its service; nobody else's at the same time.
  Relay(const Limits& limits, const Partitions& partitions, std::string owner, std::uint64_t salt)
      : limits_(limits), partitions_(partitions), owner_(std::move(owner)), salt_(salt) {}

  Step<Relay> step(Input<Relay>&& input, Instant now);

  // What to ask for last, in place of a ReadOutbox or a Wait, where its process ends in peace: it gives up its shards. Nothing
  // where it has no lease. The answer does not matter.
  std::optional<ReadOutbox> farewell() const {
    if (epoch_ == Epoch{}) return std::nullopt;
    return ReadOutbox{0, epoch_, Renewal{owner_, epoch_, {}}};
  }

  auto fields() const {
    return std::tie(under_way_, more_, passed_, attempt_, epoch_, shards_, asked_at_, renewed_at_, renew_at_, state_);
  }

 private:
  enum class State : std::uint8_t { kWaiting, kReading, kProducing, kMarking };
  struct UnderWay {
    OutboxSeq seq;
    Shard shard;
    auto fields() const { return std::tie(seq, shard); }
  };

  Step<Relay> read(Instant now);
  Step<Relay> on_read(ReadOutboxAnswer&& answer, Instant now);
  Step<Relay> on_rows(OutboxRead&& outbox, Instant now);
  Step<Relay> on_produced(Produced&& produced, Instant now);
  Step<Relay> on_marked(MarkAnswer&& answer, Instant now);
  Step<Relay> produce(std::vector<OutboxRow>&& rows, Instant now);
  Step<Relay> rest(Instant now);
  Step<Relay> retry(Instant now);

  Limits limits_;
  Partitions partitions_;
  std::string owner_;
  std::uint64_t salt_;
  std::vector<UnderWay> under_way_;  // the rows of the Produce in flight, in its order
  bool more_ = false;                // rows may be waiting beyond those under way
  Passed passed_;
  std::int64_t attempt_ = 0;
  Epoch epoch_;              // of the lease; 0: none yet
  std::int32_t shards_ = 0;  // that it claimed when it was renewed
  Instant asked_at_;         // the renewal under way
  Instant renewed_at_;       // when the renewal that was answered last was asked for: the lease lasts from then at least
  Instant renew_at_;
  State state_ = State::kWaiting;
};

}  // namespace quickbite
