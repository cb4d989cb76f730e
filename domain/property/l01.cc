// L1: the outbox is empty. What the broker will never take is parked, with its key, and waits for
// an operator instead.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rest.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked l01_full(const View& view) {
  const OutboxRow* row = row_waiting(view);
  if (row == nullptr) return std::nullopt;
  return broken("L1", {row->type, " ", to_string(row->id.value), " for ", to_string(row->topic),
                       " is still in the outbox, as row ", std::to_string(row->seq.value)});
}

}  // namespace quickbite::property
