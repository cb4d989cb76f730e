// Leases where PostgreSQL's locks matter: a renewal and a mark that meet.
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/ledger_session.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

class Leases : public testing::Test {
 protected:
  Leases() { postgres_.clear(); }

  // Renews, and has a row of shard 7 in its hands.
  MarkOutbox in_hand() {
    OrdersLedger::Writes writes;
    writes.outbox = {outbox_row(1)};
    const auto loaded = holder_.load({});
    EXPECT_TRUE(std::holds_alternative<Stored>(holder_.store({std::get<Loaded<OrdersLedger>>(loaded).token, {std::move(writes)}})));
    const auto read = std::get<OutboxRead>(holder_.read_outbox(whole_outbox(10)));
    EXPECT_EQ(read.rows.size(), 1u);
    return {read.lease->epoch, {read.rows[0].shard}, {{read.rows[0].seq, {Partition(0), Offset(3)}}}, {}, Fence::kEpoch};
  }
  std::string sent() { return postgres_.one(Service::kOrders, "SELECT count(*) FROM outbox_events WHERE sent_offset IS NOT NULL"); }

  RealPostgres& postgres_ = RealPostgres::instance();
  OrdersLedgerSession holder_{postgres_.session(Service::kOrders, "holder")};
};

// It began before the claim was lost and looks at it afresh when it was let in.
TEST_F(Leases, AMarkThatMeetsARenewalWaitsForItAndIsTooLate) {
  const MarkOutbox mark = in_hand();
  AdminConnection other(postgres_.server().owner_connection(Service::kOrders));
  other.run("BEGIN; SELECT FROM outbox_claims ORDER BY shard FOR UPDATE; UPDATE outbox_claims SET epoch = 99 WHERE shard = 7");
  MarkAnswer answer;
  std::thread marking([&] { answer = holder_.mark(mark); });
  while (postgres_.activity("holder") != "waits for a lock") absl::SleepFor(absl::Milliseconds(2));
  other.run("COMMIT");
  marking.join();
  ASSERT_TRUE(std::holds_alternative<Marked>(answer));
  EXPECT_EQ(std::get<Marked>(answer).lost, 1);
  EXPECT_EQ(sent(), "0");
}

TEST_F(Leases, AMarkThatMeetsARenewalOfOtherShardsIsMade) {
  const MarkOutbox mark = in_hand();
  AdminConnection other(postgres_.server().owner_connection(Service::kOrders));
  other.run("BEGIN; SELECT FROM outbox_claims ORDER BY shard FOR UPDATE; UPDATE outbox_claims SET epoch = 99 WHERE shard <> 7");
  MarkAnswer answer;
  std::thread marking([&] { answer = holder_.mark(mark); });
  while (postgres_.activity("holder") != "waits for a lock") absl::SleepFor(absl::Milliseconds(2));
  other.run("COMMIT");
  marking.join();
  EXPECT_EQ(std::get<Marked>(answer).lost, 0);
  EXPECT_EQ(sent(), "1");
}

TEST_F(Leases, TheServiceMayNotMakeOrDropShards) {
  EXPECT_ANY_THROW(postgres_.as_service(Service::kOrders, "DELETE FROM outbox_claims"));
  EXPECT_ANY_THROW(postgres_.as_service(Service::kOrders, "INSERT INTO outbox_claims (shard) VALUES (99)"));
  EXPECT_ANY_THROW(postgres_.as_service(Service::kInventory, "UPDATE outbox_claims SET shard = 5"));
}

}  // namespace
}  // namespace quickbite::postgres
