// S17: a rejection is justified: at its commit some line was unknown or exceeded the available
// stock.
//
// Lines of one SKU are summed, but an absurd one among them is a reason to reject them all; since
// the sum may hide it, the announcement is read before a rejection is found wrong.
//
// A transaction may decide several orders, one after the other, so what was available to one of
// them is bounded below by the least that was available at any point within the transaction.
#include <algorithm>
#include <string>

#include "domain/message/line.h"
#include "domain/message/wire.h"
#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

std::int64_t change(const MovementRow& row) {
  return row.kind == MovementKind::kReserve ? -row.quantity.value : row.quantity.value;
}

// `row` is the stock as it is afterwards.
std::int64_t available_least(const Delta& delta, std::span<const MovementRow> movements,
                             const StockRow& row) {
  const auto* written =
      first<StockWritten>(delta, [&](const StockWritten& s) { return s.sku == row.sku; });
  std::int64_t available = (written ? written->available_before : row.available).value;
  std::int64_t least = std::min(available, row.available.value);
  for (const MovementRow& movement : movements) {
    if (movement.sku != row.sku) continue;
    available += change(movement);
    least = std::min(available, least);
  }
  return least;
}

bool absurd(const Line& line) {
  return line.quantity.value < 1 || line.quantity.value > kQuantityMax;
}

bool impossible(const View& view, const Delta& delta, std::span<const MovementRow> movements,
                const Line& line) {
  if (absurd(line)) return true;
  const StockRow* row = view.inventory->stock.find(line.sku);
  return row == nullptr || line.quantity.value > available_least(delta, movements, *row);
}

bool announced_absurdly(const View& view, const ReservationRow& reservation) {
  for (const LogView& log : view.logs) {
    if (log.topic != Topic::kOrders) continue;
    for (const auto& record : log.records) {
      if (!names(record->message.key, reservation.order)) continue;
      const Decoded decoded = decode_record(record->message);
      const Event* event = std::get_if<Event>(&decoded);
      const auto* created = event ? std::get_if<OrderCreated>(&event->what) : nullptr;
      if (created == nullptr || summed(created->lines) != reservation.lines) continue;
      if (std::any_of(created->lines.begin(), created->lines.end(), absurd)) return true;
    }
  }
  return false;
}

}  // namespace

Checked s17_step(const View& view, const Delta& delta) {
  for (const Fact& fact : delta.facts) {
    const auto* written = std::get_if<ReservationWritten>(&fact);
    if (written == nullptr || written->after != ReservationState::kRejected) continue;
    const ReservationRow* row = view.inventory->reservations.find(written->order);
    if (row == nullptr) continue;  // S1 says so
    const auto movements = appended<MovementAppended>(delta, view.inventory->movements);
    const auto justifies = [&](const Line& line) {
      return impossible(view, delta, movements, line);
    };
    if (std::any_of(row->lines.begin(), row->lines.end(), justifies)) continue;
    if (announced_absurdly(view, *row)) continue;
    return broken("S17", {"order ", to_string(written->order.value),
                          " was rejected, but all its lines were available"});
  }
  return std::nullopt;
}

}  // namespace quickbite::property
