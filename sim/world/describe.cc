#include <string>
#include <utility>

#include "domain/base/match.h"
#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

std::string_view word_of(ServiceName service) { return service == ServiceName::kOrders ? "orders" : "inventory"; }

template <class A>
std::string words_of_answer(const A& answer) {
  return match(
      answer,  //
      [](const Stored&) { return std::string("stored"); }, [](const InDoubt&) { return std::string("in doubt"); },
      [](const Unavailable&) { return std::string("unavailable"); },
      [](const Aborted& a) { return "aborted " + a.sqlstate; }, [](const Refused& r) { return "refused " + r.sqlstate; },
      [](const OutboxRead& read) {
        const std::string rows = std::to_string(read.rows.size()) + " unsent rows";
        return read.lease ? rows + " of " + std::to_string(read.lease->shards) + " shards" : rows;
      },
      [](const Marked& marked) {
        return marked.lost == 0 ? std::string("marked") : std::to_string(marked.lost) + " shards are another's";
      },
      [](const OrdersRead&) { return std::string("rows"); }, [](const Waited&) { return std::string("waited"); },
      [](const DueFound& found) { return std::to_string(found.due.size()) + " orders are due"; },
      [](const Pruned& gone) {
        return "deleted " + std::to_string(gone.processed) + " dedupe rows and " + std::to_string(gone.outbox) + " sent rows";
      },
      [](const Polled& polled) { return std::to_string(polled.records.size()) + " records"; },
      [](const Produced&) { return std::string("produced"); },
      [](const OffsetsCommitted&) { return std::string("offsets committed"); },
      [](const CommitFailed&) { return std::string("offsets not committed"); },
      [](const MenuTold& menu) { return "a menu of " + std::to_string(menu.items.size()); },
      [](const MenuAway& away) { return "no menu: " + away.why; },
      [](const LettersFound& found) { return std::to_string(found.letters.size()) + " dead letters"; },
      [](const Resent& resent) { return std::to_string(resent.rows) + " rows are unsent again"; },
      [](const auto& other) {
        if constexpr (requires { other.rows; }) {
          return std::string("loaded");
        } else {
          return words_of_answer(other);
        }
      });
}

template <class L>
std::string words_of_request(const typename Ledger<L>::Request& request) {
  return match(
      request, [](const Load<L>& load) { return "load " + std::to_string(load.keys.orders.size()) + " orders"; },
      [](const Store<L>& store) { return store.transactions.size() == 1 ? std::string("store") : std::string("store, in parts"); },
      [](const ReadOutbox& read) {
        return std::string(read.renewal ? "renew the lease and read the outbox" : "read the outbox");
      },
      [](const MarkOutbox& mark) { return "mark " + std::to_string(mark.sent.size()) + " rows as sent"; },
      [](const ReadOrders&) { return std::string("read orders"); },
      [](const FindDue&) { return std::string("find orders past their deadline"); },
      [](const Prune&) { return std::string("delete rows past their retention"); },
      [](const LettersAsked&) { return std::string("find dead letters"); },
      [](const Resend& resend) { return "have " + std::to_string(resend.limit) + " rows sent again"; });
}

}  // namespace

std::string name_of(const Config& config, PartId part) {
  const Seat& seat = config.seats[part];
  const std::string process = std::string(word_of(seat.service)) + "/" + std::to_string(seat.replica);
  switch (seat.kind) {
    case Seat::Kind::kProcess:
      return process;
    case Seat::Kind::kFront:
      return process + " http";
    case Seat::Kind::kIntake:
    case Seat::Kind::kReader:
    case Seat::Kind::kMenu:
      return process + " " + std::string(to_string(seat.role));
    case Seat::Kind::kRelay:
      return process + " relay";
    case Seat::Kind::kOrdersDelivery:
    case Seat::Kind::kInventoryDelivery:
      return process + " delivery";
    case Seat::Kind::kOrdersSweeper:
    case Seat::Kind::kInventorySweeper:
      return process + " sweeper";
    case Seat::Kind::kOrdersLedger:
      return "orders database";
    case Seat::Kind::kInventoryLedger:
      return "inventory database";
    case Seat::Kind::kTopic:
      return std::string(to_string(static_cast<Topic>(part - config.topics)));
    case Seat::Kind::kClient:
      return "client " + std::to_string(part - config.clients);
    case Seat::Kind::kOrdersOperator:
    case Seat::Kind::kInventoryOperator:
      return std::string(word_of(seat.service)) + " operator";
    case Seat::Kind::kMonitor:
      return "monitor";
  }
  return "?";
}

std::string World::describe(const Config& config, PartId, const Event& event) {
  const auto effect = [](EffectId id) { return " #" + std::to_string(id.generation) + "." + std::to_string(id.sequence); };
  return match(
      event.what,  //
      [](const Begin& e) { return "starts, incarnation " + std::to_string(e.generation); },
      [](const Kill&) { return std::string("ends with its process"); },
      [](const Offer<Intake>&) { return std::string("a command is queued"); },
      [](const Offer<Reader>&) { return std::string("a read is queued"); },
      [](const Offer<Relay>&) { return std::string("woken"); },
      [](const Offer<Menu>&) { return std::string("a reading of the menu is queued"); },
      [&](const MenuAsked& e) { return "is asked for the menu" + effect(e.id); },
      [&](const MenuQuery& e) { return "the menu is read" + effect(e.id); },
      [&](const MenuFound& e) { return words_of_answer(e.answer) + effect(e.id); },
      [](const MenuShown& e) { return "notes a menu, answered " + std::to_string(e.status); },
      [&](const Timeout& e) { return "time is up" + effect(e.id); },
      [&](const Fetched& e) {
        if (e.failed) return "the broker is away" + effect(e.id);
        if (e.reply.rebalanced) return "rebalanced: " + std::to_string(e.reply.positions.size()) + " partitions" + effect(e.id);
        return "fetched " + std::to_string(e.reply.records.size()) + " records" + effect(e.id);
      },
      [&](const ProduceReply& e) { return "acked by " + std::string(to_string(e.topic)) + effect(e.id); },
      [&](const CommitReply& e) { return (e.done ? "offsets committed" : "offset commit refused") + effect(e.id); },
      [&](const Query<OrdersLedger>& e) { return words_of_request<OrdersLedger>(e.request) + effect(e.id); },
      [&](const Query<InventoryLedger>& e) { return words_of_request<InventoryLedger>(e.request) + effect(e.id); },
      [&](const RunSlot& e) { return "the next statement of session " + std::to_string(e.slot) + effect(e.id); },
      [&](const LockTimeout& e) { return "lock timeout of session " + std::to_string(e.slot); },
      [](const Disconnect&) { return std::string("a connection is closed"); },
      [](const SetDown& e) { return std::string(e.down ? "goes down" : "comes up"); },
      [&](const Fetch& e) { return "fetch" + effect(e.id); },
      [&](const ProduceRequest& e) { return "produce " + std::to_string(e.messages.size()) + " messages" + effect(e.id); },
      [&](const CommitRequest& e) {
        std::string text = "commit offsets";
        for (const auto& [partition, offset] : e.next) {
          text += " " + std::to_string(partition.value) + ":" + std::to_string(offset.value);
        }
        return text + effect(e.id);
      },
      [](const MemberMissed&) { return std::string("a member is missed"); },
      [](const Poison& e) { return "a stranger's record: " + std::string(to_string(e.kind)); },
      [](const Forge&) { return std::string("a stranger's record: forged-cancelled"); },
      [](const Bar&) { return std::string("takes no record of an order any more"); },
      [](const Lose&) { return std::string("loses its records"); },
      [](const SetRefused& e) { return std::string(e.refused ? "refuses an order's data" : "takes an order's data again"); },
      [](const Refusable&) { return std::string("notes that an order's data is refused"); },
      [](const Task& e) { return std::string(e.republishes ? "is to republish" : "is to redrive"); },
      [](const CommandEnded&) { return std::string("has done it"); },
      [](const Rewind&) { return std::string("offsets are rewound"); },
      [](const Leave&) { return std::string("is about to end in peace"); },
      [](const Crash&) { return std::string("crashes"); }, [](const Restart&) { return std::string("starts"); },
      [&](const HttpArrives& e) {
        const Job& job = config.jobs[e.job];
        const HttpRequest& request = job.of(asks_of(e.request))->request;
        return request.method + " " + request.path + (request.query.empty() ? " " : "?") + request.query + request.body;
      },
      [](const HttpReturns& e) { return "answered " + std::to_string(e.status); },
      [](const CommandDone&) { return std::string("a command is done"); },
      [](const ReadDone&) { return std::string("a read is done"); },
      [](const QueueFull&) { return std::string("the queue is full"); },
      [](const DeadlineCheck&) { return std::string("looks for deadlines"); },
      [](const ReplicaTurned& e) {
        return "hears that orders/" + std::to_string(e.replica) + (e.ready ? " is ready" : " is not ready");
      },
      [](const Look&) { return std::string("is looked for"); },
      [](const Looked& e) { return std::string(e.found ? "finds its database" : "does not find its database"); },
      [](const LookAgain&) { return std::string("looks for its database again"); },
      [](const PartitionsAssigned&) { return std::string("hears that it has partitions"); },
      [](const StartJob& e) { return "begins request " + std::to_string(e.job); },
      [](const RetryJob& e) { return "tries request " + std::to_string(e.job) + " again, unless answered"; },
      [](const PostArrived&) { return std::string("notes a POST"); },
      [](const PostReplied& e) { return "notes an answer " + std::to_string(e.status); },
      [](const OrderExpired&) { return std::string("notes that an order has expired"); },
      [](const InventoryTurned& e) { return std::string(e.up ? "notes that Inventory starts" : "notes that Inventory ends"); },
      [](const CancelReplied& e) { return "notes an answer " + std::to_string(e.status) + " to a cancel"; },
      [&](const auto& e) { return words_of_answer(e.answer) + effect(e.id); });
}

std::string_view to_string(Sometimes fact) {
  switch (fact) {
    case Sometimes::kDuplicateSuppressed: return "duplicate suppressed";
    case Sometimes::kCommitInDoubtLanded: return "commit in doubt and landed";
    case Sometimes::kCommitInDoubtLost: return "commit in doubt and lost";
    case Sometimes::kReloadWhileOldCommitRuns: return "in-doubt reload while the old commit still runs";
    case Sometimes::kSerializationRetried: return "serialization failure retried";
    case Sometimes::kDeadlockRetried: return "deadlock victim retried";
    case Sometimes::kLockWait: return "waited for a lock";
    case Sometimes::kLockTimeout: return "lock timeout retried";
    case Sometimes::kUniqueViolation: return "unique violation retried";
    case Sometimes::kRebalanceInMidBatch: return "rebalance in mid-batch";
    case Sometimes::kOffsetCommitFailed: return "offset commit failed";
    case Sometimes::kProducedAgain: return "possibly persisted, produced again";
    case Sometimes::kStockContested: return "two replicas contest an item";
    case Sometimes::kStockReturnedAndReservedAgain: return "stock returned and reserved again";
    case Sometimes::kCancelOvertakesReservation: return "cancel overtakes the reservation";
    case Sometimes::kCancelAfterConfirmed: return "cancel after CONFIRMED";
    case Sometimes::kRejection: return "rejection";
    case Sometimes::kPoisonAmongGood: return "poison among good records of one batch";
    case Sometimes::kBatchOfMany: return "several commands in one transaction";
    case Sometimes::kBrokerDownLongerThanMessageTimeout: return "broker down for longer than the message timeout";
    case Sometimes::kLowerIdCommittedLate: return "row committed with a lower id than one already published";
    case Sometimes::kRetryAfterLostSuccess: return "client retries with its key after a lost 2xx";
    case Sometimes::kSameKeyAtTwoReplicas: return "same key at two replicas";
    case Sometimes::kDatabaseDown: return "database down";
    case Sometimes::kCrashWithBatchUnderWay: return "crash with a batch under way";
    case Sometimes::kWatchedToTheEnd: return "order watched to its end";
    case Sometimes::kExpiryWhileInventoryDown: return "expiry while Inventory is down";
    case Sometimes::kReservationAfterExpiry: return "reservation arriving after expiry";
    case Sometimes::kSwept: return "rows past their retention deleted";
    case Sometimes::kMenuStale: return "menu served stale";
    case Sometimes::kMenuUnavailable: return "no menu yet to serve";
    case Sometimes::kMenuShared: return "one call for the menu served several";
    case Sometimes::kMenuBreakerOpened: return "Inventory not asked for a while";
    case Sometimes::kMenuProbeAnswered: return "Inventory answers again after a pause";
    case Sometimes::kLongPollWokenByAnotherReplica: return "long-poll woken by another replica";
    case Sometimes::kLeaseLostInMidProduce: return "lease lost in mid-produce";
    case Sometimes::kShardsTakenOver: return "shards taken over";
    case Sometimes::kShardsHandedOver: return "shards handed over";
    case Sometimes::kShardsGivenUp: return "shards given up at an end";
    case Sometimes::kBatchBisected: return "batch bisected";
    case Sometimes::kLetterRedriven: return "dead letter redriven";
    case Sometimes::kRedriveInAnOutage: return "redrive in the middle of an outage";
    case Sometimes::kRedriveFailedAgain: return "redriven record failed again under its letter's id";
    case Sometimes::kRedriveAfterTombstone: return "redrive after tombstone";
    case Sometimes::kCommandBrokenOff: return "operator's command broken off and given again";
    case Sometimes::kRepublished: return "sent rows republished";
    case Sometimes::kRepublishWithMarkInFlight: return "republish while a relay's mark was in flight";
    case Sometimes::kRepublishAfterLoss: return "republish after loss";
    case Sometimes::kUndeliverable: return "undeliverable row parked";
    case Sometimes::kPassedOver: return "request sent past a replica that was not ready";
    case Sometimes::kNobodyReady: return "no replica ready for a request";
    case Sometimes::kDatabaseAwayAtStart: return "process started while its database was away";
    case Sometimes::kCount: break;
  }
  return "?";
}

}  // namespace quickbite::sim
