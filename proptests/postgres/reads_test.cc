// What the Reader asks: pages of lists by keyset, and trails, against the model on the same rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/postgres/ledger_session.h"
#include "adapters/postgres/schema_access.h"
#include "domain/message/event.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"
#include "sim/model/ledger_tables.h"

namespace quickbite::postgres {
namespace {

class ReadsTest : public testing::Test {
 protected:
  void SetUp() override { postgres_.clear(); }

  void store(OrdersLedger::Writes writes) {
    for (const OrderRow& row : writes.inserted) tables_.orders.insert(row.id, row);
    for (const HistoryRow& row : writes.history) tables_.history.push_back(row);
    for (const ProcessedRow& row : writes.processed) tables_.processed.insert(row.id, row);
    const auto loaded = orders_.load({});
    const auto stored = orders_.store({std::get<Loaded<OrdersLedger>>(loaded).token, {std::move(writes)}});
    ASSERT_TRUE(std::holds_alternative<Stored>(stored));
  }

  OrdersRead read(const ReadOrders& what) {
    ReadOrdersAnswer answer = orders_.read_orders(what);
    auto* rows = std::get_if<OrdersRead>(&answer);
    EXPECT_NE(rows, nullptr);
    return rows == nullptr ? OrdersRead{} : std::move(*rows);
  }

  // Many orders of u1, several in the same instant, and one of another.
  void store_many(int count) {
    OrdersLedger::Writes writes;
    for (int n = 1; n <= count; ++n) {
      writes.inserted.push_back(order_row(static_cast<std::uint64_t>(n * 37 % 101), 1'700'000'000 + n / 3));
    }
    writes.inserted.back().user = UserId("u2");
    store(std::move(writes));
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  OrdersLedgerSession orders_{postgres_.session(Service::kOrders)};
  OrdersTables tables_;
};

TEST_F(ReadsTest, PagesFollowEachOtherWithoutGapOrOverlap) {
  store_many(50);
  for (const std::int64_t limit : {1, 2, 3, 7, 49, 60}) {
    std::vector<OrderId> seen;
    std::optional<ListPlace> after;
    for (;;) {
      const ReadOrders what{{}, {{UserId("u1"), after, limit}}, {}};
      const OrdersRead page = read(what);
      ASSERT_EQ(page.pages, sim::read_orders(tables_, what).pages) << "the model says otherwise";
      if (page.pages[0].empty()) break;
      for (const OrderRow& row : page.pages[0]) seen.push_back(row.id);
      after = ListPlace{page.pages[0].back().created_at, page.pages[0].back().id};
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
    EXPECT_EQ(seen.size(), 49u) << "by pages of " << limit;
  }
}

TEST_F(ReadsTest, APlaceNeedNotBeAnOrderThatIsThere) {
  store_many(20);
  const ReadOrders what{{},
                        {{UserId("u1"), ListPlace{Instant{1'700'000'003'000'000}, order_id(7)}, 5},
                         {UserId("u1"), ListPlace{Instant{0}, order_id(7)}, 5},
                         {UserId("u2"), std::nullopt, 5},
                         {UserId("u3"), std::nullopt, 5}},
                        {}};
  const OrdersRead pages = read(what);
  EXPECT_EQ(pages.pages, sim::read_orders(tables_, what).pages);
  EXPECT_EQ(pages.pages[0].size(), 5u);
  EXPECT_TRUE(pages.pages[1].empty());
  EXPECT_EQ(pages.pages[2].size(), 1u);
}

// What a list costs must not grow with what others have ordered, nor with how far one has paged.
TEST_F(ReadsTest, APageIsFoundByTheIndexAndNotSorted) {
  postgres_.as_owner(Service::kOrders,
                     "INSERT INTO orders SELECT gen_random_uuid(), 'u' || n % 50, '{burger}', '{1}', 'PENDING', NULL, 1,"
                     " '2026-01-01'::timestamptz + n * interval '1 s', now(), now(), gen_random_uuid()"
                     " FROM generate_series(1, 20000) AS n; ANALYZE orders");
  std::string plan;
  for (const pqxx::row& line : postgres_.as_owner(
           Service::kOrders,
           "PREPARE pages AS " + orders_and_pages().sql +
               "; EXPLAIN EXECUTE pages('{}', '{u7,u8}', '{2026-01-01 03:00Z,2026-01-01 04:00Z}',"
               " '{ffffffff-ffff-ffff-ffff-ffffffffffff,ffffffff-ffff-ffff-ffff-ffffffffffff}', 21)")) {
    plan += line[0].as<std::string>() + "\n";
  }
  EXPECT_NE(plan.find("orders_by_user"), plan.npos) << plan;
  EXPECT_NE(plan.find("Index Cond: ((user_id = p.user_id) AND (ROW(created_at, id) < ROW(p.after_at, p.after_id)))"), plan.npos)
      << plan;
  EXPECT_EQ(plan.find("Sort"), plan.npos) << plan;
}

TEST_F(ReadsTest, ATrailHoldsWhatTheTablesKnowOfAnOrder) {
  const OrderId one = order_id(1);
  const EventId created = quickbite::event_id(OrderCreated{one, {}, {}});
  const EventId reserved = quickbite::event_id(InventoryReserved{one});
  OrdersLedger::Writes writes;
  writes.inserted = {confirmed(order_row(1)), order_row(2)};
  writes.history = {{one, Version(1), {}, OrderStatus::kPending, {}, created, Instant{1'700'000'000'000'001}},
                    {one, Version(2), OrderStatus::kPending, OrderStatus::kCancelled, CancelReason::kExpired, reserved,
                     Instant{1'700'000'000'000'002}},
                    {order_id(2), Version(1), {}, OrderStatus::kPending, {}, event_id(9), Instant{1'700'000'000'000'003}}};
  ProcessedRow handled = processed_row(1);
  handled.id = reserved;
  writes.processed = {handled, processed_row(2)};
  OutboxRow announced = outbox_row(1);
  announced.id = created;
  writes.outbox = {announced, outbox_row(2)};
  store(writes);
  const ReadOutboxAnswer unsent = orders_.read_outbox(whole_outbox(10));
  for (const OutboxRow& row : std::get<OutboxRead>(unsent).rows) tables_.outbox.insert(row.seq, row);

  const ReadOrders what{{}, {}, {one, order_id(2), order_id(3)}};
  OrdersRead trails = read(what);
  EXPECT_EQ(trails.trails, sim::read_orders(tables_, what).trails);
  EXPECT_EQ(trails.trails.find(one)->history.size(), 2u);
  EXPECT_EQ(trails.trails.find(one)->announced.size(), 1u);
  EXPECT_EQ(trails.trails.find(one)->handled.size(), 1u);
  EXPECT_TRUE(trails.trails.find(order_id(3))->history.empty());

  const OutboxSeq seq = std::get<OutboxRead>(unsent).rows[0].seq;
  ASSERT_TRUE(std::holds_alternative<Marked>(orders_.mark(unfenced_mark({{seq, {Partition(4), Offset(5)}}}))));
  tables_.outbox.find(seq)->sent = SentAt{Partition(4), Offset(5)};
  EXPECT_EQ(read(what).trails, sim::read_orders(tables_, what).trails) << "sent";
}

}  // namespace
}  // namespace quickbite::postgres
