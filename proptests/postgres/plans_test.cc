// The plans of the statements that the services really send, over a hundred thousand orders: each finds its rows by the index that
// is there for it, and none reads a table from end to end. The server itself tells them (auto_explain, PostgreSQL manual F.4).
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/postgres/backlog.h"
#include "adapters/postgres/ledger_session.h"
#include "adapters/postgres/outbox_session.h"
#include "adapters/postgres/stock_session.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"
#include "services/live/postgres_cluster.h"

namespace quickbite::postgres {
namespace {

constexpr int kTimes = 8;  // after five executions a prepared statement may go over to a plan for any parameters (manual PREPARE)

// Ids as SQL makes them of a number, and as this makes them.
constexpr const char* kIdSql = "('a0000000-0000-0000-b000-' || lpad(to_hex(n), 12, '0'))::uuid";
OrderId order(std::uint64_t n) { return OrderId(Uuid{0xA000'0000'0000'0000, 0xB000'0000'0000'0000 + n}); }
EventId event(std::uint64_t n) { return EventId(order(n).value); }

std::string with_ids(std::string sql) {
  for (std::size_t at; (at = sql.find("ID(n)")) != std::string::npos;) sql.replace(at, 5, kIdSql);
  return sql;
}

// What both services have: a hundred thousand events handled, which are other services' and stand in no order, and sent, of which some are not sent,
// some parked, and some dead letters.
std::string events_sql(const std::string& topic) {
  return with_ids(
      "INSERT INTO processed_events SELECT ID(n), '" + topic + "', n % 4, n, 'APPLIED', now() - n::bigint * 7919 % 100000 * interval '1 s'"
      " FROM generate_series(1000001, 1100000) n;"
      "INSERT INTO outbox_events (event_id, shard, topic, key, type, payload, header_names, header_values, created_at,"
      "  sent_partition, sent_offset, parked, sent_at)"
      " SELECT ID(n), n % 16, '" + topic + "', convert_to('key ' || n, 'UTF8'),"
      "  CASE WHEN n % 1000 = 0 THEN 'DeadLetter' ELSE 'OrderCreated' END, '{}', '{}', '{}',"
      "  now() - n * interval '1 s', CASE WHEN n > 200 THEN n % 4 END, CASE WHEN n > 200 THEN n END, n <= 10,"
      "  CASE WHEN n > 200 THEN now() - n * interval '1 s' END FROM generate_series(1, 100000) n;");
}

class PlansTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    RealPostgres& postgres = RealPostgres::instance();
    postgres.clear();
    postgres.as_owner(Service::kOrders, events_sql("orders.v1"));
    postgres.as_owner(Service::kOrders, with_ids(
        "INSERT INTO orders SELECT ID(n), 'user ' || n % 5000, '{burger}', '{1}', CASE WHEN n % 100 = 0 THEN 'PENDING' ELSE 'CONFIRMED' END,"
        " NULL, 1, now() - n * interval '1 s', now(), now() - n * interval '1 s' + interval '10 min', ID(n) FROM generate_series(1, 100000) n;"
        "INSERT INTO order_history SELECT ID(n), v, 'PENDING', 'CONFIRMED', NULL, ID(n), now()"
        " FROM generate_series(1, 100000) n, generate_series(1, 2) v;"));
    postgres.as_owner(Service::kInventory, events_sql("inventory.v1"));
    postgres.as_owner(Service::kInventory, with_ids(
        "INSERT INTO stock SELECT 'sku' || n, 5, 0 FROM generate_series(1, 20000) n;"
        "INSERT INTO reservations SELECT ID(n), '{burger}', '{1}', 'RESERVED', now() FROM generate_series(1, 100000) n;"
        "INSERT INTO stock_movements SELECT ID(n), 'sku' || n % 20000, 'RESERVE', 1, ID(n), now() FROM generate_series(1, 100000) n;"));
    for (const Service service : {Service::kOrders, Service::kInventory}) {
      postgres.as_owner(service, "ANALYZE");
      const std::string role = app_role(service);
      for (const std::string& setting : {std::string("session_preload_libraries = 'auto_explain'"),
                                         std::string("auto_explain.log_min_duration = 0"), std::string("auto_explain.log_analyze = on")}) {
        postgres.as_superuser(absl::StrCat("ALTER ROLE ", role, " SET ", setting));
      }
    }
  }
  static void TearDownTestSuite() {
    RealPostgres& postgres = RealPostgres::instance();
    for (const Service service : {Service::kOrders, Service::kInventory}) {
      postgres.as_superuser(absl::StrCat("ALTER ROLE ", app_role(service), " RESET ALL"));
    }
    postgres.clear();
  }

  void SetUp() override {
    if (postgres_.server().cluster() == nullptr) GTEST_SKIP() << "the log of another's server is not ours to read";
    begin_ = log().size();
  }

  std::string log() const {
    std::ostringstream text;
    text << std::ifstream(postgres_.server().cluster()->log_path()).rdbuf();
    return text.str();
  }

  // Does something on a session of its own, so often, and reads the plans of it: the indexes that they use.
  template <class Session, class Work>
  std::set<std::string> indexes(Service service, Work work) {
    {
      Session session(postgres_.session(service, "plans"));
      for (int i = 0; i < kTimes; ++i) work(session);
    }
    return indexes_since_begin();
  }

  std::set<std::string> indexes_since_begin() {
    const std::string text = log().substr(begin_);
    const auto all = [&](const std::string& pattern) {
      const std::regex regex(pattern);
      std::set<std::string> found;
      for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
      return found;
    };
    // What is not in quotation marks of a plan is a relation of ours; functions and CTEs are scanned in other words.
    EXPECT_EQ(all("Seq Scan on ([a-z_]+)"), std::set<std::string>{}) << text;
    std::set<std::string> indexes = all("Scan(?: Backward)? using ([a-z_]+)");
    indexes.merge(all("Bitmap Index Scan on ([a-z_]+)"));
    return indexes;
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  std::size_t begin_ = 0;
};

using Names = std::set<std::string>;

TEST_F(PlansTest, OrdersLoadsByIdAndAsksForHandledEventsById) {
  EXPECT_EQ(indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
              EXPECT_TRUE(std::holds_alternative<Loaded<OrdersLedger>>(
                  session.load({{{order(1), order(2), order(70'000)}, {event(3), event(4)}}, LockMode::kForUpdate})));
              session.rollback();
            }),
            (Names{"orders_pkey", "processed_events_pkey"}));
}

TEST_F(PlansTest, OrdersUpdatesById) {
  EXPECT_TRUE(indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
                const auto loaded = session.load({{{order(5)}, {}}, LockMode::kForUpdate});
                OrdersLedger::Writes writes;
                writes.updated = {std::get<Loaded<OrdersLedger>>(loaded).rows.orders.begin()->second};
                EXPECT_TRUE(std::holds_alternative<Stored>(session.store({std::get<Loaded<OrdersLedger>>(loaded).token, {writes}})));
              }).contains("orders_pkey"));
}

TEST_F(PlansTest, AListIsAPieceOfTheUsersIndexAndAnOrderIsFoundById) {
  EXPECT_EQ(indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
              const ListPlace place{Instant{absl::ToUnixMicros(absl::Now()) - seconds(50'000).us}, order(50'000)};
              EXPECT_TRUE(std::holds_alternative<OrdersRead>(session.read_orders(
                  {{order(7)}, {{UserId("user 7"), std::nullopt, 50}, {UserId("user 8"), place, 50}}, {}})));
            }),
            (Names{"orders_by_user", "orders_pkey"}));
}

TEST_F(PlansTest, ATrailIsFoundByTheIdsOfItsOrderAndItsEvents) {
  EXPECT_EQ(indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
              EXPECT_TRUE(std::holds_alternative<OrdersRead>(session.read_orders({{order(9)}, {}, {order(9)}})));
            }),
            (Names{"order_history_pkey", "orders_by_user", "orders_pkey", "outbox_events_pkey", "processed_events_pkey"}))
      << "one statement reads orders and pages; there is no page here";
}

TEST_F(PlansTest, WhatIsDueIsAPieceOfTheIndexOfPendingOrders) {
  EXPECT_EQ(indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
              const auto answer = session.find_due({{}, 100});
              EXPECT_EQ(std::get<DueFound>(answer).due.size(), 100u);
            }),
            (Names{"orders_due"}));
}

TEST_F(PlansTest, TheRelayReadsAndMarksByTheIndexOfUnsentRows) {
  const Names read = indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
    EXPECT_EQ(std::get<OutboxRead>(session.read_outbox(whole_outbox(500))).rows.size(), 190u);
  });
  EXPECT_TRUE(read.contains("outbox_events_unsent"));
  EXPECT_TRUE(read.contains("outbox_events_parked")) << "by which it knows what waits behind a parked row";
  EXPECT_FALSE(read.contains("outbox_events_pkey"));
  begin_ = log().size();
  EXPECT_EQ(indexes<OrdersLedgerSession>(Service::kOrders, [](auto& session) {
              MarkOutbox mark = unfenced_mark({{OutboxSeq(1'000'000'000), {Partition(1), Offset(1)}}});
              mark.fence = Fence::kEpoch;
              EXPECT_TRUE(std::holds_alternative<Marked>(session.mark(mark)));
            }),
            (Names{"outbox_claims_pkey", "outbox_events_unsent"}));
}

TEST_F(PlansTest, WhatWaitsForWhomIsSeenByTheIndexesOfUnsentAndOfParkedRows) {
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    begin_ = log().size();
    EXPECT_EQ(indexes<OutboxSession>(service, [](auto& session) {
                const auto waiting = session.waiting({}, OutboxSeq(0), 500);
                EXPECT_TRUE(waiting.ok()) << waiting.status();
                EXPECT_EQ(waiting->size(), 200u);
              }),
              (Names{"outbox_events_parked", "outbox_events_unsent"}));
  }
}

// A page of them, its redrives, and what came of those.
TEST_F(PlansTest, DeadLettersAreFoundByTheirIndex) {
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    begin_ = log().size();
    EXPECT_EQ(indexes<LedgerSession<OrdersLedger>>(service, [](auto& session) {
                const auto found = session.find_letters({{}, OutboxSeq(7), 10});
                EXPECT_EQ(std::get<LettersFound>(found).letters.size(), 10u);
              }),
              (Names{"outbox_events_letters", "outbox_events_pkey", "processed_events_pkey"}));
  }
}

TEST_F(PlansTest, TheWatchCountsTheBacklogByTheIndexOfUnsentRows) {
  const auto seen = look_at_database(postgres_.session(Service::kOrders).connection, schema_range(Service::kOrders));
  ASSERT_TRUE(seen.ok()) << seen.status();
  ASSERT_EQ(seen->backlogs.size(), 1u);
  EXPECT_EQ(seen->backlogs[0].unsent, 190);
  EXPECT_EQ(seen->backlogs[0].parked, 10);
  EXPECT_GE(seen->backlogs[0].oldest, seconds(200));
  EXPECT_TRUE(absl::StrContains(log().substr(begin_), "using outbox_events_unsent on outbox_events"));
  EXPECT_FALSE(absl::StrContains(log().substr(begin_), "Seq Scan on outbox_events"));
}

TEST_F(PlansTest, RetentionFindsTheOldestByTheIndexesOfAge) {
  for (const Service service : {Service::kOrders, Service::kInventory}) {
    begin_ = log().size();
    const Names used = indexes<LedgerSession<OrdersLedger>>(service, [](auto& session) {
      const auto pruned = session.prune({seconds(90'000), 10});
      EXPECT_EQ(std::get<Pruned>(pruned).fields(), (Pruned{10, 10}.fields()));
    });
    EXPECT_TRUE(used.contains("outbox_events_sent"));
    EXPECT_TRUE(used.contains("processed_events_age"));
    EXPECT_FALSE(absl::StrContains(log().substr(begin_), "Sort Key")) << "ten of ten thousand: reading must end with the tenth";
  }
}

TEST_F(PlansTest, InventoryLoadsReservationsStockAndHandledEventsByTheirKeys) {
  EXPECT_EQ(indexes<InventoryLedgerSession>(Service::kInventory, [](auto& session) {
              EXPECT_TRUE(std::holds_alternative<Loaded<InventoryLedger>>(
                  session.load({{{order(1), order(2)}, {Sku("sku1"), Sku("sku777")}, {event(3)}}, LockMode::kForUpdate})));
              session.rollback();
            }),
            (Names{"processed_events_pkey", "reservations_pkey", "stock_pkey"}));
}

TEST_F(PlansTest, WhatIsAskedOfTheStockDeskIsFoundByItsKeys) {
  EXPECT_EQ(indexes<StockSession>(Service::kInventory, [](auto& session) {
              session.menu(50);
              session.stock({Sku("sku5"), Sku("sku6")});
              session.reservation(order(6));
              session.load(Restock{event(9), Sku("sku9"), Quantity(1)});
              session.rollback();
            }),
            (Names{"reservations_pkey", "stock_movements_pkey", "stock_pkey"}));
}

}  // namespace
}  // namespace quickbite::postgres
