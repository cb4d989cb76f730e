// Delivery: polled batch → decode → load → decide → store effects, dedupe rows, outbox rows and dead letters in one
// transaction → commit offsets. At least once in, exactly one effect per event id out.
//
//   Polling          + Polled(batch)  → Load(keys)
//   Polling          + Polled()       → Poll, or CommitOffsets where something stored is not committed
//   Loading          + Loaded         → Store(writes)
//   Storing          + Stored         → Load of the next part of the batch, else CommitOffsets(next)
//   Committing       + any            → Poll
//   Loading, Storing + Aborted        → paused Poll until the backoff is over, then Load
//   Storing          + InDoubt        → the same: every record leaves a row, so the reload reveals the outcome
//   Loading, Storing + Refused        → halves; alone: dead letter. A lone 57014 is Unavailable.
//   Loading, Storing + Unavailable    → paused Poll, then Load
//   Waiting          + Polled         → Load; where a partition was revoked: the batch is dropped, kept partitions seek back
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/machine/consumed.h"
#include "domain/machine/machine.h"
#include "domain/machine/ranges.h"
#include "domain/machine/service.h"
#include "domain/port/broker.h"
#include "domain/port/ledger.h"
#include "domain/port/policy.h"

namespace quickbite {

template <class Service>
class Delivery {
 public:
  using Ledger = typename Service::Ledger;
  using Item = Wake;  // nothing wakes a Delivery: it polls
  using Effect = std::variant<Poll, Load<Ledger>, Store<Ledger>, CommitOffsets>;
  using Answer = std::variant<Polled, LoadAnswer<Ledger>, StoreAnswer, CommitAnswer>;
  // What a stored part of a batch came to, in records.
  struct Handled {
    std::int64_t applied = 0;
    std::int64_t ignored = 0;
    std::int64_t duplicates = 0;
    std::int64_t dead_lettered = 0;
    std::int64_t failed_again = 0;  // of the duplicates: redriven records that found their letter
    std::vector<OrderId> changed;  // orders of Orders' own that are other than before
    auto fields() const { return std::tie(applied, ignored, duplicates, dead_lettered, failed_again, changed); }
  };
  using Notice = std::variant<Handled, OutboxFilled>;

  // `cluster` names the Kafka cluster in the ids of dead letters; `salt` spreads the backoffs of different machines.
  Delivery(const Limits& limits, Uuid cluster, std::uint64_t salt) : limits_(limits), cluster_(cluster), salt_(salt) {}

  Step<Delivery> step(Input<Delivery>&& input, Instant now);

  // True while records are polled and not stored.
  bool under_way() const { return !ranges_.empty(); }

  auto fields() const {
    return std::tie(batch_, ranges_, stored_, committed_, seeks_, handled_, fills_outbox_, attempt_, retry_at_, state_);
  }

 private:
  enum class State : std::uint8_t { kPolling, kLoading, kStoring, kCommitting, kWaiting };

  Step<Delivery> on_polled(Polled&& polled, Instant now);
  Step<Delivery> on_polled_waiting(Polled&& polled, Instant now);
  Step<Delivery> on_load(LoadAnswer<Ledger>&& answer, Instant now);
  Step<Delivery> on_store(StoreAnswer&& answer, Instant now);
  Step<Delivery> on_committed(CommitAnswer&& answer, Instant now);

  Step<Delivery> poll(Instant now);
  Step<Delivery> load();
  Step<Delivery> store(Loaded<Ledger>&& loaded);
  Step<Delivery> stored(Instant now);
  Step<Delivery> commit_offsets();
  Step<Delivery> retry(Instant now);
  Step<Delivery> refused(const std::string& sqlstate, Instant now);

  void begin(std::vector<Received>&& records);
  void drop_batch();
  void forget(const std::vector<Partition>& revoked);
  void handle(Consumed& record, typename Ledger::Rows& rows, typename Ledger::Writes& writes);

  Limits limits_;
  Uuid cluster_;
  std::uint64_t salt_;
  std::vector<Consumed> batch_;
  Ranges ranges_;                         // of batch_, what is not stored yet; the front is under way
  FlatMap<Partition, Offset> stored_;     // the next offset after what is durable
  FlatMap<Partition, Offset> committed_;  // the last offsets that the broker confirmed
  FlatMap<Partition, Offset> seeks_;      // to go with the next poll
  Handled handled_;                       // of the Store under way
  bool fills_outbox_ = false;
  std::int64_t attempt_ = 0;
  Instant retry_at_;  // in kWaiting
  State state_ = State::kPolling;
};

// Defined once, in delivery.cc, for production and simulator alike.
extern template class Delivery<OrdersService>;
extern template class Delivery<InventoryService>;

}  // namespace quickbite
