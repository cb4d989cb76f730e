#include "domain/property/rest.h"

#include <algorithm>

#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

bool behind_parked(const Outbox& outbox, const OutboxRow& row) {
  return row.key && std::any_of(outbox.begin(), outbox.end(), [&](const auto& entry) {
           return entry.second.parked && entry.first < row.seq && entry.second.key == row.key;
         });
}

}  // namespace

const OutboxRow* row_waiting(const View& view) {
  for (const Service service : kServices) {
    const Outbox& outbox = outbox_of(view, service);
    for (const auto& [seq, row] : outbox) {
      if (!row.sent && !row.parked && !behind_parked(outbox, row)) return &row;
    }
  }
  return nullptr;
}

const LogView* log_lagging(const View& view) {
  for (const LogView& log : view.logs) {
    if (!consumer_of(log.topic)) continue;
    const Offset end(log.start.value + static_cast<std::int64_t>(log.records.size()));
    if (log.committed.value_or(log.start) < end) return &log;
  }
  return nullptr;
}

bool outboxes_empty(const View& view) {
  return std::all_of(std::begin(kServices), std::end(kServices), [&](Service service) {
    const Outbox& outbox = outbox_of(view, service);
    return std::all_of(outbox.begin(), outbox.end(),
                       [](const auto& entry) { return entry.second.sent && !entry.second.parked; });
  });
}

bool lag_zero(const View& view) {
  return log_lagging(view) == nullptr;
}

bool dead_letters_absent(const View& view) {
  return std::none_of(std::begin(kServices), std::end(kServices), [&](Service service) {
    const Outbox& outbox = outbox_of(view, service);
    return std::any_of(outbox.begin(), outbox.end(),
                       [](const auto& entry) { return is_dead_letter(entry.second); });
  });
}

bool tables_at_rest(const View& view) {
  return outboxes_empty(view) && lag_zero(view) && dead_letters_absent(view);
}

}  // namespace quickbite::property
