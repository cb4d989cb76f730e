#include "sim/model/letters.h"

#include <algorithm>
#include <utility>

namespace quickbite::sim {

Announcement announcement_of(const OutboxRow& row) {
  return {row.id, row.type, row.topic, row.created_at, row.sent, row.parked};
}

LettersFound find_letters(const Table<OutboxSeq, OutboxRow>& outbox, const Table<EventId, ProcessedRow>& processed,
                          const FindLetters& find) {
  LettersFound found;
  for (const auto& [seq, row] : outbox) {
    if (!(find.after < seq) || !selects(find.filter, row)) continue;
    if (static_cast<std::int64_t>(found.letters.size()) >= find.limit) break;
    LetterFound letter;
    letter.letter = row;
    for (std::int64_t nth = 1; nth <= kRedrivesMax; ++nth) {
      const EventId id = redrive_id(row.id, nth);
      for (const auto& [other_seq, other] : outbox) {
        if (other.id == id) letter.redrives.push_back(announcement_of(other));
      }
    }
    if (const auto event = event_of_letter(row)) {
      if (const ProcessedRow* handled = processed.find(*event)) letter.handled = *handled;
    }
    found.letters.push_back(std::move(letter));
  }
  return found;
}

std::vector<OutboxSeq> chosen_for_resend(const Table<OutboxSeq, OutboxRow>& outbox, const Resend& resend, Instant until) {
  const ResendFilter& filter = resend.filter;
  std::vector<std::pair<Instant, OutboxSeq>> chosen;
  for (const auto& [seq, row] : outbox) {
    if (!row.sent || !(row.sent_at < until)) continue;
    if (filter.topic && row.topic != *filter.topic) continue;
    if (filter.since && row.sent_at < *filter.since) continue;
    const bool named = filter.events.empty() ||
                       std::find(filter.events.begin(), filter.events.end(), row.id) != filter.events.end();
    if (named) chosen.emplace_back(row.sent_at, seq);
  }
  std::sort(chosen.begin(), chosen.end());
  if (static_cast<std::int64_t>(chosen.size()) > resend.limit) chosen.resize(static_cast<std::size_t>(resend.limit));
  std::vector<OutboxSeq> rows;
  for (const auto& [at, seq] : chosen) rows.push_back(seq);
  return rows;
}

}  // namespace quickbite::sim
