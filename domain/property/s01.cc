// S1: stock is never negative; for each SKU, seeded + restocked = available + held by RESERVED
// reservations.
//
// The step form is the induction step of the full one: the stock's columns changed by exactly the
// movements appended with them, and the movements of a reservation are exactly its lines.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

struct Columns {
  std::int64_t available = 0;
  std::int64_t reserved = 0;
  friend bool operator==(const Columns&, const Columns&) = default;
};

void add(Columns& columns, const MovementRow& movement) {
  const std::int64_t quantity = movement.quantity.value;
  switch (movement.kind) {
    case MovementKind::kSeed:
    case MovementKind::kRestock:
      columns.available += quantity;
      return;
    case MovementKind::kReserve:
      columns.available -= quantity;
      columns.reserved += quantity;
      return;
    case MovementKind::kRelease:
      columns.available += quantity;
      columns.reserved -= quantity;
      return;
  }
}

Columns moved(std::span<const MovementRow> movements, const Sku& sku) {
  Columns columns;
  for (const MovementRow& movement : movements) {
    if (movement.sku == sku) add(columns, movement);
  }
  return columns;
}

std::string text(const Columns& columns) {
  return std::to_string(columns.available) + " available and " + std::to_string(columns.reserved) +
         " reserved";
}

Checked check_stock(const View& view, std::span<const MovementRow> movements,
                    const StockWritten& written) {
  const StockRow* row = view.inventory->stock.find(written.sku);
  if (row == nullptr)
    return broken("S1", {"the stock row of ", written.sku.value, " has vanished"});
  const Columns now{row->available.value, row->reserved.value};
  if (now.available < 0 || now.reserved < 0) {
    return broken("S1", {"the stock of ", row->sku.value, " is negative: ", text(now)});
  }
  Columns expected = moved(movements, row->sku);
  expected.available += written.available_before.value;
  expected.reserved += written.reserved_before.value;
  if (now == expected) return std::nullopt;
  return broken("S1", {"the stock of ", row->sku.value, " is ", text(now),
                       ", but its movements make it ", text(expected)});
}

// Movements of stock that was not written must cancel out.
Checked check_unwritten(const Delta& delta, std::span<const MovementRow> movements) {
  for (const MovementRow& movement : movements) {
    if (first<StockWritten>(delta, [&](const StockWritten& s) { return s.sku == movement.sku; }))
      continue;
    if (moved(movements, movement.sku) == Columns{}) continue;
    return broken("S1", {"a movement of ", movement.sku.value, " left its stock as it was"});
  }
  return std::nullopt;
}

// How a reservation row can change; all else is judged by summing everything.
struct Moves {
  int reserve = 0;
  int release = 0;
  bool known = false;
};

Moves moves_of(const ReservationWritten& written) {
  using enum ReservationState;
  if (!written.before) {
    switch (written.after) {
      case kReserved:
        return {1, 0, true};
      case kReleased:
        return {1, 1, true};
      case kRejected:
      case kTombstone:
        return {0, 0, true};
    }
  }
  if (written.before == kReserved && written.after == kReleased) return {0, 1, true};
  return {};
}

Checked check_reservation(const View& view, std::span<const MovementRow> movements,
                          const ReservationWritten& written) {
  const ReservationRow* row = view.inventory->reservations.find(written.order);
  if (row == nullptr) {
    return broken("S1",
                  {"the reservation of order ", to_string(written.order.value), " has vanished"});
  }
  const Moves expected = moves_of(written);
  if (!expected.known) return s01_full(view);
  std::size_t of_order = 0;
  for (const MovementRow& movement : movements) of_order += movement.order == written.order;
  for (const Line& line : row->lines) {
    Moves found;
    for (const MovementRow& movement : movements) {
      if (movement.order != written.order || movement.sku != line.sku ||
          movement.quantity != line.quantity)
        continue;
      found.reserve += movement.kind == MovementKind::kReserve;
      found.release += movement.kind == MovementKind::kRelease;
    }
    if (found.reserve != expected.reserve || found.release != expected.release) {
      return broken("S1", {"order ", to_string(row->order.value), " is ", to_string(row->state),
                           ", but of its ", std::to_string(line.quantity.value), " ",
                           line.sku.value, " the movements say otherwise"});
    }
  }
  const auto lines =
      static_cast<std::size_t>(expected.reserve + expected.release) * row->lines.size();
  if (of_order == lines) return std::nullopt;
  return broken("S1",
                {"order ", to_string(row->order.value), " moved stock that is none of its lines"});
}

Checked check_orphans(const Delta& delta, std::span<const MovementRow> movements) {
  for (const MovementRow& movement : movements) {
    if (movement.kind != MovementKind::kReserve && movement.kind != MovementKind::kRelease)
      continue;
    if (movement.order && first<ReservationWritten>(delta, [&](const ReservationWritten& r) {
          return r.order == *movement.order;
        })) {
      continue;
    }
    return broken("S1", {"a ", to_string(movement.kind), " of ", movement.sku.value,
                         " without a change of a reservation"});
  }
  return std::nullopt;
}

}  // namespace

Checked s01_step(const View& view, const Delta& delta) {
  const auto movements = appended<MovementAppended>(delta, view.inventory->movements);
  for (const Fact& fact : delta.facts) {
    if (const auto* stock = std::get_if<StockWritten>(&fact)) {
      if (auto violation = check_stock(view, movements, *stock)) return violation;
    } else if (const auto* reservation = std::get_if<ReservationWritten>(&fact)) {
      if (auto violation = check_reservation(view, movements, *reservation)) return violation;
    }
  }
  if (auto violation = check_unwritten(delta, movements)) return violation;
  return check_orphans(delta, movements);
}

Checked s01_full(const View& view) {
  const InventoryTables& tables = *view.inventory;
  FlatMap<Sku, Columns> by_movements;
  FlatMap<Sku, std::int64_t> held;
  for (const MovementRow& movement : tables.movements) add(by_movements[movement.sku], movement);
  for (const auto& [order, row] : tables.reservations) {
    if (row.state != ReservationState::kReserved) continue;
    for (const Line& line : row.lines) held[line.sku] += line.quantity.value;
  }
  for (const auto& [sku, row] : tables.stock) {
    const Columns now{row.available.value, row.reserved.value};
    if (now.available < 0 || now.reserved < 0) {
      return broken("S1", {"the stock of ", sku.value, " is negative: ", text(now)});
    }
    const Columns* expected = by_movements.find(sku);
    if (now != (expected ? *expected : Columns{})) {
      return broken("S1", {"the stock of ", sku.value, " is ", text(now),
                           ", but its movements make it ", text(expected ? *expected : Columns{})});
    }
    const std::int64_t* reservations = held.find(sku);
    if (now.reserved != (reservations ? *reservations : 0)) {
      return broken("S1",
                    {"the stock of ", sku.value, " is ", text(now), ", but its reservations hold ",
                     std::to_string(reservations ? *reservations : 0)});
    }
  }
  for (const auto& [sku, quantity] : held) {
    if (tables.stock.find(sku) == nullptr) {
      return broken(
          "S1", {std::to_string(quantity), " ", sku.value, " are held, but it has no stock row"});
    }
  }
  for (const auto& [sku, columns] : by_movements) {
    if (columns != Columns{} && tables.stock.find(sku) == nullptr) {
      return broken("S1", {sku.value, " has movements, but no stock row"});
    }
  }
  return std::nullopt;
}

}  // namespace quickbite::property
