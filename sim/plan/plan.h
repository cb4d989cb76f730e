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

// --- acts: `at 20ms …` ---

// `client u1 orders burger 2, fries 1 key k1 as o1`. The label names the order in the rest of the plan.
struct PlaceAct {
  std::string client;
  Lines lines;
  std::optional<std::string> key;  // always sent by simulated clients; none: no key, and no retry either
  std::string label;
};
// `client u1 cancels o1`, once it knows the order's id.
struct CancelAct {
  std::string client;
  std::string label;
};
// `broker down for 300ms`
struct BrokerOutage {
  Duration length;
};
// `database orders down for 300ms`
struct DatabaseOutage {
  ServiceName service = ServiceName::kOrders;
  Duration length;
};
// `crash inventory 0 for 50ms`: the process ends, and starts again after that.
struct CrashAct {
  ServiceName service = ServiceName::kOrders;
  std::uint32_t replica = 0;
  Duration down;
};
// `poison orders.v1 partition 0 not-json`: a stranger's record is appended.
enum class PoisonKind : std::uint8_t { kTruncated, kNotJson, kWrongSchema, kWrongTypes, kDeepNesting, kInvalidUtf8, kHuge, kEmpty, kNullKey };
inline constexpr std::size_t kPoisonKinds = 9;
std::string_view to_string(PoisonKind kind);  // truncated, not-json, wrong-schema, wrong-types, deep-nesting, invalid-utf8, huge, empty, null-key
struct PoisonAct {
  Topic topic = Topic::kOrders;
  Partition partition;
  PoisonKind kind = PoisonKind::kNotJson;
};
// `rewind inventory.v1`: the group's committed offsets go back to the start.
struct RewindAct {
  Topic topic = Topic::kOrders;
};

struct Act {
  Instant at;
  std::variant<PlaceAct, CancelAct, BrokerOutage, DatabaseOutage, CrashAct, PoisonAct, RewindAct> what;
};

// --- rules: `when intake 0 store unanswered of o1 (nth 2): lose-answer` ---

struct Rule {
  Role role = Role::kIntake;
  std::optional<std::uint32_t> replica;  // none: any
  Verb verb = Verb::kStore;
  Phase phase = Phase::kBefore;
  std::optional<std::string> label;  // only of that order
  std::uint32_t nth = 1;             // of the moments that match, from 1
  Verdict verdict = Verdict::kCrash;
};

// --- expectations: `finally …`, when everything is at rest ---

struct OrderIs {  // `o1 CONFIRMED`, `o1 CANCELLED OUT_OF_STOCK`, `o1 absent`
  std::string label;
  std::optional<OrderStatus> status;  // none: absent
  std::optional<CancelReason> reason;
};
struct StockIs {  // `stock burger available 3 reserved 2`
  Sku sku;
  Quantity available;
  Quantity reserved;
};
struct TopicHas {  // `topic orders.v1 has 1 OrderCreated of o1`; `topic orders.dlq.v1 has 1 DeadLetter`
  Topic topic = Topic::kOrders;
  std::int64_t count = 0;
  std::string type;
  std::optional<std::string> label;
};
using Expectation = std::variant<OrderIs, StockIs, TopicHas>;

struct Shape {
  std::uint32_t orders = 1;      // replicas, 1..3
  std::uint32_t inventory = 1;   // replicas, 1..3
  std::int32_t partitions = 1;   // of orders.v1 and inventory.v1, 1..4
};

struct Plan {
  std::string title;                  // the first comment of the file
  std::vector<std::uint32_t> kills;   // `kills mutant 13`: mutants that this plan finds
  std::optional<std::uint64_t> seed;  // none: calm, every draw takes its first outcome. With one a scenario is fragile.
  Shape shape;
  struct Stock {
    Sku sku;
    Quantity quantity;
  };
  std::vector<Stock> stock;
  std::vector<Act> acts;    // in order of time
  std::vector<Rule> rules;
  std::vector<Expectation> expectations;
};

}  // namespace quickbite::sim
