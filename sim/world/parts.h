// The parts of QuickBite's world: small copyable values, each with a canonical encoding.
#pragma once

#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "domain/port/readiness.h"
#include "domain/property/delta.h"
#include "domain/property/view.h"
#include "sim/fault/moment.h"
#include "sim/kernel/system.h"
#include "sim/world/config.h"
#include "sim/world/event.h"

namespace quickbite::sim {

// A process: up or down. Its machines are parts of their own and live and die with it.
struct ProcessPart {
  bool up = false;
  std::uint32_t incarnation = 0;
  auto fields() const { return std::tie(up, incarnation); }
};

// The consumer client of one delivery, as librdkafka keeps it: gone with its process. It fetches on its own: a fetch outlives
// the Poll that set it off, and what it brings waits for the next one.
struct ConsumerPart {
  std::uint32_t generation = 0;
  FlatMap<Partition, Offset> positions;
  bool polling = false;              // a Poll is under way
  bool paused = false;               // so it was asked
  std::optional<EffectId> fetch;     // the fetch under way, named by the Poll that sent it
  bool fetch_paused = false;
  std::optional<FetchReply> fetched; // for the next Poll
  auto fields() const { return std::tie(generation, positions, polling, paused, fetch, fetch_paused, fetched); }
};

// The producer client of one relay: the Produce under way, by message.
struct ProducerPart {
  std::vector<std::optional<ProduceOutcome>> outcomes;
  std::vector<Topic> topics;
  auto fields() const { return std::tie(outcomes, topics); }
};

template <class M>
struct HostPart {
  std::optional<Host<M>> host;  // none while the process is down
  ConsumerPart consumer;        // of a delivery
  ProducerPart producer;        // of a relay
  bool leaving = false;         // of a relay whose process is about to end: it gives up its shards
  Instant deadline;             // of the effect in flight, where it has one
  Instant armed;                // the earliest timer on its way, where time is modelled; none: 0
  auto fields() const { return std::tie(host, consumer, producer, leaving); }
};

template <class L>
struct LedgerPart {
  Ledger<L> ledger;
  auto fields() const { return std::tie(ledger); }
};

struct TopicPart {
  struct Waiting {
    PartId client = 0;
    EffectId id;
    FetchRequest request;
    auto fields() const { return std::tie(client, id, request); }
  };
  TopicModel topic;
  std::vector<Waiting> waiting;  // fetches that wait for records
  auto fields() const { return std::tie(topic, waiting); }
};

// The HTTP port of one Orders process: who waits for which answer, and whether it may be asked.
struct FrontPart {
  struct Pending {
    std::uint32_t job = 0;
    bool post = false;
    bool promised = false;  // the replica had said that it was ready
    Version seen;           // as the request told
    Instant asked;
    Instant deadline;
    auto fields() const { return std::tie(job, post, promised, seen); }
  };
  bool up = false;
  std::uint32_t incarnation = 0;
  Needs unmet = Needs::all();
  bool looking = false;          // a Look or a LookAgain is on its way
  std::optional<Instant> found;  // when it first found its database; what it is asked before that, it turns away
  bool ready = false;            // as it said last
  bool was_ready = false;        // so far in this incarnation
  Instant said;                  // when it said last that it was
  bool checking = false;         // a DeadlineCheck is on its way
  Instant check_at;              // when it comes
  FlatMap<RequestId, Pending> pending;
  // Where time is not modelled it is always 0.
  auto fields() const { return std::tie(up, incarnation, unmet, looking, ready, was_ready, checking, pending); }
};

// One client and what it wants: each job is tried until it is answered for good.
struct ClientPart {
  enum class Progress : std::uint8_t { kWaiting, kTrying, kDone, kGivenUp };
  struct JobState {
    Progress progress = Progress::kWaiting;
    Asks asks = Asks::kJob;  // what it tries
    std::uint32_t attempt = 0;
    bool ended = false;  // it was shown that its order is CONFIRMED or CANCELLED
    auto fields() const { return std::tie(progress, asks, attempt, ended); }
  };
  FlatMap<std::uint32_t, JobState> jobs;
  FlatMap<OrderId, Version> seen;  // the newest that it was shown of each of its orders
  std::uint32_t unready = 0;       // by bits: replicas of Orders that are sent nothing
  auto fields() const { return std::tie(jobs, seen, unready); }
};

// Somebody at a service's terminal: what is still to do, and the command under way, of one kind or the other. Where a command is
// broken off it is given again, from its beginning.
template <class Service>
struct OperatorPart {
  bool up = true;
  std::uint32_t commands = 0;  // that were begun: the incarnation of the one under way
  std::vector<Task> tasks;     // the front is under way
  HostPart<Redriver<Service>> redriver;
  HostPart<Republisher> republisher;
  auto fields() const { return std::tie(up, commands, tasks, redriver, republisher); }
};

// Ghost facts: what was asked and told.
struct MonitorPart {
  property::Ghosts ghosts;
  std::uint32_t inventory_up = 0;  // processes; no part of what a state is
  auto fields() const { return std::tie(ghosts); }
};

using Part = std::variant<ProcessPart, FrontPart, HostPart<Intake>, HostPart<Reader>, HostPart<Relay>,
                          HostPart<Delivery<OrdersService>>, HostPart<Delivery<InventoryService>>,
                          LedgerPart<OrdersLedger>, LedgerPart<InventoryLedger>, TopicPart, ClientPart, MonitorPart,
                          HostPart<Sweeper<OrdersService>>, HostPart<Sweeper<InventoryService>>, HostPart<Menu>,
                          OperatorPart<OrdersService>, OperatorPart<InventoryService>>;

}  // namespace quickbite::sim
