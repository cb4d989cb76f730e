// An operator's statements, as the model of PostgreSQL answers them: of one snapshot, without a lock.
#pragma once

#include "domain/port/letters.h"
#include "domain/port/tables.h"

namespace quickbite::sim {

// The row, without its bytes.
Announcement announcement_of(const OutboxRow& row);

LettersFound find_letters(const FlatMap<OutboxSeq, OutboxRow>& outbox, const FlatMap<EventId, ProcessedRow>& processed,
                          const FindLetters& find);

}  // namespace quickbite::sim
