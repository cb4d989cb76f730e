// Redrives: the record of a dead letter goes to its topic once more, after what refused it was mended.
//
// A redrive is an outbox row like any other, under an id derived from the letter's, so a redrive that is asked for twice, or
// broken off and begun again, is sent once. It carries the letter's id and where the record stood first; by those a consumer
// that still cannot handle it finds the letter written already (`dead_letter_id`).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "domain/message/wire.h"
#include "domain/port/rows.h"
#include "domain/port/trail.h"

namespace quickbite {

inline constexpr std::string_view kRedriveType = "Redrive";

// The headers of a redriven record. They stand before its own, as a dead letter's do.
inline constexpr std::string_view kRedriveOfHeader = "redrive-of";  // the letter's id
inline constexpr std::string_view kRedriveTopicHeader = "redrive-topic";
inline constexpr std::string_view kRedrivePartitionHeader = "redrive-partition";
inline constexpr std::string_view kRedriveOffsetHeader = "redrive-offset";
inline constexpr std::size_t kRedriveHeaders = 4;

inline constexpr std::int64_t kRedrivesMax = 16;  // of one letter, ever

// Of what a record says that it is a redrive. A stranger may write anything here: `dead_letter_id` proves it by the bytes.
struct RedriveOrigin {
  EventId letter;
  Topic topic = Topic::kOrders;
  Partition partition;
  Offset offset;

  friend bool operator==(const RedriveOrigin&, const RedriveOrigin&) = default;
};

// Nullopt where a header is missing or is not what `redrive` writes.
std::optional<RedriveOrigin> redrive_origin(const Headers& headers);

// Of the `nth` redrive of that letter, from 1.
EventId redrive_id(const EventId& letter, std::int64_t nth);

// The record that this outbox row is the dead letter of, as it was. Nullopt where it is no dead letter, or has not its headers.
std::optional<Record> record_of(const OutboxRow& letter);

// The outbox row of the letter's `nth` redrive; `seq` is left to the database. Nullopt as `record_of`.
std::optional<OutboxRow> redrive(const OutboxRow& letter, std::int64_t nth, Instant now);

// A dead letter, and what came of it.
struct LetterFound {
  OutboxRow letter;
  std::vector<Announcement> redrives;    // in their order; those whose retention is over are missing
  std::optional<ProcessedRow> handled;   // of the event that its bytes are, where they are one

  auto fields() const { return std::tie(letter, redrives, handled); }
};

// The event id under which a letter's record would be recorded as handled; nullopt where this version cannot read it.
std::optional<EventId> event_of_letter(const OutboxRow& letter);

struct RedriveMode {
  bool again = false;  // also what was redriven before, and of which nothing is known to have come
  bool force = false;  // also what is handled already, and what this version cannot read

  auto fields() const { return std::tie(again, force); }
};

enum class RedriveVerdict : std::uint8_t {
  kSend,
  kHandled,     // its event was handled: there is nothing left to do
  kUnderWay,    // its last redrive is not in the topic yet
  kSent,        // its last redrive was sent; nobody has handled it yet, or it failed again
  kUnreadable,  // this version would dead-letter it again
  kSpent,       // it was redriven kRedrivesMax times
  kNoLetter,    // its headers are not those of a dead letter
};
inline constexpr int kRedriveVerdicts = 7;

std::string_view to_string(RedriveVerdict verdict);  // send, handled, under-way, sent, unreadable, spent, no-letter

// What is to be done about the letter. Total; the same letter and the same rows give the same verdict.
RedriveVerdict decide_redrive(const LetterFound& letter, const RedriveMode& mode);

// Of its next redrive, from 1.
std::int64_t next_redrive(const LetterFound& letter);

}  // namespace quickbite
