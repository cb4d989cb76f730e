#include "sim/model/ledger_tables.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "domain/base/check.h"
#include "domain/port/redrive.h"
#include "sim/model/letters.h"

namespace quickbite::sim {
namespace {

// True for a row behind a parked one of its key.
template <class Tables>
bool held_back(const Tables& tables, const Backlog& backlog, const OutboxRow& row) {
  return row.key && std::any_of(backlog.parked.begin(), backlog.parked.end(), [&](const OutboxSeq& parked) {
    return parked < row.seq && tables.outbox.find(parked)->key == row.key;
  });
}

template <class Tables>
OutboxRead read_rows(Tables& tables, const Backlog& backlog, const ReadOutbox& read, Instant now) {
  OutboxRead answer;
  if (read.renewal) answer.lease = renew(tables.relays, *read.renewal, now);
  const Epoch epoch = answer.lease ? answer.lease->epoch : read.epoch;
  std::vector<OutboxRow>& rows = answer.rows;
  rows.reserve(std::min<std::size_t>(backlog.unsent.size(), static_cast<std::size_t>(read.limit)));
  for (const OutboxSeq& seq : backlog.unsent) {
    if (static_cast<std::int64_t>(rows.size()) >= read.limit) break;
    const OutboxRow& row = *tables.outbox.find(seq);
    const bool ours = epoch != Epoch{} && tables.relays.claim_of(row.shard) == epoch;
    if (ours && !held_back(tables, backlog, row)) rows.push_back(row);
  }
  return answer;
}

template <class Rows, class Processed>
bool any_known(const Rows& inserted, const Processed& table) {
  for (const auto& row : inserted) {
    if constexpr (requires { row.id; }) {
      if (table.contains(row.id)) return true;
    } else {
      if (table.contains(row.order)) return true;
    }
  }
  return false;
}

// The outbox's primary key, of those rows that no other table's key stands for.
bool any_redriven(const std::vector<OutboxRow>& inserted, const Table<OutboxSeq, OutboxRow>& outbox) {
  return std::any_of(inserted.begin(), inserted.end(), [&](const OutboxRow& row) {
    return alone(row) && std::any_of(outbox.begin(), outbox.end(), [&](const auto& entry) { return entry.second.id == row.id; });
  });
}

template <class Rows>
bool any_refused(const Rows& rows, const std::vector<OrderId>& refused) {
  if (refused.empty()) return false;
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
    if constexpr (requires { row.id; }) {
      return std::binary_search(refused.begin(), refused.end(), row.id);
    } else {
      return std::binary_search(refused.begin(), refused.end(), row.order);
    }
  });
}

template <class Tables>
bool any_sendable(const Tables& tables, const Backlog& backlog) {
  return std::any_of(backlog.unsent.begin(), backlog.unsent.end(), [&](const OutboxSeq& seq) {
    return !held_back(tables, backlog, *tables.outbox.find(seq));
  });
}

// The keys of the rows that are older than `cutoff`, oldest first, at most `limit`. `time_of` gives nullopt for rows that stay.
template <class Table, class TimeOf>
auto past(const Table& table, Instant cutoff, std::int64_t limit, TimeOf time_of) {
  using Key = std::decay_t<decltype(table.begin()->first)>;
  std::vector<std::pair<Instant, Key>> found;
  for (const auto& [key, row] : table) {
    const std::optional<Instant> at = time_of(row);
    if (at && *at < cutoff) found.emplace_back(*at, key);
  }
  std::sort(found.begin(), found.end());
  if (static_cast<std::int64_t>(found.size()) > limit) found.resize(static_cast<std::size_t>(limit));
  return found;
}

template <class Tables>
Pruned prune_in(Tables& tables, const Prune& prune, Instant now) {
  const Instant cutoff{now.us - prune.keep.us};
  // Nothing is older than the run.
  if (cutoff.us <= 0) return {};
  const auto rows = past(tables.outbox, cutoff, prune.limit, [](const OutboxRow& row) {
    return row.sent ? std::optional(row.sent_at) : std::nullopt;
  });
  // As the statement saw the outbox when it began.
  std::vector<EventId> letters;
  for (const auto& [seq, row] : tables.outbox) letters.push_back(row.id);
  std::sort(letters.begin(), letters.end());
  const auto marks = past(tables.processed, cutoff, prune.limit, [&](const ProcessedRow& row) {
    return std::binary_search(letters.begin(), letters.end(), row.id) ? std::nullopt : std::optional(row.at);
  });
  for (const auto& [at, seq] : rows) tables.outbox.erase(seq);
  for (const auto& [at, id] : marks) tables.processed.erase(id);
  if (!rows.empty() || !marks.empty()) tables.swept = std::max(tables.swept, cutoff);
  return {static_cast<std::int64_t>(marks.size()), static_cast<std::int64_t>(rows.size())};
}

bool newer(const ListPlace& a, const ListPlace& b) {
  return a.created_at != b.created_at ? a.created_at > b.created_at : a.id > b.id;
}

std::vector<OrderRow> read_page(const OrdersTables& tables, const ListPage& page) {
  std::vector<OrderRow> rows;
  for (const auto& [id, row] : tables.orders) {
    if (row.user != page.user) continue;
    if (!page.after || newer(*page.after, {row.created_at, row.id})) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(), [](const OrderRow& a, const OrderRow& b) {
    return newer({a.created_at, a.id}, {b.created_at, b.id});
  });
  if (static_cast<std::int64_t>(rows.size()) > page.limit) rows.resize(static_cast<std::size_t>(page.limit));
  return rows;
}

OrderTrail read_trail(const OrdersTables& tables, const OrderId& order) {
  OrderTrail trail;
  for (const HistoryRow& row : tables.history) {
    if (row.order == order) trail.history.push_back(row);
  }
  const std::vector<EventId> ids = events_of(order);
  for (const auto& [seq, row] : tables.outbox) {
    if (!std::binary_search(ids.begin(), ids.end(), row.id)) continue;
    trail.announced.push_back(announcement_of(row));
  }
  std::sort(trail.announced.begin(), trail.announced.end(),
            [](const Announcement& a, const Announcement& b) { return a.id < b.id; });
  for (const EventId& id : ids) {
    if (const ProcessedRow* row = tables.processed.find(id)) trail.handled.push_back(*row);
  }
  return trail;
}

}  // namespace

std::vector<Sku> skus_of(const InventoryLedger::Keys& keys, const InventoryLedger::Rows& rows) {
  std::vector<Sku> skus = keys.skus;
  for (const auto& [order, row] : rows.reservations) {
    for (const Line& line : row.lines) skus.push_back(line.sku);
  }
  std::sort(skus.begin(), skus.end());
  skus.erase(std::unique(skus.begin(), skus.end()), skus.end());
  return skus;
}

void read_stage(std::uint32_t, const OrdersLedger::Keys& keys, const OrdersTables& tables, OrdersLedger::Rows& rows) {
  for (const OrderId& id : keys.orders) {
    if (const OrderRow* row = tables.orders.find(id)) rows.orders.insert(id, *row);
  }
}

void read_stage(std::uint32_t stage, const InventoryLedger::Keys& keys, const InventoryTables& tables,
                InventoryLedger::Rows& rows) {
  if (stage == 0) {
    for (const OrderId& id : keys.orders) {
      if (const ReservationRow* row = tables.reservations.find(id)) rows.reservations.insert(id, *row);
    }
  } else {
    for (const Sku& sku : skus_of(keys, rows)) {
      if (const StockRow* row = tables.stock.find(sku)) rows.stock.insert(sku, *row);
    }
  }
}

void read_again(std::uint32_t, const OrdersTables& tables, OrdersLedger::Rows& rows) {
  for (auto& [id, row] : rows.orders) row = *tables.orders.find(id);
}

void read_again(std::uint32_t stage, const InventoryTables& tables, InventoryLedger::Rows& rows) {
  if (stage == 0) {
    for (auto& [id, row] : rows.reservations) row = *tables.reservations.find(id);
  } else {
    for (auto& [sku, row] : rows.stock) row = *tables.stock.find(sku);
  }
}

OrderId first_order(const OrdersLedger::Writes& writes) {
  if (!writes.inserted.empty()) return writes.inserted.front().id;
  return writes.updated.empty() ? OrderId{} : writes.updated.front().id;
}

OrderId first_order(const InventoryLedger::Writes& writes) {
  if (!writes.inserted.empty()) return writes.inserted.front().order;
  return writes.updated.empty() ? OrderId{} : writes.updated.front().order;
}

bool alone(const OutboxRow& row) { return row.type == kRedriveType; }

bool violates_unique(const OrdersTables& tables, const OrdersLedger::Writes& writes) {
  return any_known(writes.inserted, tables.orders) || any_known(writes.processed, tables.processed) ||
         any_redriven(writes.outbox, tables.outbox);
}

bool violates_unique(const InventoryTables& tables, const InventoryLedger::Writes& writes) {
  return any_known(writes.inserted, tables.reservations) || any_known(writes.processed, tables.processed) ||
         any_redriven(writes.outbox, tables.outbox);
}

const char* refusal(const OrdersLedger::Writes& writes, const std::vector<OrderId>& refused) {
  return any_refused(writes.inserted, refused) || any_refused(writes.updated, refused) ? "22001" : nullptr;
}

const char* refusal(const InventoryLedger::Writes& writes, const std::vector<OrderId>& refused) {
  if (any_refused(writes.inserted, refused) || any_refused(writes.updated, refused)) return "22001";
  for (const StockRow& row : writes.stock) {
    if (row.available.value < 0 || row.reserved.value < 0) return "23514";
  }
  return nullptr;
}

OutboxRead read_outbox(OrdersTables& tables, const Backlog& backlog, const ReadOutbox& read, Instant now) {
  return read_rows(tables, backlog, read, now);
}

OutboxRead read_outbox(InventoryTables& tables, const Backlog& backlog, const ReadOutbox& read, Instant now) {
  return read_rows(tables, backlog, read, now);
}

OrdersRead read_orders(const OrdersTables& tables, const ReadOrders& read) {
  OrdersRead result;
  for (const OrderId& id : read.orders) {
    if (const OrderRow* row = tables.orders.find(id)) result.orders.insert(id, *row);
  }
  result.pages.reserve(read.pages.size());
  for (const ListPage& page : read.pages) result.pages.push_back(read_page(tables, page));
  for (const OrderId& id : read.trails) result.trails.insert(id, read_trail(tables, id));
  return result;
}

OrdersRead read_orders(const InventoryTables&, const ReadOrders&) { return {}; }

DueFound find_due(const OrdersTables& tables, const FindDue& find, Instant now) {
  DueFound found;
  const auto key = [](const Due& due) { return std::tie(due.deadline, due.order); };
  for (const auto& [id, row] : tables.orders) {
    const Due due{row.deadline, id};
    if (row.status == OrderStatus::kPending && row.deadline <= now && key(find.after) < key(due)) found.due.push_back(due);
  }
  std::sort(found.due.begin(), found.due.end(), [&](const Due& a, const Due& b) { return key(a) < key(b); });
  if (static_cast<std::int64_t>(found.due.size()) > find.limit) found.due.resize(static_cast<std::size_t>(find.limit));
  return found;
}

DueFound find_due(const InventoryTables&, const FindDue&, Instant) { return {}; }

Pruned prune_rows(OrdersTables& tables, const Prune& prune, Instant now) { return prune_in(tables, prune, now); }
Pruned prune_rows(InventoryTables& tables, const Prune& prune, Instant now) { return prune_in(tables, prune, now); }

template <class Tables, class Writes>
void TableWriter::commit_common(Tables& tables, Writes& writes, property::Service service,
                                Backlog& backlog) {
  for (ProcessedRow& row : writes.processed) {
    delta_.add(property::ProcessedInserted{service, row.id, row.handled});
    CHECK(tables.processed.insert(row.id, row));
  }
  for (OutboxRow& row : writes.outbox) {
    delta_.add(property::OutboxInserted{service, row.seq, row.id});
    backlog.unsent.insert(std::upper_bound(backlog.unsent.begin(), backlog.unsent.end(), row.seq), row.seq);
    const OutboxSeq seq = row.seq;
    CHECK(tables.outbox.insert(seq, std::move(row)));
  }
}

void TableWriter::commit(OrdersLedger::Writes& writes, Backlog& backlog) {
  OrdersTables& tables = *orders_;
  for (OrderRow& row : writes.inserted) {
    delta_.add(property::OrderWritten{row.id, std::nullopt, row.status, Version{0}});
    const OrderId id = row.id;
    CHECK(tables.orders.insert(id, std::move(row)));
  }
  for (OrderRow& row : writes.updated) {
    OrderRow* known = tables.orders.find(row.id);
    CHECK(known != nullptr);
    delta_.add(property::OrderWritten{row.id, known->status, row.status, known->version});
    *known = std::move(row);
  }
  for (HistoryRow& row : writes.history) {
    delta_.add(property::HistoryAppended{row.order, row.cause});
    tables.history.push_back(std::move(row));
  }
  commit_common(tables, writes, property::Service::kOrders, backlog);
}

void TableWriter::commit(InventoryLedger::Writes& writes, Backlog& backlog) {
  InventoryTables& tables = *inventory_;
  for (ReservationRow& row : writes.inserted) {
    delta_.add(property::ReservationWritten{row.order, std::nullopt, row.state});
    const OrderId order = row.order;
    CHECK(tables.reservations.insert(order, std::move(row)));
  }
  for (ReservationRow& row : writes.updated) {
    ReservationRow* known = tables.reservations.find(row.order);
    CHECK(known != nullptr);
    delta_.add(property::ReservationWritten{row.order, known->state, row.state});
    *known = std::move(row);
  }
  for (StockRow& row : writes.stock) {
    StockRow& known = tables.stock[row.sku];
    delta_.add(property::StockWritten{row.sku, known.available, known.reserved});
    known = std::move(row);
  }
  for (MovementRow& row : writes.movements) {
    delta_.add(property::MovementAppended{row.sku, row.cause});
    tables.movements.push_back(std::move(row));
  }
  commit_common(tables, writes, property::Service::kInventory, backlog);
}

template <class Tables>
Marked TableWriter::mark_in(Tables& tables, const MarkOutbox& mark, property::Service service,
                            Instant now, Backlog& backlog) {
  const auto claimed = [&](Shard shard) { return tables.relays.claim_of(shard) == mark.epoch; };
  const auto may_mark = [&](Shard shard) {
    return std::binary_search(mark.shards.begin(), mark.shards.end(), shard) &&
           (mark.fence == Fence::kNone || claimed(shard));
  };
  for (const Sent& sent : mark.sent) {
    // It may be past its retention by now: somebody else has sent and marked it.
    OutboxRow* row = tables.outbox.find(sent.seq);
    if (row == nullptr || row->sent || !may_mark(row->shard)) continue;
    row->sent = sent.at;
    row->sent_at = now;
    std::erase(backlog.unsent, sent.seq);
    delta_.add(property::OutboxMarked{service, sent.seq, mark.epoch});
  }
  for (const OutboxSeq& seq : mark.parked) {
    OutboxRow* row = tables.outbox.find(seq);
    if (row == nullptr || row->sent || !may_mark(row->shard)) continue;
    std::erase(backlog.unsent, seq);
    if (!std::exchange(row->parked, true)) backlog.parked.push_back(seq);
    delta_.add(property::OutboxMarked{service, seq, mark.epoch});
  }
  return {std::count_if(mark.shards.begin(), mark.shards.end(), [&](Shard shard) { return !claimed(shard); })};
}

bool sendable(const OrdersTables& tables, const Backlog& backlog) { return any_sendable(tables, backlog); }
bool sendable(const InventoryTables& tables, const Backlog& backlog) { return any_sendable(tables, backlog); }

Resent TableWriter::resend(const Resend& resend, Instant now, Backlog& backlog) {
  Table<OutboxSeq, OutboxRow>& outbox = orders_ != nullptr ? orders_->outbox : inventory_->outbox;
  const Instant until = resend.until.value_or(now + microseconds(1));  // it is later by then: what was marked just now is of before
  const std::vector<OutboxSeq> chosen = chosen_for_resend(outbox, resend, until);
  Resent resent{static_cast<std::int64_t>(chosen.size()), until};
  if (!resend.until && !resend.dry) end_all(orders_ != nullptr ? orders_->relays : inventory_->relays, now);
  if (resend.dry) return resent;
  for (const OutboxSeq& seq : chosen) {
    OutboxRow* row = outbox.find(seq);
    row->sent.reset();
    row->sent_at = {};
    backlog.unsent.insert(std::upper_bound(backlog.unsent.begin(), backlog.unsent.end(), seq), seq);
  }
  return resent;
}

Marked TableWriter::mark(const MarkOutbox& mark, Instant now, Backlog& backlog) {
  if (orders_ != nullptr) return mark_in(*orders_, mark, property::Service::kOrders, now, backlog);
  return mark_in(*inventory_, mark, property::Service::kInventory, now, backlog);
}

}  // namespace quickbite::sim
