// What a session answers when its server goes away, and that it comes back with it.
#include <variant>

#include "adapters/postgres/ledger_session.h"
#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

class OutageTest : public testing::Test {
 protected:
  void SetUp() override {
    if (cluster() == nullptr) GTEST_SKIP() << "the server is not ours to stop";
    postgres_.clear();
  }
  void TearDown() override {
    if (cluster() != nullptr && !cluster()->running()) {
      ASSERT_TRUE(cluster()->restart().ok());
    }
  }
  live::PostgresCluster* cluster() { return postgres_.server().cluster(); }

  RealPostgres& postgres_ = RealPostgres::instance();
  OrdersLedgerSession orders_{postgres_.session(Service::kOrders)};
};

bool loaded(const LoadAnswer<OrdersLedger>& answer) { return std::holds_alternative<Loaded<OrdersLedger>>(answer); }

TEST_F(OutageTest, IsUnavailableWhileTheServerIsDownAndServesAgainAfterwards) {
  ASSERT_TRUE(loaded(orders_.load({})));
  orders_.rollback();
  ASSERT_TRUE(cluster()->stop().ok());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(std::holds_alternative<Unavailable>(orders_.load({})));
    EXPECT_TRUE(std::holds_alternative<Unavailable>(orders_.read_outbox({10, {}, {}})));
    EXPECT_TRUE(std::holds_alternative<Unavailable>(orders_.read_orders({})));
    EXPECT_TRUE(std::holds_alternative<Unavailable>(orders_.mark({})));
    EXPECT_EQ(orders_.health().condition, Condition::kUnreachable);
    EXPECT_FALSE(orders_.health().trouble.empty());
  }
  ASSERT_TRUE(cluster()->restart().ok());
  EXPECT_TRUE(loaded(orders_.load({})));
  EXPECT_TRUE(orders_.health().ready());
}

TEST_F(OutageTest, AStoreWhoseServerCrashedBeforeItIsUnavailable) {
  const auto answer = orders_.load({});
  ASSERT_TRUE(loaded(answer));
  ASSERT_TRUE(cluster()->kill().ok());
  OrdersLedger::Writes writes;
  writes.inserted = {order_row(1)};
  EXPECT_TRUE(std::holds_alternative<Unavailable>(
      orders_.store({std::get<Loaded<OrdersLedger>>(answer).token, {writes}})));
  ASSERT_TRUE(cluster()->restart().ok());
  EXPECT_EQ(postgres_.one(Service::kOrders, "SELECT count(*) FROM orders"), "0");
}

TEST_F(OutageTest, WhatHasWrittenNothingIsNotInDoubt) {
  const auto answer = orders_.load({});
  ASSERT_TRUE(loaded(answer));
  ASSERT_TRUE(cluster()->kill().ok());
  const StoreAnswer stored = orders_.store({std::get<Loaded<OrdersLedger>>(answer).token, {OrdersLedger::Writes{}}});
  EXPECT_TRUE(std::holds_alternative<Unavailable>(stored)) << stored.index();
}

TEST_F(OutageTest, AServerThatTurnsReadOnlyIsUnavailable) {
  postgres_.as_superuser("ALTER ROLE quickbite_orders SET default_transaction_read_only = on");
  OrdersLedgerSession session(postgres_.session(Service::kOrders));
  // SELECT … FOR UPDATE is refused there as well (25006).
  EXPECT_TRUE(std::holds_alternative<Unavailable>(session.load({{{order_id(1)}, {}}})));
  EXPECT_EQ(session.health().condition, Condition::kUnreachable);
  postgres_.as_superuser("ALTER ROLE quickbite_orders RESET default_transaction_read_only");
}

TEST_F(OutageTest, AServerWithoutAFreeConnectionIsUnavailable) {
  postgres_.as_superuser("ALTER ROLE quickbite_orders CONNECTION LIMIT 0");
  EXPECT_TRUE(std::holds_alternative<Unavailable>(orders_.load({})));
  EXPECT_NE(orders_.health().trouble.find("too many connections"), std::string::npos) << orders_.health().trouble;
  postgres_.as_superuser("ALTER ROLE quickbite_orders CONNECTION LIMIT -1");
  EXPECT_TRUE(loaded(orders_.load({})));
}

}  // namespace
}  // namespace quickbite::postgres
