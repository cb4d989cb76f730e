// The Broker port: Kafka as the machines see it.
//
// At least once: a record may come again (after a crash, a rebalance, a rewind, a failed offset commit), never out of its
// partition's order within one assignment. Assignment changes ride on Polled, never between two polls. Positions are the
// client's own; a committed offset is the next one to read. New groups start at the earliest offset.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "domain/base/flat_map.h"
#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/record.h"
#include "domain/message/wire.h"

namespace quickbite {

// Returns at once where there are records or an assignment change; else by `until` at the latest, with neither.
struct Poll {
  std::int64_t limit = 0;                // records, at most
  Instant until;                         // of the machine's clock
  bool paused = false;                   // fetch nothing, but keep the group's membership alive
  FlatMap<Partition, Offset> seeks;      // positions to set first, of partitions still assigned
  auto fields() const { return std::tie(limit, until, paused, seeks); }
};

struct Received {
  std::shared_ptr<const Record> record;    // never null; shared by whoever keeps it, as its bytes are
  std::shared_ptr<const Decoded> decoded;  // decode_record(record->message), made beside `perform`; never null
  auto fields() const { return std::tie(*record); }
};
inline Received received(Record record) {
  auto decoded = std::make_shared<const Decoded>(decode_record(record.message));
  return {std::make_shared<const Record>(std::move(record)), std::move(decoded)};
}

struct Polled {
  std::vector<Partition> revoked;    // no longer ours; before `assigned` in time
  std::vector<Partition> assigned;   // newly ours; positions start at the committed offset
  std::vector<Received> records;     // by partition, offsets ascending within one; only of assigned partitions
  auto fields() const { return std::tie(revoked, assigned, records); }
};

// Synchronous and bounded. Failure is no reason to retry: the next commit supersedes it.
struct CommitOffsets {
  FlatMap<Partition, Offset> next;  // of the service's one consumed topic
  auto fields() const { return std::tie(next); }
};
struct OffsetsCommitted {
  auto fields() const { return std::tie(); }
};
struct CommitFailed {
  auto fields() const { return std::tie(); }
};
using CommitAnswer = std::variant<OffsetsCommitted, CommitFailed>;

struct Produce {
  std::vector<Message> messages;  // at most one of each key
  auto fields() const { return std::tie(messages); }
};
struct Acked {
  Partition partition;
  Offset offset;
  auto fields() const { return std::tie(partition, offset); }
};
// The broker will never take it: too large, not authorised, no such topic or partition.
struct Undeliverable {
  std::string reason;
  auto fields() const { return std::tie(reason); }
};
// Timed out or failed in a way that leaves it open; sent again, the same event, later.
struct MaybePersisted {
  auto fields() const { return std::tie(); }
};
using ProduceOutcome = std::variant<Acked, Undeliverable, MaybePersisted>;
struct Produced {
  std::vector<ProduceOutcome> outcomes;  // one for each message, in their order
  auto fields() const { return std::tie(outcomes); }
};

}  // namespace quickbite
