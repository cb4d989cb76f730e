// What the parts of QuickBite's world send each other.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "domain/machine/delivery.h"
#include "domain/machine/host.h"
#include "domain/machine/intake.h"
#include "domain/machine/menu.h"
#include "domain/machine/reader.h"
#include "domain/machine/redriver.h"
#include "domain/machine/relay.h"
#include "domain/machine/republisher.h"
#include "domain/machine/sweeper.h"
#include "domain/port/http.h"
#include "sim/kernel/system.h"
#include "sim/model/ledger.h"
#include "sim/model/topic.h"
#include "sim/plan/plan.h"

namespace quickbite::sim {

// --- to a machine's part ---

// The process has started: `generation` is its incarnation, from 1.
struct Begin {
  std::uint32_t generation = 0;
  auto fields() const { return std::tie(generation); }
};
// The process has ended.
struct Kill {
  auto fields() const { return std::tie(); }
};
// The process is about to end in peace; to its relay, by way of the process.
struct Leave {
  auto fields() const { return std::tie(); }
};
template <class M>
struct Offer {
  typename M::Item item;
  auto fields() const { return std::tie(item); }
};
template <class M>
struct AnswerTo {
  EffectId id;
  typename M::Answer answer;
  auto fields() const { return std::tie(id, answer); }
};
// Time has come: a Wait is over, an idle Poll ends, or what was sent was lost and is given up.
struct Timeout {
  EffectId id;
  auto fields() const { return std::tie(id); }
};
struct Fetched {
  EffectId id;
  bool failed = false;  // the broker could not be reached
  FetchReply reply;
  auto fields() const { return std::tie(id, failed, reply); }
};
struct ProduceReply {
  EffectId id;
  Topic topic = Topic::kOrders;
  std::vector<ProduceOutcome> outcomes;
  auto fields() const { return std::tie(id, topic, outcomes); }
};
struct CommitReply {
  EffectId id;
  bool done = false;
  auto fields() const { return std::tie(id, done); }
};

// --- to a ledger ---

template <class L>
struct Query {
  EffectId id;
  typename Ledger<L>::Request request;
  Late late{};  // of its first statement
  auto fields() const { return std::tie(id, request, late); }
};
struct RunSlot {
  std::uint32_t slot = 0;
  EffectId id;  // a slot that is used anew is not run for its old request
  auto fields() const { return std::tie(slot, id); }
};
struct LockTimeout {
  std::uint32_t slot = 0;
  EffectId id;
  auto fields() const { return std::tie(slot, id); }
};
struct Disconnect {
  auto fields() const { return std::tie(); }
};
struct SetDown {
  bool down = false;
  auto fields() const { return std::tie(down); }
};

// From now on the data of this order is refused, or taken again.
struct SetRefused {
  OrderId order;
  bool refused = false;
  auto fields() const { return std::tie(order, refused); }
};

// --- to a topic ---

struct Fetch {
  EffectId id;
  FetchRequest request;
  auto fields() const { return std::tie(id, request); }
};
struct ProduceRequest {
  EffectId id;
  std::vector<Message> messages;
  auto fields() const { return std::tie(id, messages); }
};
struct CommitRequest {
  EffectId id;
  MemberId member;
  std::uint32_t generation = 0;
  FlatMap<Partition, Offset> next;
  auto fields() const { return std::tie(id, member, generation, next); }
};
struct MemberMissed {
  MemberId member;
  auto fields() const { return std::tie(member); }
};
struct Poison {
  Partition partition;
  PoisonKind kind = PoisonKind::kNotJson;
  auto fields() const { return std::tie(partition, kind); }
};
struct Forge {
  OrderId order;
  auto fields() const { return std::tie(order); }
};
struct Rewind {
  auto fields() const { return std::tie(); }
};
// From now on no record of this order is taken.
struct Bar {
  OrderId order;
  auto fields() const { return std::tie(order); }
};
struct Lose {
  auto fields() const { return std::tie(); }
};

// --- to an operator: a person, who gives one command after the other, each a process of its own ---

struct Task {
  bool republishes = false;  // else redrives
  bool again = false;
  bool force = false;
  std::optional<Instant> since;
  auto fields() const { return std::tie(republishes, again, force, since); }
};
struct CommandEnded {
  auto fields() const { return std::tie(); }
};

// --- a process of Orders that has begun looks for what it needs; stale where another incarnation asked ---

struct Look {  // from its front to its database
  std::uint32_t incarnation = 0;
  auto fields() const { return std::tie(incarnation); }
};
struct Looked {  // and back
  std::uint32_t incarnation = 0;
  bool found = false;
  auto fields() const { return std::tie(incarnation, found); }
};
struct LookAgain {
  std::uint32_t incarnation = 0;
  auto fields() const { return std::tie(incarnation); }
};
struct PartitionsAssigned {  // from its delivery
  std::uint32_t incarnation = 0;
  auto fields() const { return std::tie(incarnation); }
};

// --- to a process ---

struct Crash {
  Duration down;
  auto fields() const { return std::tie(down); }
};
struct Restart {
  auto fields() const { return std::tie(); }
};

// --- Orders asks Inventory for the menu: a machine, a process of Inventory, its database, and back ---

struct MenuAsked {
  EffectId id;
  auto fields() const { return std::tie(id); }
};
struct MenuQuery {
  std::uint32_t caller = 0;
  EffectId id;
  std::uint32_t incarnation = 0;  // of the process that asks the database
  auto fields() const { return std::tie(caller, id, incarnation); }
};
struct MenuFound {
  std::uint32_t caller = 0;
  EffectId id;
  std::uint32_t incarnation = 0;
  AskMenuAnswer answer;
  auto fields() const { return std::tie(caller, id, incarnation, answer); }
};

// --- between a client and a front ---

struct HttpArrives {
  RequestId request;
  std::uint32_t job = 0;  // of Config::jobs: which request it is
  Version seen;           // the newest of the job's order that the client had been shown when it asked; 0: none
  auto fields() const { return std::tie(request, job, seen); }
};
struct HttpReturns {
  RequestId request;
  int status = 0;
  bool terminal = false;  // the job's order is shown to be CONFIRMED or CANCELLED
  Version shown;          // of the job's order; 0: it is not shown
  auto fields() const { return std::tie(request, status, terminal, shown); }
};
struct CommandDone {  // from Intake to its front
  RequestId request;
  CommandOutcome outcome;
  auto fields() const { return std::tie(request, outcome); }
};
struct ReadDone {  // from Reader to its front
  RequestId request;
  HttpAnswer answer;
  auto fields() const { return std::tie(request, answer); }
};
struct QueueFull {  // from a machine's part to its front
  RequestId request;
  auto fields() const { return std::tie(request); }
};
struct DeadlineCheck {
  auto fields() const { return std::tie(); }
};
// The replica has said that it is ready, or is not any more: a Service knows at once, and sends it requests or not.
struct ReplicaTurned {
  std::uint32_t replica = 0;
  bool ready = false;
  auto fields() const { return std::tie(replica, ready); }
};
struct StartJob {
  std::uint32_t job = 0;
  auto fields() const { return std::tie(job); }
};
struct RetryJob {
  std::uint32_t job = 0;
  std::uint32_t attempt = 0;
  auto fields() const { return std::tie(job, attempt); }
};

// --- to the monitor ---

struct PostArrived {
  OrderId order;
  auto fields() const { return std::tie(order); }
};
struct PostReplied {
  OrderId order;
  int status = 0;
  auto fields() const { return std::tie(order, status); }
};

// The database was told to refuse this order's data.
struct Refusable {
  OrderId order;
  auto fields() const { return std::tie(order); }
};
// An order has expired.
struct OrderExpired {
  auto fields() const { return std::tie(); }
};
// A process of Inventory has started or ended.
struct InventoryTurned {
  bool up = false;
  auto fields() const { return std::tie(up); }
};
struct CancelReplied {
  OrderId order;
  int status = 0;
  auto fields() const { return std::tie(order, status); }
};
struct MenuShown {
  UserId user;
  int status = 0;
  bool stale = false;
  auto fields() const { return std::tie(user, status, stale); }
};

// What an event says.
using Saying = std::variant<Begin, Kill, Offer<Intake>, Offer<Reader>, Offer<Relay>, AnswerTo<Intake>, AnswerTo<Reader>,
                            AnswerTo<Relay>, AnswerTo<Delivery<OrdersService>>, AnswerTo<Delivery<InventoryService>>, Timeout, Fetched,
                            ProduceReply, CommitReply, Query<OrdersLedger>, Query<InventoryLedger>, RunSlot, LockTimeout, Disconnect,
                            SetDown, Fetch, ProduceRequest, CommitRequest, MemberMissed, Poison, Rewind, Crash, Restart, HttpArrives,
                            HttpReturns, CommandDone, ReadDone, QueueFull, DeadlineCheck, StartJob, RetryJob, PostArrived, PostReplied,
                            AnswerTo<Sweeper<OrdersService>>, AnswerTo<Sweeper<InventoryService>>, OrderExpired, InventoryTurned,
                            CancelReplied, Forge, Offer<Menu>, AnswerTo<Menu>, MenuAsked, MenuQuery, MenuFound, MenuShown, Leave,
                            AnswerTo<Redriver<OrdersService>>, AnswerTo<Redriver<InventoryService>>, AnswerTo<Republisher>, Task,
                            CommandEnded, SetRefused, Bar, Lose, Refusable, ReplicaTurned, Look, Looked, LookAgain, PartitionsAssigned>;

template <std::size_t... I>
constexpr std::array<bool, sizeof...(I)> plain_sayings(std::index_sequence<I...>) {
  return {std::is_trivially_destructible_v<std::variant_alternative_t<I, Saying>>...};
}
// By alternative: nothing is to be done at its end.
inline constexpr auto kPlainSayings = plain_sayings(std::make_index_sequence<std::variant_size_v<Saying>>());
static_assert(std::is_nothrow_move_constructible_v<Saying>, "an event always says something");

// Who says what, of which an event is made; refers to it, and lasts no longer.
template <class What>
struct Said {
  std::uint32_t from;
  What&& what;
};
template <class What>
Said<What> said(std::uint32_t from, What&& what) {
  static_assert(!std::is_reference_v<What>, "what is said is moved from");
  return {from, std::move(what)};
}

// Made of what is said while its kind is known: to move it or to end it afterwards means to look up which of sixty it is. Copied and
// moved in event.cc, and nowhere else: that is much code. One that is made by default is a place for another.
struct Event {
  std::uint32_t from = 0;
  union {
    Saying what;
  };

  Event() : what() {}
  Event(std::uint32_t f, Saying&& w) noexcept : from(f), what(std::move(w)) {}
  template <class What>
  explicit Event(Said<What>&& said) noexcept : from(said.from), what(std::in_place_type<What>, std::move(said.what)) {}
  Event(const Event&);
  Event(Event&&) noexcept;
  Event& operator=(const Event&);
  Event& operator=(Event&&) noexcept;
  ~Event() {
    if (!kPlainSayings[what.index()]) std::destroy_at(&what);
  }

  auto fields() const { return std::tie(from, what); }
};

}  // namespace quickbite::sim
