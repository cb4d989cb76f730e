#include "services/live/reckoning.h"

#include <map>
#include <set>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "domain/message/wire.h"
#include "services/live/evidence.h"
#include "services/live/sql.h"
#include "services/live/topic_log.h"

namespace quickbite::live {
namespace {

absl::Status wrong(std::string what) { return absl::FailedPreconditionError(std::move(what)); }

// Ok where `sql` finds nothing; else its first row, as "WHAT: CELL, CELL".
absl::Status none(const std::string& database, std::string_view what, const std::string& sql) {
  const auto rows = sql_rows(database, sql);
  if (!rows.ok()) return rows.status();
  if (rows->empty()) return absl::OkStatus();
  return wrong(absl::StrCat(rows->size(), " ", std::string(what), ": ", absl::StrJoin(rows->front(), ", ")));
}

bool confirmed(const Placed& order) { return order.status == "CONFIRMED"; }
bool rejected(const Placed& order) { return order.status == "CANCELLED OUT_OF_STOCK"; }

class Books {
 public:
  Books(const Places& places, std::string_view name, const std::vector<Placed>& placed)
      : places_(places), user_(rush_user(name)), placed_(placed) {
    for (const Placed& order : placed_) told_[to_string(order.id.value)] = &order;
  }

  absl::Status orders() const {
    const auto rows = sql_rows(places_.orders_database,
                               absl::StrCat("SELECT id, status || coalesce(' ' || reason, '') FROM orders WHERE user_id = '",
                                            user_.value, "'"));
    if (!rows.ok()) return rows.status();
    for (const SqlRow& row : *rows) {
      const auto at = told_.find(row[0]);
      if (at == told_.end()) return wrong(absl::StrCat("order ", row[0], " was never answered, and there it is"));
      if (at->second->status != row[1]) {
        return wrong(absl::StrCat("order ", row[0], " was told to be ", at->second->status, " and is ", row[1]));
      }
    }
    if (rows->size() == told_.size()) return absl::OkStatus();
    return wrong(absl::StrCat("there are ", rows->size(), " of ", told_.size(), " orders that were answered 201"));
  }

  absl::Status settled() const {
    for (const Placed& order : placed_) {
      if (!confirmed(order) && !rejected(order)) return wrong(absl::StrCat(to_string(order.id.value), " is ", order.status));
    }
    return absl::OkStatus();
  }

  absl::Status reservations() const {
    const auto rows = sql_rows(places_.inventory_database, "SELECT order_id, state FROM reservations");
    if (!rows.ok()) return rows.status();
    std::map<std::string, std::string> state;
    for (const SqlRow& row : *rows) state[row[0]] = row[1];
    for (const auto& [id, order] : told_) {
      const std::string_view expected = confirmed(*order) ? "RESERVED" : "REJECTED";
      if (state[id] == expected) continue;
      return wrong(absl::StrCat("order ", id, " is ", order->status, ", and its reservation is '", state[id], "'"));
    }
    return absl::OkStatus();
  }

  absl::Status movements() const {
    const auto rows = sql_rows(places_.inventory_database,
                               "SELECT order_id, sku, count(*), sum(quantity) FROM stock_movements WHERE kind = 'RESERVE' "
                               "GROUP BY order_id, sku");
    if (!rows.ok()) return rows.status();
    std::map<std::string, std::vector<SqlRow>> taken;
    for (const SqlRow& row : *rows) taken[row[0]].push_back(row);
    for (const auto& [id, order] : told_) {
      std::vector<SqlRow> expected;
      if (confirmed(*order)) expected.push_back({id, order->sku, "1", absl::StrCat(kRushQuantity)});
      if (taken[id] != expected) return wrong(absl::StrCat("order ", id, " (", order->status, ") moved other stock than its own"));
    }
    return absl::OkStatus();
  }

  absl::Status stock() const {
    return none(places_.inventory_database, "SKUs whose stock is not what their movements add up to",
                "SELECT s.sku, available, reserved FROM stock s LEFT JOIN (SELECT sku, "
                "sum(CASE kind WHEN 'RESERVE' THEN -quantity ELSE quantity END) AS a, "
                "sum(CASE kind WHEN 'RESERVE' THEN quantity WHEN 'RELEASE' THEN -quantity ELSE 0 END) AS r "
                "FROM stock_movements GROUP BY sku) m USING (sku) "
                "WHERE available <> coalesce(a, 0) OR reserved <> coalesce(r, 0)");
  }

  absl::Status outboxes() const {
    for (const std::string& database : {places_.orders_database, places_.inventory_database}) {
      const absl::Status sent = none(database, "events are not in Kafka yet",
                                     "SELECT event_id, type, topic FROM outbox_events WHERE sent_offset IS NULL");
      if (!sent.ok()) return sent;
    }
    return absl::OkStatus();
  }

  // Copies of one event are as good as one: they have the same id.
  absl::Status topic(Topic topic, const std::set<std::string_view>& types) const {
    const auto records = read_topic(places_.kafka, topic, absl::Minutes(1));
    if (!records.ok()) return records.status();
    std::map<std::string, std::set<EventId>> seen;
    for (const Record& record : *records) {
      const Decoded decoded = decode_record(record.message);
      const auto* event = std::get_if<Event>(&decoded);
      if (event == nullptr || !types.contains(type_name(event->what))) continue;
      seen[to_string(order_of(event->what).value)].insert(event->id);
    }
    for (const auto& [id, order] : told_) {
      if (seen[id].size() != 1) return wrong(absl::StrCat("order ", id, " has ", seen[id].size(), " events there"));
    }
    return absl::OkStatus();
  }

 private:
  const Places& places_;
  const UserId user_;
  const std::vector<Placed>& placed_;
  std::map<std::string, const Placed*> told_;
};

}  // namespace

std::vector<Reckoned> reckon(const Places& places, std::string_view name, const std::vector<Placed>& placed,
                             const std::vector<Record>& poison, absl::Duration patience, const Interrupt& interrupt) {
  const Books books(places, name, placed);
  std::vector<Reckoned> all = {
      {"API: every order is CONFIRMED, or CANCELLED for want of stock", books.settled()},
      {"orders: each order that was answered is there once, as it was told", books.orders()},
      {"inventory: each is RESERVED or REJECTED, as its order says", books.reservations()},
      {"inventory: each CONFIRMED order took its stock exactly once", books.movements()},
      {"inventory: the stock is what all movements add up to", books.stock()},
      {"both outboxes: nothing waits for Kafka", await(interrupt, patience, [&] { return books.outboxes(); })},
      {"orders.v1: one OrderCreated for each", books.topic(Topic::kOrders, {"OrderCreated"})},
      {"inventory.v1: one answer for each", books.topic(Topic::kInventory, {"InventoryReserved", "InventoryRejected"})},
  };
  if (!poison.empty()) {
    const std::string reason(to_string(MalformedReason::kNotJson));
    all.push_back({absl::StrCat("orders.dlq.v1: each of ", poison.size(), " records that are no JSON, once"),
                   await(interrupt, patience, [&] { return dead_letters_of(places.kafka, poison, reason); })});
  }
  return all;
}

}  // namespace quickbite::live
