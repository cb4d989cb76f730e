// An operator's statements, as the model of PostgreSQL answers them: of one snapshot, without a lock.
#pragma once

#include <memory>
#include <tuple>
#include <vector>

#include "domain/port/letters.h"
#include "domain/port/resend.h"
#include "domain/port/tables.h"

namespace quickbite::sim {

// A FindLetters on its way, in few bytes: its filter has many.
struct LettersAsked {
  std::shared_ptr<const FindLetters> find;  // never null
  auto fields() const { return std::tie(*find); }
};

// The row, without its bytes.
Announcement announcement_of(const OutboxRow& row);

LettersFound find_letters(const Table<OutboxSeq, OutboxRow>& outbox, const Table<EventId, ProcessedRow>& processed,
                          const FindLetters& find);

// The rows that a Resend chooses, the oldest sent first: sent before `until`, whether it says so or not.
std::vector<OutboxSeq> chosen_for_resend(const Table<OutboxSeq, OutboxRow>& outbox, const Resend& resend, Instant until);

}  // namespace quickbite::sim
