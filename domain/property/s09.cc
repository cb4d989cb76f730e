// S9: no record is both applied and dead-lettered: a record's coordinates have one outcome.
#include <string>

#include "domain/property/checks.h"
#include "domain/property/rows.h"

namespace quickbite::property {
namespace {

bool is_dead(const ProcessedRow& row) {
  return row.handled == Handled::kDeadLettered;
}

bool two_outcomes(const ProcessedRow& a, const ProcessedRow& b) {
  return is_dead(a) != is_dead(b) && stands_at(a, b.topic, b.partition, b.offset);
}

Checked both(Service service, const ProcessedRow& row) {
  return broken("S9", {to_string(service), " has both dead-lettered ",
                       coordinates(row.topic, row.partition, row.offset), " and not"});
}

// The outcome of this record that is at odds with `row`, or null.
const ProcessedRow* contrary(const ProcessedRows& rows, const ProcessedRow& row) {
  for (const auto& [id, other] : rows) {
    if (two_outcomes(row, other)) return &other;
  }
  return nullptr;
}

// Without a branch a row: mostly there is none, and this is asked after each step that applied
// something.
bool any_dead(const ProcessedRows& rows) {
  unsigned dead = 0;
  for (const auto& [id, row] : rows) dead |= is_dead(row);
  return dead != 0;
}

// What was applied now must not be among the dead.
Checked check_applied(const View& view, const Delta& delta, Service service) {
  const ProcessedRows& rows = processed_of(view, service);
  if (!any_dead(rows)) return std::nullopt;
  for (const auto& entry : rows) {
    const ProcessedRow& dead = entry.second;
    if (!is_dead(dead)) continue;
    const auto* fact = first<ProcessedInserted>(delta, [&](const ProcessedInserted& p) {
      if (p.service != service) return false;
      const ProcessedRow* row = rows.find(p.id);
      return row != nullptr && two_outcomes(*row, dead);
    });
    if (fact != nullptr) return both(service, dead);
  }
  return std::nullopt;
}

Checked check_dead(const View& view, const ProcessedInserted& fact) {
  const ProcessedRows& rows = processed_of(view, fact.service);
  const ProcessedRow* row = rows.find(fact.id);
  if (row != nullptr && contrary(rows, *row)) return both(fact.service, *row);
  return std::nullopt;
}

}  // namespace

Checked s09_step(const View& view, const Delta& delta) {
  bool applied[2] = {};
  for (const Fact& fact : delta.facts) {
    const auto* mark = std::get_if<ProcessedInserted>(&fact);
    if (mark == nullptr) continue;
    if (mark->handled != Handled::kDeadLettered) {
      applied[mark->service == Service::kInventory] = true;
    } else if (auto violation = check_dead(view, *mark)) {
      return violation;
    }
  }
  for (const Service service : kServices) {
    if (!applied[service == Service::kInventory]) continue;
    if (auto violation = check_applied(view, delta, service)) return violation;
  }
  return std::nullopt;
}

Checked s09_full(const View& view) {
  for (const Service service : kServices) {
    const ProcessedRows& rows = processed_of(view, service);
    for (const auto& [id, row] : rows) {
      if (is_dead(row) && contrary(rows, row)) return both(service, row);
    }
  }
  return std::nullopt;
}

}  // namespace quickbite::property
