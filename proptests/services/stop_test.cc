// SIGTERM: what is under way is answered, what comes is refused, and the process exits with 0 within the grace.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "adapters/postgres/admin_connection.h"
#include "adapters/postgres/migrate.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"
#include "services/live/http_client.h"

namespace quickbite {
namespace {

std::vector<std::string> flags(postgres::Service service, const EmbeddedBroker& broker) {
  return {"--database=" + RealPostgres::instance().session(service).connection, "--kafka=" + broker.bootstrap(),
          "--kafka-session-timeout=6s"};
}

TEST(Stop, EveryRequestThatWasTakenIsAnsweredAndEveryAnswerIsTrue) {
  RealPostgres::instance().clear();
  EmbeddedBroker broker;
  broker.start();
  RunningService orders(QUICKBITE_ORDERS, flags(postgres::Service::kOrders, broker));
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();

  std::atomic<bool> stop{false};
  std::atomic<int> placed{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      live::HttpClient client(orders.port());
      while (!stop) {
        const auto answer = client.post("/v1/orders", R"({"userId":"u1","sku":"burger","quantity":1})");
        if (!answer.ok()) continue;  // nobody listens any more, or the connection was closed between two requests
        EXPECT_TRUE(answer->status == 201 || answer->status == 503) << answer->body;
        placed += answer->status == 201;
      }
    });
  }
  ASSERT_TRUE(eventually(absl::Seconds(10), [&] { return placed > 50; }));
  orders.signal(SIGTERM);
  EXPECT_EQ(orders.wait(absl::Seconds(10)), 0) << orders.log();
  stop = true;
  for (std::thread& client : clients) client.join();
  // An order that was stored and whose client never heard of it would be one more.
  EXPECT_EQ(RealPostgres::instance().one(postgres::Service::kOrders, "SELECT count(*) FROM orders"),
            std::to_string(placed.load()));
  EXPECT_NE(orders.log().find("\"msg\":\"stopped\""), std::string::npos) << orders.log();
}

// What is at the machine, and what waits for it.
TEST(Stop, RequestsUnderWayAreWaitedForHoweverLongTheyTakeWithinTheGrace) {
  RealPostgres& postgres = RealPostgres::instance();
  postgres.clear();
  EmbeddedBroker broker;
  broker.start();
  RunningService orders(QUICKBITE_ORDERS, flags(postgres::Service::kOrders, broker));
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();

  postgres::AdminConnection other(postgres.server().owner_connection(postgres::Service::kOrders));
  other.run("BEGIN; LOCK TABLE orders");
  std::vector<std::thread> clients;
  for (int c = 0; c < 5; ++c) {
    clients.emplace_back([&] { EXPECT_EQ(orders.post_order().status, 201); });
    absl::SleepFor(absl::Milliseconds(50));
  }
  orders.signal(SIGTERM);
  absl::SleepFor(absl::Seconds(1));
  EXPECT_TRUE(orders.running());
  other.run("COMMIT");
  EXPECT_EQ(orders.wait(absl::Seconds(10)), 0) << orders.log();
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(postgres.one(postgres::Service::kOrders, "SELECT count(*) FROM orders"), "5");
}

TEST(Stop, AtRestItEndsAtOnce) {
  RealPostgres::instance().clear();
  EmbeddedBroker broker;
  broker.start();
  for (const auto& [program, service] : {std::pair(QUICKBITE_ORDERS, postgres::Service::kOrders),
                                         std::pair(QUICKBITE_INVENTORY, postgres::Service::kInventory)}) {
    RunningService running(program, flags(service, broker));
    ASSERT_TRUE(running.becomes_ready()) << running.log();
    const absl::Time begin = absl::Now();
    running.signal(SIGINT);
    EXPECT_EQ(running.wait(absl::Seconds(10)), 0) << running.log();
    EXPECT_LT(absl::Now() - begin, absl::Seconds(4)) << running.log();
    EXPECT_NE(running.log().find("\"msg\":\"stopped\""), std::string::npos) << running.log();
  }
}

TEST(Stop, WhatCannotBeFinishedDoesNotKeepItLongerThanItsGrace) {
  RealPostgres& postgres = RealPostgres::instance();
  postgres.clear();
  EmbeddedBroker broker;
  broker.start();
  std::vector<std::string> short_grace = flags(postgres::Service::kOrders, broker);
  short_grace.push_back("--grace=2s");
  RunningService orders(QUICKBITE_ORDERS, short_grace);
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();

  postgres.as_owner(postgres::Service::kOrders, "ALTER TABLE orders RENAME TO orders_away");
  std::thread client([&] { EXPECT_EQ(orders.post_order().status, 504); });
  absl::SleepFor(absl::Milliseconds(200));
  const absl::Time begin = absl::Now();
  orders.signal(SIGTERM);
  EXPECT_EQ(orders.wait(absl::Seconds(10)), 0) << orders.log();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(4));
  client.join();
  postgres.as_owner(postgres::Service::kOrders, "ALTER TABLE orders_away RENAME TO orders");
}

// A load balancer looks at /readyz now and then: until it has, requests go on coming, and are served.
TEST(Stop, WithADelayItIsNotReadyAtOnceAndServesUntilThen) {
  RealPostgres::instance().clear();
  EmbeddedBroker broker;
  broker.start();
  std::vector<std::string> delayed = flags(postgres::Service::kOrders, broker);
  delayed.push_back("--drain-delay=2s");
  RunningService orders(QUICKBITE_ORDERS, delayed);
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();
  const absl::Time begin = absl::Now();
  orders.signal(SIGTERM);
  EXPECT_TRUE(orders.comes_to_wait_for("running: the service is stopping", absl::Seconds(1)));
  EXPECT_EQ(orders.get("/readyz").status, 503);
  EXPECT_EQ(orders.post_order().status, 201) << orders.log();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2)) << "too slow a machine to tell";
  EXPECT_EQ(orders.wait(absl::Seconds(10)), 0) << orders.log();
  EXPECT_GE(absl::Now() - begin, absl::Seconds(2));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(6)) << orders.log();
}

TEST(Stop, ASecondSignalEndsItAtOnce) {
  RunningService orders(QUICKBITE_ORDERS, {"--database=host=127.0.0.1 port=1 dbname=x", "--kafka=127.0.0.1:1", "--drain-delay=60s"});
  ASSERT_NE(orders.port(), 0);
  orders.signal(SIGTERM);
  EXPECT_FALSE(orders.wait(absl::Seconds(1))) << "the first lets it finish";
  orders.signal(SIGTERM);
  EXPECT_EQ(orders.wait(absl::Seconds(8)), 0) << orders.log();
}

}  // namespace
}  // namespace quickbite
