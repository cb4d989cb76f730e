// Delta: what one step changed, as facts. A step commits at most one transaction, so the rows of a Delta are of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/inventory/reservation.h"
#include "domain/message/handled.h"
#include "domain/message/record.h"
#include "domain/order/order.h"
#include "domain/port/lease.h"

namespace quickbite::property {

enum class Service : std::uint8_t { kOrders, kInventory };

struct OrderWritten {
  OrderId order;
  std::optional<OrderStatus> before;  // none: inserted
  OrderStatus after = OrderStatus::kPending;
  Version version_before;
  auto fields() const { return std::tie(order, before, after, version_before); }
};
struct HistoryAppended {
  OrderId order;
  EventId cause;
  auto fields() const { return std::tie(order, cause); }
};
struct ReservationWritten {
  OrderId order;
  std::optional<ReservationState> before;  // none: inserted
  ReservationState after = ReservationState::kReserved;
  auto fields() const { return std::tie(order, before, after); }
};
struct StockWritten {
  Sku sku;
  Quantity available_before;  // 0, like `reserved_before`, where the row is new
  Quantity reserved_before;
  auto fields() const { return std::tie(sku, available_before, reserved_before); }
};
struct MovementAppended {
  Sku sku;
  EventId cause;
  auto fields() const { return std::tie(sku, cause); }
};
struct ProcessedInserted {
  Service service = Service::kOrders;
  EventId id;
  Handled handled = Handled::kApplied;
  auto fields() const { return std::tie(service, id, handled); }
};
struct OutboxInserted {
  Service service = Service::kOrders;
  OutboxSeq seq;
  EventId id;
  auto fields() const { return std::tie(service, seq, id); }
};
// As sent, or as parked; under which epoch.
struct OutboxMarked {
  Service service = Service::kOrders;
  OutboxSeq seq;
  Epoch epoch;
  auto fields() const { return std::tie(service, seq, epoch); }
};
struct RecordAppended {
  Topic topic = Topic::kOrders;
  Partition partition;
  Offset offset;
  auto fields() const { return std::tie(topic, partition, offset); }
};
struct OffsetCommitted {
  Topic topic = Topic::kOrders;
  Partition partition;
  std::optional<Offset> before;
  Offset after;
  auto fields() const { return std::tie(topic, partition, before, after); }
};
// An answer to a POST is handed to the network. `accepted`: 2xx; `refused`: a definite failure; neither: unknown (504, 500).
struct PostAnswered {
  OrderId order;
  int status = 0;
  bool accepted = false;
  bool refused = false;
  auto fields() const { return std::tie(order, status, accepted, refused); }
};

// An answer that is handed to the network shows an order. `seen`: the newest version that its caller had been shown when he
// asked; 0 where nobody knows.
struct OrderShown {
  OrderId order;
  Version version;
  Version seen;
  UserId caller;
  auto fields() const { return std::tie(order, version, seen, caller); }
};
// A long-poll for a version other than `known`, asked for at `asked`, is answered, whatever with.
struct LongPollAnswered {
  OrderId order;
  Version known;
  Instant asked;
  Instant at;
  auto fields() const { return std::tie(order, known, asked, at); }
};

// A request is answered 503 or 504 by a replica of Orders that had said, when it came, that it was ready. `said`: when it had;
// `found`: when it had first found its database, since its process began; none: not yet.
struct RequestFailed {
  OrderId order;  // nil: it is about none
  int status = 0;
  Instant said;
  std::optional<Instant> found;
  auto fields() const { return std::tie(order, status, said, found); }
};

using Fact = std::variant<OrderWritten, HistoryAppended, ReservationWritten, StockWritten, MovementAppended, ProcessedInserted,
                          OutboxInserted, OutboxMarked, RecordAppended, OffsetCommitted, PostAnswered, OrderShown, LongPollAnswered,
                          RequestFailed>;

// Bit i is set where a fact of the i-th alternative of Fact is there; a property declares which bits it looks at.
using Mask = std::uint32_t;

template <class F, std::size_t I = 0>
constexpr Mask mask_of() {
  if constexpr (std::is_same_v<std::variant_alternative_t<I, Fact>, F>) {
    return Mask{1} << I;
  } else {
    return mask_of<F, I + 1>();
  }
}

struct Delta {
  std::vector<Fact> facts;
  Mask mask = 0;

  template <class F>
  void add(F fact) {
    mask |= mask_of<F>();
    facts.emplace_back(std::in_place_type<F>, std::move(fact));
  }
  void add(Fact fact) {
    mask |= Mask{1} << fact.index();
    facts.push_back(std::move(fact));
  }
  void clear() {
    facts.clear();
    mask = 0;
  }
  bool empty() const { return facts.empty(); }
};

}  // namespace quickbite::property
