#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/reading.h"
#include "adapters/postgres/schema_access.h"
#include "adapters/postgres/trails.h"
#include "adapters/postgres/values.h"

namespace quickbite::postgres {
namespace {

std::string order_columns() {
  return absl::StrCat("id, user_id, skus, quantities, status, reason, version, ", microseconds_of("created_at"), ", ",
                      microseconds_of("updated_at"), ", ", microseconds_of("deadline"), ", request_hash");
}

// The sort happens below the locking, so rows are locked in the order of their ids (PostgreSQL manual, SELECT, "The Locking
// Clause": what may come out of order is only what changes its sort key, and ids do not).
const Statement& orders_statement(LockMode lock) {
  static const std::string select =
      absl::StrCat("SELECT ", order_columns(), " FROM orders WHERE id = ANY ($1::uuid[]) ORDER BY id");
  static const Statement locking{"orders_lock", select + " FOR UPDATE"};
  static const Statement skipping{"orders_lock_free", select + " FOR UPDATE SKIP LOCKED"};
  static const Statement reading{"orders_read", select};
  switch (lock) {
    case LockMode::kForUpdate:
      return locking;
    case LockMode::kSkipLocked:
      return skipping;
    case LockMode::kNone:
      return reading;
  }
  __builtin_unreachable();
}

// A range of the index orders_due.
const Statement& due_statement() {
  static const Statement statement{
      "orders_due", absl::StrCat("SELECT ", microseconds_of("deadline"),
                                 ", id FROM orders WHERE status = 'PENDING' AND deadline <= now()"
                                 " AND (deadline, id) > (($1::timestamptz[])[1], ($2::uuid[])[1])"
                                 " ORDER BY deadline, id LIMIT $3::bigint")};
  return statement;
}

// What no order comes before: the end of the year 9999, the greatest id.
constexpr ListPlace kBeforeAll{Instant{253'402'300'799'999'999}, OrderId(Uuid{~0ull, ~0ull})};

constexpr std::string_view kInsertOrders =
    "INSERT INTO orders (id, user_id, skus, quantities, status, reason, version, created_at, updated_at, deadline,"
    "  request_hash)"
    " SELECT n.id, n.user_id, (%::text[])[n.first:n.last], (%::bigint[])[n.first:n.last], n.status, n.reason, n.version,"
    "  n.created_at, n.updated_at, n.deadline, n.request_hash"
    " FROM unnest(%::uuid[], %::text[], %::int[], %::int[], %::text[], %::text[], %::bigint[], %::timestamptz[],"
    "  %::timestamptz[], %::timestamptz[], %::uuid[])"
    " AS n (id, user_id, first, last, status, reason, version, created_at, updated_at, deadline, request_hash) WHERE @";

// What else an order has never changes, and the service has no right to change it.
constexpr std::string_view kUpdateOrders =
    "UPDATE orders o SET status = n.status, reason = n.reason, version = n.version, updated_at = n.updated_at"
    " FROM unnest(%::uuid[], %::text[], %::text[], %::bigint[], %::timestamptz[])"
    " AS n (id, status, reason, version, updated_at) WHERE o.id = n.id AND @";

constexpr std::string_view kInsertHistory =
    "INSERT INTO order_history (order_id, version, status_before, status_after, reason, cause, at)"
    " SELECT * FROM unnest(%::uuid[], %::bigint[], %::text[], %::text[], %::text[], %::uuid[], %::timestamptz[])"
    " WHERE @";

OrderRow read_order(RowReader& read) {
  OrderRow row;
  row.id = OrderId(read.uuid());
  row.user = UserId(std::string(read.text()));
  row.lines = read.lines();
  row.status = read.one_of<OrderStatus>(kStatuses);
  row.reason = read.one_of_or_null<CancelReason>(kReasons);
  row.version = Version(read.integer());
  row.created_at = read.instant();
  row.updated_at = read.instant();
  row.deadline = read.instant();
  row.request_hash = RequestHash(read.uuid());
  return row;
}

std::optional<std::string_view> text_of(std::optional<CancelReason> reason) {
  return reason ? std::optional(to_string(*reason)) : std::nullopt;
}

using Pointers = std::vector<const OrderRow*>;

void add_inserted(WriteStatement& write, const Pointers& rows) {
  if (rows.empty()) return;
  const auto lines_of = [](const OrderRow& row) -> const Lines& { return row.lines; };
  const Slices slice = slices(rows, lines_of);
  write.add("oi", kInsertOrders,
            {array_of_all(rows, lines_of, [](const Line& line) { return std::string_view(line.sku.value); }),
             array_of_all(rows, lines_of, [](const Line& line) { return line.quantity.value; }),
             array_of(rows, [](const OrderRow* row) { return row->id.value; }),
             array_of(rows, [](const OrderRow* row) { return std::string_view(row->user.value); }),
             array_of_int32(slice.first), array_of_int32(slice.last),
             array_of(rows, [](const OrderRow* row) { return to_string(row->status); }),
             array_of(rows, [](const OrderRow* row) { return text_of(row->reason); }),
             array_of(rows, [](const OrderRow* row) { return row->version.value; }),
             array_of(rows, [](const OrderRow* row) { return row->created_at; }),
             array_of(rows, [](const OrderRow* row) { return row->updated_at; }),
             array_of(rows, [](const OrderRow* row) { return row->deadline; }),
             array_of(rows, [](const OrderRow* row) { return row->request_hash.value; })});
}

void add_updated(WriteStatement& write, const Pointers& rows) {
  if (rows.empty()) return;
  write.add("ou", kUpdateOrders,
            {array_of(rows, [](const OrderRow* row) { return row->id.value; }),
             array_of(rows, [](const OrderRow* row) { return to_string(row->status); }),
             array_of(rows, [](const OrderRow* row) { return text_of(row->reason); }),
             array_of(rows, [](const OrderRow* row) { return row->version.value; }),
             array_of(rows, [](const OrderRow* row) { return row->updated_at; })});
}

void add_history(WriteStatement& write, const std::vector<HistoryRow>& given) {
  if (given.empty()) return;
  const auto rows = sorted(given, [](const HistoryRow& row) { return std::pair(row.order, row.version); });
  write.add("oh", kInsertHistory,
            {array_of(rows, [](const HistoryRow* row) { return row->order.value; }),
             array_of(rows, [](const HistoryRow* row) { return row->version.value; }),
             array_of(rows,
                      [](const HistoryRow* row) {
                        return row->before ? std::optional(to_string(*row->before)) : std::nullopt;
                      }),
             array_of(rows, [](const HistoryRow* row) { return to_string(row->after); }),
             array_of(rows, [](const HistoryRow* row) { return text_of(row->reason); }),
             array_of(rows, [](const HistoryRow* row) { return row->cause.value; }),
             array_of(rows, [](const HistoryRow* row) { return row->at; })});
}

}  // namespace

// One statement, so that both halves see the same snapshot. A page begins right after a place, by which the index
// orders_by_user is entered (row comparison: PostgreSQL manual 9.24.5); LIMIT knows no columns, so $5 is that of the longest
// page, and the others are cut here.
const Statement& orders_and_pages() {
  static const Statement statement{
      "orders_of",
      absl::StrCat("SELECT 0::bigint AS page, ", order_columns(), " FROM orders WHERE id = ANY ($1::uuid[])",
                   " UNION ALL SELECT p.page, o.* FROM unnest($2::text[], $3::timestamptz[], $4::uuid[])"
                   " WITH ORDINALITY AS p (user_id, after_at, after_id, page) CROSS JOIN LATERAL (SELECT ",
                   order_columns(),
                   " FROM orders WHERE orders.user_id = p.user_id AND (created_at, id) < (p.after_at, p.after_id)"
                   " ORDER BY created_at DESC, id DESC LIMIT $5::bigint) AS o")};
  return statement;
}

void read_rows(Connection& connection, const OrdersLedger::Keys& keys, LockMode lock, OrdersLedger::Rows& rows) {
  if (keys.orders.empty()) return;
  const auto ids = array_of(keys.orders, [](const OrderId& id) { return id.value; });
  for (const pqxx::row& result : connection.run(orders_statement(lock), {ids})) {
    RowReader read(result);
    OrderRow row = read_order(read);
    const OrderId id = row.id;
    rows.orders.insert(id, std::move(row));
  }
}

void add_rows(WriteStatement& write, const OrdersLedger::Writes& writes) {
  const auto rows = folded(writes.inserted, writes.updated, [](const OrderRow& row) { return row.id; });
  add_inserted(write, rows.inserted);
  add_updated(write, rows.updated);
  add_history(write, writes.history);
}

OrdersRead read_orders(Connection& connection, const ReadOrders& read) {
  OrdersRead out;
  out.pages.resize(read.pages.size());
  const auto after = [](const ListPage& page) { return page.after.value_or(kBeforeAll); };
  std::int64_t limit = 0;
  for (const ListPage& page : read.pages) limit = std::max(limit, page.limit);
  const pqxx::result results =
      connection.run(orders_and_pages(), {array_of(read.orders, [](const OrderId& id) { return id.value; }),
                                        array_of(read.pages, [](const ListPage& page) { return std::string_view(page.user.value); }),
                                        array_of(read.pages, [&](const ListPage& page) { return after(page).created_at; }),
                                        array_of(read.pages, [&](const ListPage& page) { return after(page).id.value; }),
                                        bigint(limit)});
  for (const pqxx::row& result : results) {
    RowReader reader(result);
    const auto number = static_cast<std::size_t>(reader.integer());
    OrderRow row = read_order(reader);
    if (number == 0) {
      const OrderId id = row.id;
      out.orders.insert(id, std::move(row));
    } else {
      out.pages[number - 1].push_back(std::move(row));
    }
  }
  for (std::size_t i = 0; i < out.pages.size(); ++i) {
    std::vector<OrderRow>& page = out.pages[i];
    std::sort(page.begin(), page.end(), [](const OrderRow& a, const OrderRow& b) {
      return std::pair(a.created_at, a.id) > std::pair(b.created_at, b.id);
    });
    page.resize(std::min(page.size(), static_cast<std::size_t>(read.pages[i].limit)));
  }
  if (!read.trails.empty()) out.trails = read_trails(connection, read.trails);
  return out;
}

DueFound find_due(Connection& connection, const FindDue& find) {
  DueFound found;
  const pqxx::result results =
      connection.run(due_statement(), {array_of(std::vector{find.after.deadline}, [](Instant at) { return at; }),
                                       array_of(std::vector{find.after.order}, [](const OrderId& id) { return id.value; }),
                                       bigint(find.limit)});
  for (const pqxx::row& result : results) {
    RowReader read(result);
    Due due;
    due.deadline = read.instant();
    due.order = OrderId(read.uuid());
    found.due.push_back(due);
  }
  return found;
}

}  // namespace quickbite::postgres
