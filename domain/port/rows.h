// The rows that both services keep beside their own: what was handled, and what is to be sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

#include "domain/base/bytes.h"
#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/handled.h"
#include "domain/message/record.h"

namespace quickbite {

// Every handled record leaves one of these, under its event id (or its dead letter's id).
struct ProcessedRow {
  EventId id;
  Topic topic = Topic::kOrders;  // where it was first handled
  Partition partition;
  Offset offset;
  Handled handled = Handled::kApplied;
  Instant at;

  auto fields() const { return std::tie(id, topic, partition, offset, handled, at); }
  friend bool operator==(const ProcessedRow& a, const ProcessedRow& b) { return a.fields() == b.fields(); }
};

inline constexpr std::int32_t kShards = 16;          // of orders' keys
inline constexpr Shard kDeadLetterShard{kShards};    // dead letters have a shard of their own
inline constexpr std::int32_t kAllShards = kShards + 1;

struct SentAt {
  Partition partition;
  Offset offset;

  auto fields() const { return std::tie(partition, offset); }
  friend bool operator==(const SentAt& a, const SentAt& b) { return a.fields() == b.fields(); }
};

// One event to be published. `seq` is given by the database at insert: unique, growing, with gaps, and visible out of order.
struct OutboxRow {
  OutboxSeq seq;
  EventId id;
  Shard shard;
  Topic topic = Topic::kOrders;
  std::optional<std::string> key;  // the order id's text; a dead letter keeps the record's own key
  std::string type;                // event type, or "DeadLetter"
  Bytes payload;
  Headers headers;  // beyond event-id and type, which the relay adds
  Instant created_at;
  std::optional<SentAt> sent;  // where the broker acknowledged it
  bool parked = false;         // undeliverable: waits, with its key, for an operator
  Instant sent_at;             // when it was marked as sent, by the database's clock; nothing where it was not

  auto fields() const {
    return std::tie(seq, id, shard, topic, key, type, payload, headers, created_at, sent, parked, sent_at);
  }
  friend bool operator==(const OutboxRow& a, const OutboxRow& b) { return a.fields() == b.fields(); }
};

Shard shard_of(const OrderId& order);

}  // namespace quickbite
