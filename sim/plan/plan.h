// Plan: workload, faults and expectations of one run; a scenario file is a Plan written down.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/line.h"
#include "domain/message/reason.h"
#include "domain/message/record.h"
#include "domain/order/order.h"
#include "sim/fault/moment.h"

namespace quickbite::sim {

enum class ServiceName : std::uint8_t { kOrders, kInventory };
std::string_view to_string(ServiceName service);  // orders, inventory
std::optional<ServiceName> parse_service(std::string_view word);

// --- acts: `at 20ms …` ---

// `client u1 orders burger 2, fries 1 key k1 as o1`. The label names the order in the rest of the plan.
struct PlaceAct {
  std::string client;
  std::vector<Line> lines;
  std::optional<std::string> key;  // always sent by simulated clients; none: no key, and no retry either
  std::string label;
  friend bool operator==(const PlaceAct&, const PlaceAct&) = default;
};
// `client u1 cancels o1`, once it knows the order's id.
struct CancelAct {
  std::string client;
  std::string label;
  friend bool operator==(const CancelAct&, const CancelAct&) = default;
};
// `broker down for 300ms`
struct BrokerOutage {
  Duration length;
  friend bool operator==(const BrokerOutage&, const BrokerOutage&) = default;
};
// `database orders down for 300ms`
struct DatabaseOutage {
  ServiceName service = ServiceName::kOrders;
  Duration length;
  friend bool operator==(const DatabaseOutage&, const DatabaseOutage&) = default;
};
// `crash inventory 0 for 50ms`: the process ends, and starts again after that.
struct CrashAct {
  ServiceName service = ServiceName::kOrders;
  std::uint32_t replica = 0;
  Duration down;
  bool drains = false;  // `stop …`: as by SIGTERM, its relay gives up its shards before
  friend bool operator==(const CrashAct&, const CrashAct&) = default;
};
// `poison orders.v1 partition 0 not-json`: a stranger's record is appended.
enum class PoisonKind : std::uint8_t { kTruncated, kNotJson, kWrongSchema, kWrongTypes, kDeepNesting, kInvalidUtf8, kHuge, kEmpty, kNullKey, kForgedReserved };
inline constexpr std::size_t kPoisonKinds = 10;
std::string_view to_string(PoisonKind kind);  // truncated, not-json, wrong-schema, wrong-types, deep-nesting, invalid-utf8, huge, empty, null-key, forged-reserved (well-formed, of an order that nobody placed)
std::optional<PoisonKind> parse_poison(std::string_view word);
struct PoisonAct {
  Topic topic = Topic::kOrders;
  Partition partition;
  PoisonKind kind = PoisonKind::kNotJson;
  friend bool operator==(const PoisonAct&, const PoisonAct&) = default;
};
// `rewind inventory.v1`: the group's committed offsets go back to the start.
struct RewindAct {
  Topic topic = Topic::kOrders;
  friend bool operator==(const RewindAct&, const RewindAct&) = default;
};

// `forge cancel of u1 k1`: a stranger's OrderCancelled of the order that u1 is going to place with the key k1.
struct ForgeAct {
  std::string client;
  std::string key;
  friend bool operator==(const ForgeAct&, const ForgeAct&) = default;
};
// `client u1 reads menu`, again where no answer comes.
struct MenuAct {
  std::string client;
  friend bool operator==(const MenuAct&, const MenuAct&) = default;
};

// `operator redrives inventory again forced`: what a person does about dead letters (`quickbite dlq redrive`); begun again where it
// is broken off.
struct RedriveAct {
  ServiceName service = ServiceName::kOrders;  // whose letters
  bool again = false;                          // also those that were redriven before
  bool force = false;                          // also those that nobody can read: they fail again
  friend bool operator==(const RedriveAct&, const RedriveAct&) = default;
};
// `operator republishes orders since 100ms`: what was sent is sent again (`quickbite republish`).
struct RepublishAct {
  ServiceName service = ServiceName::kOrders;  // whose outbox
  std::optional<Instant> since;                // sent at or after
  friend bool operator==(const RepublishAct&, const RepublishAct&) = default;
};
// `database inventory refuses o1 for 300ms`: what the order's row would be is refused (22001) until the database is mended.
struct RefuseAct {
  ServiceName service = ServiceName::kInventory;
  std::string label;
  std::optional<Duration> length;  // none: for good
  friend bool operator==(const RefuseAct&, const RefuseAct&) = default;
};
// `broker refuses o1`: no record of that order is ever taken (too large, not authorised).
struct BarAct {
  std::string label;
  friend bool operator==(const BarAct&, const BarAct&) = default;
};
// `lose orders.v1`: the topic's records are gone, its offsets go on, and its consumers are set to what is left.
struct LoseAct {
  Topic topic = Topic::kOrders;
  friend bool operator==(const LoseAct&, const LoseAct&) = default;
};

struct Act {
  Instant at;
  std::variant<PlaceAct, CancelAct, BrokerOutage, DatabaseOutage, CrashAct, PoisonAct, RewindAct, ForgeAct,
               MenuAct, RedriveAct, RepublishAct, RefuseAct, BarAct, LoseAct> what;
  friend bool operator==(const Act&, const Act&) = default;
};

// --- rules: `when intake 0 store unanswered of o1 (nth 2): lose-answer` ---

struct Rule {
  Role role = Role::kIntake;
  std::optional<std::uint32_t> replica;  // of a client: its place in clients_of(plan); none: any
  Verb verb = Verb::kStore;
  Phase phase = Phase::kBefore;
  std::optional<std::string> label;  // only of that order
  std::uint32_t nth = 1;             // of the moments that match, from 1
  Verdict verdict = Verdict::kCrash;
  Duration length{};                 // of kDelay: by how much; of kDuplicate: how long after the first the second arrives
  friend bool operator==(const Rule&, const Rule&) = default;
};

// --- expectations: `finally …`, when everything is at rest ---

struct OrderIs {  // `o1 CONFIRMED`, `o1 CANCELLED OUT_OF_STOCK`, `o1 absent`
  std::string label;
  std::optional<OrderStatus> status;  // none: absent
  std::optional<CancelReason> reason;
  friend bool operator==(const OrderIs&, const OrderIs&) = default;
};
struct StockIs {  // `stock burger available 3 reserved 2`
  Sku sku;
  Quantity available;
  Quantity reserved;
  friend bool operator==(const StockIs&, const StockIs&) = default;
};
struct TopicHas {  // `topic orders.v1 has 1 OrderCreated of o1`; `topic orders.dlq.v1 has 1 DeadLetter`
  Topic topic = Topic::kOrders;
  std::int64_t count = 0;
  std::string type;
  std::optional<std::string> label;
  friend bool operator==(const TopicHas&, const TopicHas&) = default;
};
struct CancelAnswered {  // `o1 cancel answered 200`: what its customer was told last
  std::string label;
  int status = 200;
  friend bool operator==(const CancelAnswered&, const CancelAnswered&) = default;
};
struct MenuIs {  // `menu of u1 stale`: the last that Orders served to this client
  std::string client;
  bool stale = false;
  friend bool operator==(const MenuIs&, const MenuIs&) = default;
};
using Expectation = std::variant<OrderIs, StockIs, TopicHas, CancelAnswered, MenuIs>;

struct Shape {
  std::uint32_t orders = 1;      // replicas, 1..3
  std::uint32_t inventory = 1;   // replicas, 1..3
  std::int32_t partitions = 1;   // of orders.v1 and inventory.v1, 1..4
  friend bool operator==(const Shape&, const Shape&) = default;
};

struct Plan {
  std::string title;                  // the first comment of the file
  std::vector<std::uint32_t> kills;   // `kills mutant 13`: mutants that this plan finds
  std::optional<std::uint64_t> seed;  // none: calm, every draw takes its first outcome. With one a scenario is fragile.
  Shape shape;
  struct Stock {
    Sku sku;
    Quantity quantity;
    friend bool operator==(const Stock&, const Stock&) = default;
  };
  std::vector<Stock> stock;
  std::optional<Duration> deadline;  // of every order: PENDING for longer, and it expires; none: the options' own
  std::vector<Act> acts;    // in order of time
  std::vector<Rule> rules;
  std::vector<Expectation> expectations;
  friend bool operator==(const Plan&, const Plan&) = default;
};

// The plan's clients, in the order in which they first order something or read the menu: a client's number in a Moment.
std::vector<std::string> clients_of(const Plan& plan);

}  // namespace quickbite::sim
