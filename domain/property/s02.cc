// S2: order transitions are legal: PENDING→CONFIRMED, PENDING→CANCELLED, CONFIRMED→CANCELLED by the
// customer. CANCELLED absorbs.
//
// One transaction may move an order more than once; its history rows, one a transition, are
// followed from the row before to the row after.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

bool legal(const HistoryRow& row) {
  if (row.after == OrderStatus::kPending) return !row.before && !row.reason;
  if (row.after == OrderStatus::kConfirmed)
    return row.before == OrderStatus::kPending && !row.reason;
  if (row.before == OrderStatus::kPending)
    return row.reason && row.reason != CancelReason::kUnknownOrder;
  return row.before == OrderStatus::kConfirmed && row.reason == CancelReason::kCustomer;
}

std::string text(const HistoryRow& row) {
  std::string words = "order " + to_string(row.order.value) + " from ";
  words += row.before ? to_string(*row.before) : "nothing";
  words += " to ";
  words += to_string(row.after);
  if (row.reason) {
    words += '(';
    words += to_string(*row.reason);
    words += ')';
  }
  return words;
}

Checked check_order(const View& view, std::span<const HistoryRow> history,
                    const OrderWritten& written) {
  const OrderRow* row = view.orders->orders.find(written.order);
  if (row == nullptr)
    return broken("S2", {"order ", to_string(written.order.value), " has vanished"});
  std::optional<OrderStatus> status = written.before;
  std::optional<CancelReason> reason;
  Version version = written.version_before;
  int transitions = 0;
  for (const HistoryRow& step : history) {
    if (step.order != written.order) continue;
    ++transitions;
    if (step.before != status) return broken("S2", {text(step), ", which it was not"});
    if (!legal(step)) return broken("S2", {text(step)});
    if (step.version.value != version.value + 1) {
      return broken("S2", {text(step), ": version ", std::to_string(version.value), " became ",
                           std::to_string(step.version.value)});
    }
    status = step.after;
    reason = step.reason;
    version = step.version;
  }
  if (transitions == 0) {
    return broken("S2", {"order ", to_string(row->id.value), " was written without a transition"});
  }
  if (row->status == status && row->reason == reason && row->version == version &&
      row->status == written.after) {
    return std::nullopt;
  }
  return broken("S2",
                {"order ", to_string(row->id.value), " is ", to_string(row->status), " at version ",
                 std::to_string(row->version.value), ", which is not where its history ends"});
}

}  // namespace

Checked s02_step(const View& view, const Delta& delta) {
  const auto history = appended<HistoryAppended>(delta, view.orders->history);
  for (const Fact& fact : delta.facts) {
    const auto* written = std::get_if<OrderWritten>(&fact);
    if (written == nullptr) continue;
    if (auto violation = check_order(view, history, *written)) return violation;
  }
  for (const HistoryRow& row : history) {
    if (first<OrderWritten>(delta, [&](const OrderWritten& o) { return o.order == row.order; }))
      continue;
    return broken("S2", {text(row), ": the order's row was not written"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
