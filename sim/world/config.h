// Config: what one run of the world does not change: how many of what, how long things take, who asks for what.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/api/api.h"
#include "domain/base/time.h"
#include "domain/machine/machine.h"
#include "domain/machine/relay.h"
#include "domain/port/http.h"
#include "domain/port/menu.h"
#include "domain/port/policy.h"
#include "domain/property/view.h"
#include "sim/fault/moment.h"
#include "sim/kernel/system.h"
#include "sim/model/topic.h"
#include "sim/plan/plan.h"

namespace quickbite::sim {

// Every draw's place, for ever: numbers are never used again.
enum class Sites : std::uint16_t {
  kMessageDelay = 1,
  kStatementDelay = 2,
  kReplica = 3,
  kFault = 4,
  kCommitLands = 5,
  kCommitDuring = 6,
  kPlan = 7,
  kFreshId = 8,
  kVictim = 9,
  kMenuReplica = 20,
};
inline constexpr Site site(Sites s) { return static_cast<Site>(s); }

struct Timing {
  Duration message_min = milliseconds(1);
  Duration message_max = milliseconds(10);
  Duration statement_min = microseconds(200);
  Duration statement_max = microseconds(1000);
  Duration client_retry = milliseconds(60);      // before the second attempt, doubled for each further one
  Duration client_retry_cap = milliseconds(60);  // at most; equal: no doubling
  Duration client_poll = milliseconds(25);      // of a client that watches its order and is not served
  Duration long_poll = milliseconds(1000);      // how long such a client lets Orders wait for news
  Duration request_timeout = milliseconds(50);  // after which a lost message to the broker is given up
  Duration session_timeout = milliseconds(200); // of the consumer group
  Duration lock_timeout = milliseconds(500);
  Duration restart = milliseconds(20);          // of a process that a verdict crashed
  Duration pause = milliseconds(1500);          // for how long a relay that a verdict stops stands still
  Duration drain = milliseconds(50);            // from the word that a process is to end to its end
  Duration look = milliseconds(20);             // between two looks of a process at a database that is not there
};

// A request about an order, and what the API makes of it: routing is pure, so every attempt comes to the same.
struct Asked {
  OrderId order;
  HttpRequest request;
  api::Routed routed;
};

// What a client's request is: the job itself, or one of those that follow it.
enum class Asks : std::uint8_t {
  kJob,
  kWatch,  // a long-poll for its order, until that is CONFIRMED or CANCELLED
  kList,   // all orders of its user
  kPeek,   // another user's order, where clients are known to be who they say
  kAgain,  // the job once more, under its key
};

// A request's number, by cause: which job, which attempt, what it asks. A copy that the network made has bits above these.
inline RequestId request_id(std::uint32_t job, std::uint32_t attempt, Asks asks) {
  return RequestId{(std::uint64_t{job} << 24) | (std::uint64_t{attempt} << 3) | static_cast<std::uint64_t>(asks)};
}
inline Asks asks_of(RequestId request) { return static_cast<Asks>(request.value & 7); }
inline std::uint32_t job_of(RequestId request) {
  return static_cast<std::uint32_t>((request.value & 0xFFFF'FFFF'FFFF) >> 24);
}

// What a simulated client asks: one request, tried again with the same key until it is answered for good.
struct Job {
  enum class Kind : std::uint8_t { kPlace, kCancel, kMenu };
  Kind kind = Kind::kPlace;
  PartId client = 0;
  OrderId order;
  std::shared_ptr<const Asked> asked;
  // What it asks after success, one after the other; empty where it is not that curious.
  struct Look {
    Asks asks = Asks::kWatch;
    std::shared_ptr<const Asked> what;
  };
  std::vector<Look> looks;
  UserId user;  // who asks

  // Never null: a request asks one or the other.
  const Asked* of(Asks asks) const {
    for (const Look& look : looks) {
      if (look.asks == asks) return look.what.get();
    }
    return asked.get();
  }
};

// Where a part sits: what it is, whose process it runs in, and whom it talks to. By PartId.
struct Seat {
  enum class Kind : std::uint8_t { kProcess, kFront, kIntake, kReader, kRelay, kOrdersDelivery, kInventoryDelivery, kOrdersLedger, kInventoryLedger, kTopic, kClient, kMonitor, kOrdersSweeper, kInventorySweeper, kMenu, kOrdersOperator, kInventoryOperator };
  Kind kind = Kind::kProcess;
  Role role = Role::kIntake;       // of a machine
  ServiceName service = ServiceName::kOrders;
  std::uint32_t replica = 0;
  PartId process = 0;              // first part of the process; a process's parts are [process, process_end)
  PartId process_end = 0;
  PartId front = 0;
  PartId relay = 0;
  PartId ledger = 0;
  PartId menu = 0;                 // of a process of Orders
};

struct Config {
  Shape shape;
  Limits limits;
  MenuPolicy menu;
  Partitions partitions;
  ProducerPolicy producer;
  Timing timing;
  bool timed = true;            // false: the explorer's; no time, no idle clients
  bool static_members = false;
  std::array<bool, 2> sweeps{true, true};  // by ServiceName: its processes have a sweeper
  bool clients_watch = false;
  std::uint32_t client_attempts = 50;
  std::uint64_t seed = 0;
  std::optional<property::Calm> calm;  // as of View

  std::vector<Seat> seats;      // by PartId
  std::vector<Job> jobs;
  PartId orders_ledger = 0;
  PartId inventory_ledger = 0;
  PartId topics = 0;            // the first of kTopics
  PartId monitor = 0;
  std::array<PartId, 2> operators{};  // by ServiceName; 0: nobody is there
  PartId clients = 0;           // the first of the clients; the last parts of the world
  std::vector<PartId> fronts;   // by orders replica
  std::vector<PartId> inventories;  // processes, by replica

  Decoder* decoder = nullptr;   // never null in a run
};

// Facts that a good sweep has seen (PROPERTIES "Sometimes").
enum class Sometimes : std::uint32_t {
  kDuplicateSuppressed,
  kCommitInDoubtLanded,
  kCommitInDoubtLost,
  kReloadWhileOldCommitRuns,
  kSerializationRetried,
  kDeadlockRetried,
  kLockWait,
  kLockTimeout,
  kUniqueViolation,
  kRebalanceInMidBatch,
  kOffsetCommitFailed,
  kProducedAgain,
  kStockContested,
  kStockReturnedAndReservedAgain,
  kCancelOvertakesReservation,
  kCancelAfterConfirmed,
  kRejection,
  kPoisonAmongGood,
  kBatchOfMany,
  kBrokerDownLongerThanMessageTimeout,
  kLowerIdCommittedLate,
  kRetryAfterLostSuccess,
  kSameKeyAtTwoReplicas,
  kDatabaseDown,
  kCrashWithBatchUnderWay,
  kWatchedToTheEnd,
  kExpiryWhileInventoryDown,
  kReservationAfterExpiry,
  kSwept,
  kMenuStale,
  kMenuUnavailable,
  kMenuShared,
  kMenuBreakerOpened,
  kMenuProbeAnswered,
  kLongPollWokenByAnotherReplica,
  kLeaseLostInMidProduce,
  kShardsTakenOver,
  kShardsHandedOver,
  kShardsGivenUp,
  kBatchBisected,
  kLetterRedriven,
  kRedriveInAnOutage,
  kRedriveFailedAgain,
  kRedriveAfterTombstone,
  kCommandBrokenOff,
  kRepublished,
  kRepublishWithMarkInFlight,
  kRepublishAfterLoss,
  kUndeliverable,
  kPassedOver,
  kNobodyReady,
  kDatabaseAwayAtStart,
  kCount,
};
std::string_view to_string(Sometimes fact);

}  // namespace quickbite::sim
