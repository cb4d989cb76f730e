// Dead letters: what becomes of a record that can never be handled. An outbox row for `*.dlq.v1`,
// written in the transaction that records it as handled, so it is as durable as everything else.
//
// Its id is derived from the record's coordinates and bytes, so a redelivery finds it written
// already: it exists once. It keeps the record's key, value and headers as they were.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/base/bytes.h"
#include "domain/base/ids.h"
#include "domain/base/time.h"
#include "domain/message/record.h"
#include "domain/port/rows.h"

namespace quickbite {

inline constexpr std::string_view kDeadLetterType = "DeadLetter";

// The headers of a dead letter. They stand before the record's own, so that `header` finds ours
// even where a stranger's record carried the same names; the relay puts `event-id` and `type`
// before all of them.
inline constexpr std::string_view kDeadLetterTopicHeader = "dlq-topic";
inline constexpr std::string_view kDeadLetterPartitionHeader = "dlq-partition";
inline constexpr std::string_view kDeadLetterOffsetHeader = "dlq-offset";
inline constexpr std::string_view kDeadLetterReasonHeader = "dlq-reason";
inline constexpr std::string_view kDeadLetterErrorHeader = "dlq-error";
inline constexpr std::size_t kDeadLetterHeaders = 5;

// The reasons beside to_string(MalformedReason).
inline constexpr std::string_view kReasonConflictingLines = "CONFLICTING_LINES";
inline constexpr std::string_view kReasonRefused =
    "REFUSED";  // followed by a space and the SQLSTATE

std::string refused_reason(std::string_view sqlstate);  // "REFUSED 22001"

// UUIDv5 of (topic, partition, offset, hash of the bytes) in the namespace of the cluster, which
// names the broker's incarnation: the same coordinates in a log that was made anew are another
// record.
//
// A redriven record has the id of the letter that it was redriven from, so that its second failure
// finds that one written. Its headers say which; that its own bytes give that very id is the proof,
// so that no stranger can have a record pass for handled under an id of his choice.
EventId dead_letter_id(const Uuid& cluster, const Record& record);

// The id of the letter that a record with these coordinates and bytes may have become when it was
// delivered before, whether or not this version, or the database as it is now, would refuse it.
// Other than dead_letter_id of a redriven record: its own coordinates are those of no letter.
EventId dead_letter_id_here(const Uuid& cluster, const Record& record);

// The outbox row of `record`'s dead letter under `id`; `seq` is left to the database. `error` is
// for a person. The same transaction inserts the ProcessedRow of `id` with kDeadLettered and the
// record's coordinates.
OutboxRow dead_letter(const Record& record, const EventId& id, std::string_view reason,
                      std::string_view error, Instant now);

// Where a dead letter's record stands and why it was refused, as its headers say.
struct DeadLetterOrigin {
  Topic topic = Topic::kOrders;
  Partition partition;
  Offset offset;
  std::string_view reason;  // into the headers
};

// Nullopt where a header is missing or is not what `dead_letter` writes.
std::optional<DeadLetterOrigin> dead_letter_origin(const Headers& headers);

}  // namespace quickbite
