// S19: a row is marked, as sent or as parked, only under the epoch that claims its shard.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {

Checked s19_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    const auto* marked = std::get_if<OutboxMarked>(&fact);
    if (marked == nullptr) continue;
    const OutboxRow* row = outbox_of(view, marked->service).find(marked->seq);
    if (row == nullptr) continue;
    const LeaseTables& relays = marked->service == Service::kOrders ? view.orders->relays : view.inventory->relays;
    const Epoch claimed = relays.claim_of(row->shard);
    if (claimed == marked->epoch) continue;
    return broken("S19", {"outbox row ", std::to_string(row->seq.value), " of ", to_string(marked->service),
                          ", shard ", std::to_string(row->shard.value), ", is marked under epoch ",
                          std::to_string(marked->epoch.value), "; epoch ", std::to_string(claimed.value), " claims it"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
