#include <algorithm>
#include <string_view>

#include "domain/port/dead_letter.h"
#include "domain/port/letters.h"

namespace quickbite {

bool selects(const LetterFilter& filter, const OutboxRow& row) {
  if (row.type != kDeadLetterType) return false;
  if (!filter.ids.empty() && std::find(filter.ids.begin(), filter.ids.end(), row.id) == filter.ids.end()) return false;
  if (filter.topic && row.topic != dead_letter_topic(*filter.topic)) return false;
  const std::string_view reason = header(row.headers, kDeadLetterReasonHeader).value_or("");
  if (reason.substr(0, filter.reason.size()) != filter.reason) return false;
  if (filter.key && row.key != filter.key) return false;
  const bool holds = row.payload.view().find(filter.text) != std::string_view::npos ||
                     (row.key && row.key->find(filter.text) != std::string::npos);
  if (!holds) return false;
  return (!filter.since || *filter.since <= row.created_at) && (!filter.until || row.created_at < *filter.until);
}

}  // namespace quickbite
