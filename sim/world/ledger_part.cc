#include <type_traits>
#include <utility>

#include "domain/base/match.h"
#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"
#include "sim/world/world.h"

namespace quickbite::sim {
namespace {

void cover(WorldEnv& env, Sometimes fact) { env.cover(static_cast<std::uint32_t>(fact)); }

// Tells a client the ledger's answer, as the answer of its machine.
template <class L>
struct Telling {
  WorldEnv& env;
  PartId self;
  PartId client;
  EffectId id;
  Duration late;

  template <class M>
  void to(typename Ledger<L>::Answer&& answer) const {
    std::visit(
        [&](auto&& one) {
          using A = std::decay_t<decltype(one)>;
          if constexpr (std::is_constructible_v<typename M::Answer, A>) {
            env.send(client, said(self, AnswerTo<M>{id, typename M::Answer(std::move(one))}),
                     late.us == 0 ? Lane::kNow : Lane::kTimer, env.now() + late);
          } else {
            check_failed("the answer is of the question", __FILE__, __LINE__);
          }
        },
        std::move(answer));
  }

  // Whose command is under way is told by the question.
  template <class Service>
  void to_operator(typename Ledger<L>::Answer&& answer) const {
    if (std::holds_alternative<ResendAnswer>(answer)) return to<Republisher>(std::move(answer));
    to<Redriver<Service>>(std::move(answer));
  }
};

void tell(const Telling<OrdersLedger>& telling, Seat::Kind kind, Ledger<OrdersLedger>::Answer&& answer) {
  switch (kind) {
    case Seat::Kind::kIntake:
      return telling.to<Intake>(std::move(answer));
    case Seat::Kind::kReader:
      return telling.to<Reader>(std::move(answer));
    case Seat::Kind::kRelay:
      return telling.to<Relay>(std::move(answer));
    case Seat::Kind::kOrdersSweeper:
      return telling.to<Sweeper<OrdersService>>(std::move(answer));
    case Seat::Kind::kOrdersOperator:
      return telling.to_operator<OrdersService>(std::move(answer));
    default:
      return telling.to<Delivery<OrdersService>>(std::move(answer));
  }
}
void tell(const Telling<InventoryLedger>& telling, Seat::Kind kind, Ledger<InventoryLedger>::Answer&& answer) {
  switch (kind) {
    case Seat::Kind::kRelay:
      return telling.to<Relay>(std::move(answer));
    case Seat::Kind::kInventorySweeper:
      return telling.to<Sweeper<InventoryService>>(std::move(answer));
    case Seat::Kind::kInventoryOperator:
      return telling.to_operator<InventoryService>(std::move(answer));
    default:
      return telling.to<Delivery<InventoryService>>(std::move(answer));
  }
}

template <class L>
Verb verb_of(const typename Ledger<L>::Request& request) {
  return match(
      request, [](const Load<L>&) { return Verb::kLoad; }, [](const Store<L>&) { return Verb::kStore; },
      [](const ReadOutbox&) { return Verb::kReadOutbox; }, [](const MarkOutbox&) { return Verb::kMark; },
      [](const ReadOrders&) { return Verb::kReadOrders; }, [](const FindDue&) { return Verb::kFindDue; },
      [](const Prune&) { return Verb::kPrune; }, [](const LettersAsked&) { return Verb::kFindLetters; },
      [](const Resend&) { return Verb::kResend; });
}

template <class A>
std::string_view sqlstate_of(const A& answer) {
  return std::visit(
      [](const auto& outer) {
        return std::visit(
            [](const auto& inner) -> std::string_view {
              if constexpr (requires { inner.sqlstate; }) {
                return inner.sqlstate;
              } else {
                return {};
              }
            },
            outer);
      },
      answer);
}

template <class L>
struct LedgerStep {
  const Config& config;
  LedgerPart<L>& part;
  PartId self;
  WorldEnv& env;

  // Runs the slot again after a statement's time.
  void schedule(std::uint32_t slot, Duration delay) {
    const EffectId id = part.ledger.effect(slot);
    env.send(self, said(self, RunSlot{slot, id}), Lane::kChannel, env.now() + delay, slot + 1);
  }
  Duration statement(std::uint32_t slot, std::uint64_t stage, const Late& late) {
    return env.delay(site(Sites::kStatementDelay), effect_subject(part.ledger.client(slot), part.ledger.effect(slot), stage),
                     config.timing.statement_min, config.timing.statement_max, late);
  }

  void run(const RunSlot& turn) {
    Ledger<L>& ledger = part.ledger;
    if (!ledger.active(turn.slot) || !(ledger.effect(turn.slot) == turn.id) || ledger.blocked(turn.slot)) return;
    const PartId client = ledger.client(turn.slot);
    const Seat& seat = config.seats[client];
    const EffectId id = turn.id;
    const auto* request = ledger.request(turn.slot);
    if (request == nullptr) return;
    const bool commits = ledger.commits_next(turn.slot);
    const bool detached = ledger.detached(turn.slot);
    const Verb verb = verb_of<L>(*request);
    const std::uint32_t stage = ledger.stage(turn.slot);
    const OrderId order = ledger.order(turn.slot);

    const auto moment = [&](Phase phase) {
      Moment m = moment_of(seat, client, id, verb, phase, order);
      m.subject = subject_of(m.subject, stage);
      return m;
    };
    Fate fate = Fate::kGo;
    bool crashes = false;
    bool pauses = false;
    Late partly;  // what comes after this statement: another one, or the answer
    Duration answered;
    if (!detached) {
      const Verdict verdict = env.verdict(moment(Phase::kPartly));
      partly = env.late();
      switch (verdict) {
        case Verdict::kCrash:
          crashes = true;
          break;
        case Verdict::kSerialization:
          // Either way the server chose this transaction to give way to another.
          fate = env.choose(site(Sites::kVictim), moment(Phase::kPartly).subject, 2) == 0 ? Fate::kSerialization
                                                                                          : Fate::kDeadlock;
          if (fate == Fate::kSerialization) cover(env, Sometimes::kSerializationRetried);
          break;
        case Verdict::kDisconnect:
          fate = Fate::kBreak;
          break;
        default:
          break;
      }
      if (fate == Fate::kGo && !crashes && commits) {
        const Verdict of_commit = env.verdict(moment(Phase::kUnanswered));
        answered = env.late().by;
        switch (of_commit) {
          case Verdict::kCrash:
            crashes = true;
            break;
          case Verdict::kLoseAnswer:
            fate = env.choose(site(Sites::kCommitDuring), moment(Phase::kUnanswered).subject, 2) == 0
                       ? Fate::kBreakAfterCommit
                       : Fate::kBreakDuringCommit;
            cover(env, Sometimes::kCommitInDoubtLanded);
            break;
          case Verdict::kLoseCommit:
            fate = Fate::kBreakBeforeCommit;
            cover(env, Sometimes::kCommitInDoubtLost);
            break;
          case Verdict::kPause:
            pauses = true;
            break;
          default:
            break;
        }
      }
    }
    if (verb == Verb::kResend && ledger.marking()) cover(env, Sometimes::kRepublishWithMarkInFlight);
    const bool many = is_of_many(*request);
    typename Ledger<L>::Ran ran = ledger.run(turn.slot, fate, env.now(), env.delta());
    if (commits) cover_commit();
    if (ran.next == Ledger<L>::Next::kAnswered && !detached && !commits && !crashes && fate == Fate::kGo) {
      const Verdict verdict = env.verdict(moment(Phase::kUnanswered));
      answered = env.late().by;
      crashes = verdict == Verdict::kCrash;
      pauses = verdict == Verdict::kPause;
      // Of a read without a renewal: nothing was to be committed.
      const bool lost = verdict == Verdict::kLoseAnswer || verdict == Verdict::kLoseCommit;
      if (lost && verb == Verb::kReadOutbox) ran.answer = ReadOutboxAnswer{Unavailable{}};
    }
    if (many && ran.answer && sqlstate_of(*ran.answer) == "22001") cover(env, Sometimes::kBatchBisected);
    if (crashes) crash(config, env, self, seat.process);
    switch (ran.next) {
      case Ledger<L>::Next::kMore:
        schedule(turn.slot, statement(turn.slot, ledger.stage(turn.slot) + 1, partly));
        break;
      case Ledger<L>::Next::kBlocked:
        cover(env, Sometimes::kLockWait);
        if constexpr (std::is_same_v<L, InventoryLedger>) cover(env, Sometimes::kStockContested);
        env.send(self, said(self, LockTimeout{turn.slot, id}), Lane::kTimer, env.now() + config.timing.lock_timeout, turn.slot + 1);
        break;
      case Ledger<L>::Next::kAnswered:
        if (ran.also_run_again) {
          cover(env, Sometimes::kReloadWhileOldCommitRuns);
          schedule(turn.slot, config.timed ? milliseconds(30) : Duration{});
        }
        // Who crashes at this very moment is told nothing any more.
        if (!crashes) answer(client, id, std::move(*ran.answer), partly.by + answered + (pauses ? config.timing.pause : Duration{}));
        break;
      case Ledger<L>::Next::kGone:
        break;
    }
    wake();
  }

  // True for a Store of several records or commands, which is cut in two where its data is refused.
  static bool is_of_many(const typename Ledger<L>::Request& request) {
    const auto* store = std::get_if<Store<L>>(&request);
    if (store == nullptr || store->transactions.empty()) return false;
    const auto& writes = store->transactions.front();
    return writes.inserted.size() + writes.updated.size() > 1;
  }

  // What the rows of a commit are evidence of.
  void cover_commit() {
    for (const property::Fact& fact : env.delta().facts) {
      if (const auto* order = std::get_if<property::OrderWritten>(&fact)) {
        if (order->before == OrderStatus::kConfirmed) cover(env, Sometimes::kCancelAfterConfirmed);
        if (expired(order->order)) env.send(config.monitor, said(self, OrderExpired{}), Lane::kNow, env.now());
      } else if (const auto* reservation = std::get_if<property::ReservationWritten>(&fact)) {
        if (reservation->after == ReservationState::kRejected) cover(env, Sometimes::kRejection);
        if (reservation->after == ReservationState::kTombstone) cover(env, Sometimes::kCancelOvertakesReservation);
        if (reservation->after == ReservationState::kReserved && part.ledger.released()) {
          cover(env, Sometimes::kStockReturnedAndReservedAgain);
        }
      } else if (const auto* row = std::get_if<property::OutboxInserted>(&fact)) {
        if (part.ledger.seen_later_seq(row->seq)) cover(env, Sometimes::kLowerIdCommittedLate);
      } else if (const auto* mark = std::get_if<property::ProcessedInserted>(&fact)) {
        if (mark->handled == Handled::kIgnored && tells_of_expired(mark->id)) cover(env, Sometimes::kReservationAfterExpiry);
        if (mark->handled == Handled::kIgnored && redriven_after_tombstone(mark->id)) cover(env, Sometimes::kRedriveAfterTombstone);
      }
    }
  }

  // True where the event is that of a dead letter, whose order was cancelled before Inventory took it.
  bool redriven_after_tombstone(const EventId& event) const {
    if constexpr (std::is_same_v<L, InventoryLedger>) {
      const InventoryTables& tables = part.ledger.tables();
      for (const auto& [seq, row] : tables.outbox) {
        if (row.type != kDeadLetterType || event_of_letter(row) != event) continue;
        const auto id = row.key ? parse_uuid(*row.key) : std::nullopt;
        const ReservationRow* reservation = id ? tables.reservations.find(OrderId(*id)) : nullptr;
        if (reservation != nullptr && reservation->state == ReservationState::kTombstone) return true;
      }
    }
    return false;
  }

  bool expired(const OrderId& id) const {
    if constexpr (std::is_same_v<L, OrdersLedger>) {
      const OrderRow* row = part.ledger.tables().orders.find(id);
      return row != nullptr && row->reason == CancelReason::kExpired;
    } else {
      return false;
    }
  }
  // True where the event is the InventoryReserved of an order that has expired.
  bool tells_of_expired(const EventId& event) const {
    if constexpr (std::is_same_v<L, OrdersLedger>) {
      for (const auto& [id, row] : part.ledger.tables().orders) {
        if (row.reason == CancelReason::kExpired && event_id(InventoryReserved{id}) == event) return true;
      }
    }
    return false;
  }

  void answer(PartId client, EffectId id, typename Ledger<L>::Answer&& answer, Duration late = {}) {
    const std::string_view sqlstate = sqlstate_of(answer);
    if (sqlstate == "40P01") cover(env, Sometimes::kDeadlockRetried);
    if (sqlstate == "23505") cover(env, Sometimes::kUniqueViolation);
    if (sqlstate == "55P03") cover(env, Sometimes::kLockTimeout);
    tell(Telling<L>{env, self, client, id, late}, config.seats[client].kind, std::move(answer));
  }

  // One statement that takes no lock.
  AskMenuAnswer read_menu() const {
    if constexpr (std::is_same_v<L, InventoryLedger>) {
      if (part.ledger.down()) return MenuAway{"the database is away"};
      MenuTold menu{{}, env.now()};
      for (const auto& [sku, row] : part.ledger.tables().stock) menu.items.push_back({sku, row.available});
      return menu;
    } else {
      check_failed("the menu is Inventory's", __FILE__, __LINE__);
    }
  }

  void wake() {
    for (const std::uint32_t slot : part.ledger.take_woken()) schedule(slot, Duration{});
  }

  void step(Event&& event) {
    Ledger<L>& ledger = part.ledger;
    if (auto* query = std::get_if<Query<L>>(&event.what)) {
      const EffectId id = query->id;
      if (const auto slot = ledger.begin(event.from, id, std::move(query->request))) {
        schedule(*slot, statement(*slot, 0, query->late));
      }
    } else if (auto* turn = std::get_if<RunSlot>(&event.what)) {
      run(*turn);
    } else if (auto* timeout = std::get_if<LockTimeout>(&event.what)) {
      if (!ledger.active(timeout->slot)) return;
      const PartId client = ledger.client(timeout->slot);
      if (auto given_up = ledger.lock_timeout(timeout->slot, timeout->id)) answer(client, timeout->id, std::move(*given_up));
      wake();
    } else if (std::holds_alternative<Disconnect>(event.what)) {
      const bool at_commit = ledger.commits_next_of(event.from);
      const bool lands = at_commit && env.choose(site(Sites::kCommitLands), subject_of(event.from, static_cast<std::uint64_t>(env.now().us)), 2) == 1;
      ledger.disconnect(event.from, lands);
      wake();
    } else if (auto* down = std::get_if<SetDown>(&event.what)) {
      const bool lands = down->down && env.choose(site(Sites::kCommitLands), subject_of(self, static_cast<std::uint64_t>(env.now().us)), 2) == 1;
      ledger.set_down(down->down, lands, env.now(), env.delta());
      if (down->down) cover(env, Sometimes::kDatabaseDown);
      wake();
    } else if (auto* refused = std::get_if<SetRefused>(&event.what)) {
      ledger.refuse(refused->order, refused->refused);
    } else if (auto* look = std::get_if<Look>(&event.what)) {
      const bool found = !ledger.down();
      if (!found) cover(env, Sometimes::kDatabaseAwayAtStart);
      const Duration takes = env.delay(site(Sites::kStatementDelay), subject_of(event.from, look->incarnation, 0x600),
                                       config.timing.statement_min, config.timing.statement_max);
      env.send(event.from, said(self, Looked{look->incarnation, found}), Lane::kChannel, env.now() + takes);
    } else if (auto* menu = std::get_if<MenuQuery>(&event.what)) {
      env.send(event.from, said(self, MenuFound{menu->caller, menu->id, menu->incarnation, read_menu()}), Lane::kNow,
               env.now());
    }
  }
};

}  // namespace

void step_part(const Config& config, LedgerPart<OrdersLedger>& part, PartId self, Event&& event, WorldEnv& env) {
  LedgerStep<OrdersLedger>{config, part, self, env}.step(std::move(event));
}

void step_part(const Config& config, LedgerPart<InventoryLedger>& part, PartId self, Event&& event,
                           WorldEnv& env) {
  LedgerStep<InventoryLedger>{config, part, self, env}.step(std::move(event));
}

}  // namespace quickbite::sim
