// L9: an HTTP request gets an answer or a closed connection within its deadline.
//
// The port sees to the deadline, in both worlds. What a port cannot see is a long-poll that sleeps through its news: it is
// to be answered soon after the order has changed, not when its wait ends. Nor does it see that a request is lost on a replica
// that is sent some before it can serve any: whoever says that he is ready has found his database.
#include <algorithm>
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

// History tells when the transaction began that changed the order. From there to its commit: locks (0.5 s), a COMMIT that
// was in doubt; then the shared re-check (0.25 s), and its query.
constexpr Duration kSoon = seconds(2);

Checked slept_through(const View& view, const LongPollAnswered& answered) {
  for (const HistoryRow& row : view.orders->history) {
    if (row.order != answered.order || row.version.value != answered.known.value + 1) continue;
    const Duration late = answered.at - std::max(row.at, answered.asked);
    if (late <= kSoon) break;
    return broken("L9", {"a long-poll for order ", to_string(row.order.value), " was answered ", std::to_string(late.us / 1000),
                         " ms after there was version ", std::to_string(row.version.value), " to tell of"});
  }
  return std::nullopt;
}

// Whatever else a request fails for (an outage, a crash, too much work) came after its replica was ready.
Checked lost_at_start(const RequestFailed& failed) {
  if (failed.found && *failed.found <= failed.said) return std::nullopt;
  return broken("L9", {"a request about order ", to_string(failed.order.value), " was answered ", std::to_string(failed.status),
                       " by a replica that had said that it was ready ",
                       failed.found ? std::to_string((*failed.found - failed.said).us) + " µs before it found its database"
                                    : std::string("and has not found its database yet")});
}

}  // namespace

Checked l09_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    Checked checked;
    if (const auto* answered = std::get_if<LongPollAnswered>(&fact)) checked = slept_through(view, *answered);
    if (const auto* failed = std::get_if<RequestFailed>(&fact)) checked = lost_at_start(*failed);
    if (checked) return checked;
  }
  return std::nullopt;
}

}  // namespace quickbite::property
