// What only PostgreSQL can tell about the sweeper's part of a session: rights, the register of what was swept, and turns.
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

constexpr Service kServices[] = {Service::kOrders, Service::kInventory};

class Sweeping : public testing::Test {
 protected:
  void SetUp() override { postgres_.clear(); }

  PruneAnswer prune(Service service, Prune prune) {
    return service == Service::kOrders ? orders_.prune(prune) : inventory_.prune(prune);
  }
  std::string pruned(Service service, Prune wanted) {
    const PruneAnswer answer = prune(service, wanted);
    const auto* done = std::get_if<Pruned>(&answer);
    return done == nullptr ? "not pruned" : absl::StrCat(done->processed, " ", done->outbox);
  }
  // Dedupe rows of so many hours ago.
  void handled(Service service, int number, int hours) {
    postgres_.as_owner(service, absl::StrCat("INSERT INTO processed_events SELECT gen_random_uuid(), 'orders.v1', 0, n,"
                                             " 'APPLIED', now() - interval '", hours, " hours' FROM generate_series(1, ",
                                             number, ") n"));
  }
  std::string count(Service service, const std::string& table) {
    return postgres_.one(service, absl::StrCat("SELECT count(*) FROM ", table));
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  OrdersLedgerSession orders_{postgres_.session(Service::kOrders)};
  InventoryLedgerSession inventory_{postgres_.session(Service::kInventory)};
};

TEST_F(Sweeping, BothServicesMayDeleteWhatIsOldAndNothingElse) {
  for (const Service service : kServices) {
    handled(service, 3, 30);
    handled(service, 2, 10);
    EXPECT_EQ(pruned(service, {seconds(20 * 3600), 100}), "3 0");
    EXPECT_EQ(count(service, "processed_events"), "2");
  }
  EXPECT_ANY_THROW(postgres_.as_service(Service::kOrders, "DELETE FROM orders"));
  EXPECT_ANY_THROW(postgres_.as_service(Service::kOrders, "DELETE FROM order_history"));
  EXPECT_ANY_THROW(postgres_.as_service(Service::kInventory, "DELETE FROM reservations"));
  EXPECT_ANY_THROW(postgres_.as_service(Service::kInventory, "DELETE FROM stock_movements"));
}

TEST_F(Sweeping, WhatWasSweptIsOnRecordAndNeverMovesBack) {
  for (const Service service : kServices) {
    EXPECT_EQ(pruned(service, {seconds(3600), 100}), "0 0");
    EXPECT_EQ(count(service, "swept"), "0") << "nothing was deleted";
    handled(service, 1, 30);
    EXPECT_EQ(pruned(service, {seconds(20 * 3600), 100}), "1 0");
    const std::string hours = "SELECT round(extract(epoch FROM now() - before) / 3600) FROM swept";
    EXPECT_EQ(postgres_.one(service, hours), "20");
    handled(service, 1, 50);
    EXPECT_EQ(pruned(service, {seconds(40 * 3600), 100}), "1 0");
    EXPECT_EQ(postgres_.one(service, hours), "20");
  }
}

TEST_F(Sweeping, ARowsAgeCountsFromWhenItWasSent) {
  OrdersLedger::Writes writes;
  writes.outbox = {outbox_row(1), outbox_row(2)};  // of 2023
  const auto loaded = orders_.load({});
  ASSERT_TRUE(std::holds_alternative<Stored>(
      orders_.store({std::get<Loaded<OrdersLedger>>(loaded).token, {std::move(writes)}})));
  const auto rows = std::get<OutboxRead>(orders_.read_outbox(whole_outbox(10))).rows;
  ASSERT_EQ(rows.size(), 2u);
  ASSERT_TRUE(std::holds_alternative<Marked>(orders_.mark(unfenced_mark({{rows[0].seq, {Partition(0), Offset(7)}}}))));
  EXPECT_EQ(pruned(Service::kOrders, {seconds(3600), 100}), "0 0");
  // As a service of before 0002 marked it.
  postgres_.as_owner(Service::kOrders, "UPDATE outbox_events SET sent_at = NULL WHERE sent_offset IS NOT NULL");
  EXPECT_EQ(pruned(Service::kOrders, {seconds(3600), 100}), "0 1");
  EXPECT_EQ(count(Service::kOrders, "outbox_events"), "1") << "the unsent one stays, however old it is";
}

TEST_F(Sweeping, WhileOnePrunesAnotherDoesNotWaitAndDeletesNothing) {
  handled(Service::kOrders, 3, 30);
  AdminConnection other(postgres_.server().owner_connection(Service::kOrders));
  other.run("BEGIN; SELECT pg_advisory_xact_lock(hashtext('quickbite retention'))");
  EXPECT_EQ(pruned(Service::kOrders, {seconds(3600), 100}), "0 0");
  other.run("ROLLBACK");
  EXPECT_EQ(pruned(Service::kOrders, {seconds(3600), 100}), "3 0");
}

TEST_F(Sweeping, AReservationThatAnotherHoldsIsLeftOutAndItsStockIsNotWaitedFor) {
  postgres_.as_owner(Service::kInventory, "INSERT INTO stock VALUES ('burger', 5, 4)");
  InventoryLedger::Writes writes;
  writes.inserted = {reservation_row(1), reservation_row(2)};
  const auto loaded = inventory_.load({});
  ASSERT_TRUE(std::holds_alternative<Stored>(
      inventory_.store({std::get<Loaded<InventoryLedger>>(loaded).token, {std::move(writes)}})));
  AdminConnection other(postgres_.server().owner_connection(Service::kInventory));
  other.run(absl::StrCat("BEGIN; SELECT FROM reservations WHERE order_id = '", to_string(order_id(1).value), "' FOR UPDATE"));
  const auto answer = inventory_.load({{{order_id(1), order_id(2)}, {}, {}}, LockMode::kSkipLocked});
  const auto* rows = std::get_if<Loaded<InventoryLedger>>(&answer);
  ASSERT_NE(rows, nullptr);
  EXPECT_FALSE(rows->rows.reservations.contains(order_id(1)));
  EXPECT_TRUE(rows->rows.reservations.contains(order_id(2)));
  EXPECT_TRUE(rows->rows.stock.contains(Sku("burger")));
  inventory_.rollback();
  other.run("ROLLBACK");
}

// The searches stay ranges of indexes, however many rows there are that are neither due nor old.
TEST_F(Sweeping, WhatIsLookedForIsFoundByAnIndex) {
  postgres_.as_owner(Service::kOrders,
                     "INSERT INTO processed_events SELECT gen_random_uuid(), 'orders.v1', 0, n, 'APPLIED', now()"
                     " FROM generate_series(1, 20000) n; ANALYZE processed_events;"
                     "INSERT INTO orders SELECT gen_random_uuid(), 'u1', '{burger}', '{1}', 'CONFIRMED', NULL, 2, now(), now(),"
                     " now() - interval '1 hour', gen_random_uuid() FROM generate_series(1, 20000) n; ANALYZE orders");
  const auto plan = [&](const std::string& sql) {
    std::string text;
    for (const pqxx::row& row : postgres_.as_owner(Service::kOrders, "EXPLAIN " + sql)) text += std::string(row[0].c_str()) + "\n";
    return text;
  };
  EXPECT_NE(plan("SELECT event_id FROM processed_events p WHERE at < (SELECT now() - interval '9 hours') ORDER BY at LIMIT 9")
                .find("processed_events_age"),
            std::string::npos);
  EXPECT_NE(plan("SELECT id FROM orders WHERE status = 'PENDING' AND deadline <= now() ORDER BY deadline, id LIMIT 9")
                .find("orders_due"),
            std::string::npos);
}

}  // namespace
}  // namespace quickbite::postgres
