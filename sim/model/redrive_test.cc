// Redriving, simulated: Inventory's Delivery, its Relay and two operators' Redrivers (the same object code as in production) on the
// modelled ledger and a log, under random interleavings of their statements, crashes, commits in doubt, serialization failures, lost
// acks and rewinds. A part of the records is poison for ever; another is refused by the database until it is mended. L8 and the others
// are asked after every step, and at the end every letter is the one of its record, and every event has had one effect.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/match.h"
#include "domain/machine/delivery.h"
#include "domain/machine/redriver.h"
#include "domain/machine/relay.h"
#include "domain/message/event.h"
#include "domain/port/dead_letter.h"
#include "domain/property/property.h"
#include "sim/kernel/choices.h"
#include "sim/model/ledger.h"
#include "sim/model/letters.h"
#include "sim/model/test_one_partition.h"

namespace quickbite::sim {
namespace {

using L = InventoryLedger;
using D = Delivery<InventoryService>;
using R = Redriver<InventoryService>;
using Model = Ledger<L>;

constexpr Uuid kCluster{1, 2};
constexpr std::uint64_t kSeeds = 400;
constexpr int kTroubled = 1500;   // steps with faults before the database is mended, and as many after it
constexpr int kCalm = 60'000;     // and without: far more than rest takes
constexpr int kAskedInTrouble = 5;  // times: a letter is redriven sixteen times at most, and by two operators
constexpr int kOrders = 4;

bool is_refused(const OrderId& order) { return order.value.low % 2 == 0; }

// How often what had to happen did, of all runs.
struct Seen {
  int redriven = 0;
  int failed_again = 0;   // a redriven record found its letter
  int mended = 0;         // an event was applied from a redrive
  int duplicates = 0;     // a redriven event had been applied before
  int in_doubt = 0;       // a redriver's commit
  int collisions = 0;     // two operators stored the same redrive at once
};

class World {
 public:
  World(std::uint64_t seed, Seen& seen) : draws_(seed), seen_(seen) {
    InventoryTables& tables = ledger_.seed_tables();
    tables.stock[Sku("burger")] = StockRow{Sku("burger"), Quantity(1000), Quantity(0)};
    tables.movements.push_back({Sku("burger"), MovementKind::kSeed, Quantity(1000), std::nullopt, EventId(Uuid{0, 1}), {}});
    for (std::uint64_t n = 1; n <= kOrders; ++n) {
      log_.append({Topic::kOrders, Partition(0), std::nullopt, Bytes("poison " + std::to_string(n)), {{"from", "nobody"}}});
      log_.append(created(OrderId(Uuid{9, n})));
    }
    delivery_.restart(D(limits(), kCluster, 1));
    relay_.restart(Relay(limits(), Partitions{}, "a relay", 2));
    for (auto& operator_ : operators_) operator_.restart(R(limits(), 3));
  }

  // With faults, then mended and without, until nothing is left to do.
  void run() {
    for (int i = 0; i < kTroubled; ++i) step();
    broken_ = false;  // in the middle of it all: what was dead-lettered comes again, and only a redrive applies it
    for (int i = 0; i < kTroubled; ++i) step();
    faults_ = false;
    int asked_calmly = 0;
    for (int i = 0; i < kCalm && !(at_rest() && asked_calmly >= 2); ++i) {
      if (at_rest()) {  // once more, and once more: the same as once
        ask_all();
        ++asked_calmly;
      }
      step();
    }
    ASSERT_TRUE(at_rest()) << "the redrives never came to an end";
    const auto violation = property::check_full(view());
    ASSERT_FALSE(violation) << violation->property << ": " << violation->what;
    expect_one_letter_a_record();
    expect_one_effect_an_event();
  }

 private:
  template <class M>
  struct Actor {
    explicit Actor(std::uint32_t number) : client(number) {}
    std::uint32_t client;
    std::uint32_t generation = 0;
    std::optional<Host<M>> host;
    std::optional<typename M::Effect> effect;  // asked for, not begun
    std::optional<Model::Slot> slot;           // under way in the ledger

    void restart(M machine) {
      host.emplace(std::move(machine), ++generation, 16, 16);
      slot.reset();
      effect = host->start(Instant{}).effect;
    }
  };

  static Limits limits() {
    Limits limits;
    limits.batch = 3;
    limits.outbox_batch = 4;
    return limits;
  }
  static Message created(const OrderId& order) {
    const Event event = event_of(OrderCreated{order, UserId("u1"), {{Sku("burger"), Quantity(1)}}});
    return {Topic::kOrders, Partition(0), to_string(order.value), encode_event(event), {}};
  }

  std::uint32_t below(std::uint32_t n) { return draws_.below(n, Site{1}, ++drawn_); }
  bool luck(std::uint32_t percent) { return faults_ && below(100) < percent; }

  // --- a step ---

  void step() {
    now_ = now_ + milliseconds(1);
    if (faults_ && asked_ < kAskedInTrouble && below(300) == 0) ask_all();
    if (luck(1)) log_.position = Offset(0);  // the group's offsets go back
    run_detached();
    switch (below(8)) {
      case 0:
      case 1:
        return turn(operators_[below(2)], [&] { return R(limits(), 3); });
      case 2:
      case 3:
      case 4:
        return turn(relay_, [&] { return Relay(limits(), Partitions{}, "a relay", 2); });
      default:
        return turn(delivery_, [&] {
          log_.position = committed_.value_or(Offset(0));
          return D(limits(), kCluster, 1);
        });
    }
  }

  // What a client that is gone has sent to the server runs to its end there.
  void run_detached() {
    for (Model::Slot slot = 0; slot < ledger_.slots(); ++slot) {
      if (!ledger_.active(slot) || !ledger_.detached(slot) || ledger_.blocked(slot) || below(3) != 0) continue;
      property::Delta delta;
      ledger_.run(slot, Fate::kGo, now_, delta);
      check(delta);
    }
    ledger_.take_woken();
  }

  template <class M, class Make>
  void turn(Actor<M>& actor, Make make) {
    if (luck(2)) {  // it crashes
      ledger_.disconnect(actor.client, below(2) == 0);
      actor.restart(make());
      return;
    }
    if (actor.slot) return statement(actor);
    if (actor.effect) return begin(actor, *std::exchange(actor.effect, std::nullopt));
    if (actor.host->ready()) follow(actor, actor.host->take(now_));
  }

  template <class M>
  void begin(Actor<M>& actor, typename M::Effect&& effect) {
    match(std::move(effect), [&](auto&& one) {
      using E = std::decay_t<decltype(one)>;
      if constexpr (std::is_same_v<E, Wait>) {
        if (actor.host->ready()) return follow(actor, actor.host->take(now_));
        if constexpr (std::is_constructible_v<typename M::Answer, Waited>) return answer(actor, Waited{});
      } else if constexpr (std::is_same_v<E, FindLetters>) {
        answer(actor, FindLettersAnswer(find_letters(tables().outbox, tables().processed, one)));
      } else if constexpr (std::is_same_v<E, Poll>) {
        answer(actor, log_.poll(one));
      } else if constexpr (std::is_same_v<E, CommitOffsets>) {
        answer(actor, commit(one));
      } else if constexpr (std::is_same_v<E, Produce>) {
        answer(actor, produce(std::move(one)));
      } else {
        actor.slot = ledger_.begin(actor.client, actor.host->effect_id(), Model::Request(std::move(one)));
      }
    });
  }

  template <class M>
  void follow(Actor<M>& actor, Step<M>&& step) {
    for (const auto& notice : step.notices) told(notice);
    actor.effect = std::move(step.effect);
  }
  template <class M, class A>
  void answer(Actor<M>& actor, A&& one) {
    auto next = actor.host->answer(actor.host->effect_id(), typename M::Answer(std::forward<A>(one)), now_);
    ASSERT_TRUE(next.has_value());
    follow(actor, std::move(*next));
  }

  void told(const typename D::Notice& notice) {
    if (const auto* handled = std::get_if<D::Handled>(&notice)) seen_.duplicates += handled->duplicates > 0;
  }
  void told(const Relay::Notice&) {}
  void told(const R::Notice&) {}

  // --- the ledger ---

  template <class M>
  void statement(Actor<M>& actor) {
    const Model::Slot slot = *actor.slot;
    if (ledger_.blocked(slot)) return;
    if constexpr (std::is_same_v<M, D>) {
      if (refuses(slot)) {
        actor.slot.reset();
        ledger_.disconnect(actor.client, false);
        return answer(actor, StoreAnswer(Refused{"22023"}));
      }
    }
    const bool commits = ledger_.commits_next(slot);
    property::Delta delta;
    const Fate fate = draw_fate(commits);
    if (std::is_same_v<M, R> && commits && (fate == Fate::kBreakAfterCommit || fate == Fate::kBreakBeforeCommit)) ++seen_.in_doubt;
    Model::Ran ran = ledger_.run(slot, fate, now_, delta);
    check(delta);
    ledger_.take_woken();
    if (ran.next != Model::Next::kAnswered) return;
    actor.slot.reset();
    std::visit([&]<class A>(A&& outer) {
      if constexpr (std::is_constructible_v<typename M::Answer, A>) {
        note(outer);
        answer(actor, std::forward<A>(outer));
      }
    }, std::move(*ran.answer));
  }

  template <class A>
  void note(const A& answered) {
    if constexpr (std::is_same_v<A, StoreAnswer>) {
      if (const auto* aborted = std::get_if<Aborted>(&answered)) seen_.collisions += aborted->sqlstate == "23505";
    }
  }

  Fate draw_fate(bool commits) {
    if (luck(3)) return Fate::kSerialization;
    if (luck(2)) return commits ? Fate::kBreakBeforeCommit : Fate::kBreak;
    if (commits && luck(5)) return Fate::kBreakAfterCommit;
    return Fate::kGo;
  }

  // Until it is mended, the database refuses what these orders are.
  bool refuses(Model::Slot slot) const {
    const auto* store = std::get_if<Store<L>>(ledger_.request(slot));
    if (!broken_ || store == nullptr) return false;
    for (const ReservationRow& row : store->transactions.front().inserted) {
      if (is_refused(row.order)) return true;
    }
    return false;
  }

  const InventoryTables& tables() const { return ledger_.tables(); }

  // --- the log ---

  CommitAnswer commit(const CommitOffsets& commit) {
    if (luck(20)) return CommitFailed{};
    const Offset* next = commit.next.find(Partition(0));
    if (next == nullptr) return OffsetsCommitted{};
    property::Delta delta;
    delta.add(property::OffsetCommitted{Topic::kOrders, Partition(0), committed_, *next});
    committed_ = *next;
    check(delta);
    return OffsetsCommitted{};
  }

  Produced produce(Produce&& produce) {
    Produced produced;
    for (Message& message : produce.messages) {
      const bool lands = !luck(10);
      const Partition partition = message.partition;
      Offset offset;
      if (lands) {
        seen_.redriven += redrive_origin(message.headers).has_value();
        message.partition = Partition(0);
        offset = log_.append(std::move(message));
      }
      if (lands && !luck(10)) {
        produced.outcomes.push_back(Acked{partition, offset});
      } else {
        produced.outcomes.push_back(MaybePersisted{});
      }
    }
    return produced;
  }

  // --- the operators ---

  void ask_all() {
    RedriveRequest request;
    request.mode = {true, true};
    request.most = 1000;
    ++asked_;
    for (auto& operator_ : operators_) operator_.host->offer(request);
  }

  // --- what must be ---

  property::View view() {
    log_view_ = {Topic::kOrders, Partition(0), Offset(0), log_.records, committed_};
    property::View view;
    view.orders = &no_orders_;
    view.inventory = &tables();
    view.logs = {&log_view_, 1};
    return view;
  }

  void check(const property::Delta& delta) {
    const auto violation = property::check_step(view(), delta);
    ASSERT_FALSE(violation) << violation->property << ": " << violation->what;
  }

  // Every record was handled for good: none comes again.
  bool all_read() const {
    return !ledger_.unsent() && !delivery_.host->machine().under_way() &&
           committed_.value_or(Offset(0)).value == static_cast<std::int64_t>(log_.records.size());
  }

  bool at_rest() const {
    if (ledger_.busy() || !all_read()) return false;
    return std::all_of(operators_.begin(), operators_.end(),
                       [](const auto& one) { return one.host->idle() && !one.effect && !one.slot; });
  }

  // However often it was redriven, by however many: what failed has one letter, the one of its first failure.
  void expect_one_letter_a_record() {
    std::map<std::string, int> letters;
    for (const auto& [seq, row] : tables().outbox) {
      if (row.type == kDeadLetterType) ++letters[std::string(row.payload.view())];
    }
    for (const auto& [payload, count] : letters) EXPECT_EQ(count, 1) << payload;
    for (std::uint64_t n = 1; n <= kOrders; ++n) EXPECT_EQ(letters.count("poison " + std::to_string(n)), 1u);
    for (const auto& record : log_.records) {
      if (!redrive_origin(record->message.headers)) continue;
      const bool poison = std::holds_alternative<Malformed>(decode_record(record->message));
      ++(poison ? seen_.failed_again : seen_.mended);
    }
  }

  void expect_one_effect_an_event() {
    for (std::uint64_t n = 1; n <= kOrders; ++n) {
      const ReservationRow* row = tables().reservations.find(OrderId(Uuid{9, n}));
      ASSERT_NE(row, nullptr) << "order " << n << " was redriven after it was mended, and is still not reserved";
      EXPECT_EQ(row->state, ReservationState::kReserved);
    }
    EXPECT_EQ(tables().stock.find(Sku("burger"))->reserved, Quantity(kOrders));
  }

  Draws draws_;
  Seen& seen_;
  std::uint64_t drawn_ = 0;
  Instant now_{1'000'000};
  bool faults_ = true;
  bool broken_ = true;
  int asked_ = 0;  // times that everything was redriven

  Model ledger_;
  OrdersTables no_orders_;
  OnePartition log_;
  property::LogView log_view_;
  std::optional<Offset> committed_;

  Actor<D> delivery_{1};
  Actor<Relay> relay_{2};
  std::array<Actor<R>, 2> operators_{Actor<R>{3}, Actor<R>{4}};
};

TEST(RedriveSimulated, RedrivingAnyNumberOfTimesIsRedrivingOnce) {
  Seen seen;
  for (std::uint64_t seed = 1; seed <= kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World(seed, seen).run();
  }
  EXPECT_GT(seen.redriven, 0);
  EXPECT_GT(seen.failed_again, 0);
  EXPECT_GT(seen.mended, 0);
  EXPECT_GT(seen.duplicates, 0);
  EXPECT_GT(seen.in_doubt, 0);
  EXPECT_GT(seen.collisions, 0) << "two operators never met";
}

}  // namespace
}  // namespace quickbite::sim
