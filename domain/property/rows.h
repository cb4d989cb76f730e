// How the properties look rows up: by service, by what a delta appended, by what a key names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/ids.h"
#include "domain/message/event.h"
#include "domain/message/record.h"
#include "domain/port/rows.h"
#include "domain/property/delta.h"
#include "domain/property/property.h"
#include "domain/property/view.h"

namespace quickbite::property {

using Outbox = Table<OutboxSeq, OutboxRow>;
using ProcessedRows = Table<EventId, ProcessedRow>;

constexpr Service kServices[] = {Service::kOrders, Service::kInventory};

std::string_view to_string(Service service);  // Orders, Inventory

// Orders reads what Inventory says, and the other way about.
constexpr Topic consumed_by(Service service) {
  return service == Service::kOrders ? Topic::kInventory : Topic::kOrders;
}
// Of a topic that is consumed: not of a dead-letter topic.
constexpr std::optional<Service> consumer_of(Topic topic) {
  if (topic == Topic::kOrders) return Service::kInventory;
  if (topic == Topic::kInventory) return Service::kOrders;
  return std::nullopt;
}

inline const Outbox& outbox_of(const View& view, Service service) {
  return service == Service::kOrders ? view.orders->outbox : view.inventory->outbox;
}
inline const ProcessedRows& processed_of(const View& view, Service service) {
  return service == Service::kOrders ? view.orders->processed : view.inventory->processed;
}

// The delta's facts of one kind, in their order: calls `look(fact)` for each.
template <class F, class Look>
void each(const Delta& delta, Look look) {
  if ((delta.mask & mask_of<F>()) == 0) return;
  for (const Fact& fact : delta.facts) {
    if (const F* one = std::get_if<F>(&fact)) look(*one);
  }
}

// The first fact of one kind that `test(fact)` holds for, or null.
template <class F, class Test>
const F* first(const Delta& delta, Test test) {
  if ((delta.mask & mask_of<F>()) == 0) return nullptr;
  for (const Fact& fact : delta.facts) {
    const F* one = std::get_if<F>(&fact);
    if (one != nullptr && test(*one)) return one;
  }
  return nullptr;
}

template <class F>
std::size_t count(const Delta& delta) {
  std::size_t n = 0;
  each<F>(delta, [&](const F&) { ++n; });
  return n;
}

// What the delta appended to a table in commit order: as many rows as it has such facts, and they
// stand last.
template <class F, class Row>
std::span<const Row> appended(const Delta& delta, const std::vector<Row>& rows) {
  const std::size_t n = std::min(count<F>(delta), rows.size());
  return std::span<const Row>(rows).last(n);
}

// Dedupe rows and sent rows of before then may have been swept; nothing: none was.
inline Instant swept_before(const View& view, Service service) {
  return service == Service::kOrders ? view.orders->swept : view.inventory->swept;
}

// The row of a number that was just given: it stands at or near the end.
const OutboxRow* newest_row(const Outbox& outbox, OutboxSeq seq);

// True where `key` is the text of the order's id.
bool names(const std::optional<std::string>& key, const OrderId& order);

// On a dead letter's topic, shard or under its type; a well-formed one is all three.
bool is_dead_letter(const OutboxRow& row);

// A row that sends a dead letter's record once more.
bool is_redrive(const OutboxRow& row);

// True where the record says that it is a redrive, and is one: the letter is there, of the record that it names, with its bytes.
bool is_redrive_of_letter(const View& view, Service service, const Message& message);

// The dead letters of the order's records that the service has: rows of its outbox, and what lies in the topic alone since its row
// has passed its retention. One that is in both is there twice.
std::vector<OutboxRow> letters_of(const View& view, Service service, const OrderId& order);

// True where the broker will never take a record under the order's key.
bool is_parked(const View& view, Service service, const OrderId& order);

// True where an operator has the order in hand: the broker will never take a record under its key, or a record that was to tell of
// it is a dead letter of which nothing has come yet.
bool in_hand(const View& view, const OrderId& order);

bool stands_at(const ProcessedRow& row, Topic topic, Partition partition, Offset offset);

// The record at these coordinates, or null where the log is not known, does not keep it any more,
// or has not come so far.
const Record* record_at(const View& view, Topic topic, Partition partition, Offset offset);

// Whether an OrderCreated of these lines contradicts what Inventory knows of the order, so that it
// is a dead letter.
bool contradicts(const View& view, const OrderCreated& created);

// A violation whose text is these parts, one after the other.
std::optional<Violation> broken(std::string_view property,
                                std::initializer_list<std::string_view> parts);

std::string coordinates(Topic topic, Partition partition, Offset offset);  // "orders.v1/0@12"

}  // namespace quickbite::property
