// A service whose database or broker is not there: it waits, says for what, is not ready, and does not end.
#include <gtest/gtest.h>

#include <string>

#include "adapters/postgres/migrate.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"
#include "services/live/server_process.h"

namespace quickbite {
namespace {

std::string database(postgres::Service service) {
  return "--database=" + RealPostgres::instance().session(service).connection;
}

TEST(Start, WithoutItsDatabaseAServiceWaitsForIt) {
  EmbeddedBroker broker;
  broker.start();
  for (const std::string program : {QUICKBITE_ORDERS, QUICKBITE_INVENTORY}) {
    RunningService service(program, {"--database=host=127.0.0.1 port=1 dbname=x", "--kafka=" + broker.bootstrap()});
    EXPECT_TRUE(service.comes_to_wait_for("database: "));
    EXPECT_TRUE(service.comes_to_wait_for("onnection refused"));
    EXPECT_EQ(service.get("/healthz").status, 200);
    EXPECT_NE(service.log().find("\"msg\":\"waiting\",\"for\":\"database: "), std::string::npos) << service.log();
    EXPECT_TRUE(service.running());
    service.signal(SIGTERM);
    EXPECT_EQ(service.wait(absl::Seconds(5)), 0);
  }
}

TEST(Start, WithoutItsDatabaseOrdersRefusesAtOnce) {
  RunningService orders(QUICKBITE_ORDERS, {"--database=host=127.0.0.1 port=1 dbname=x", "--kafka=127.0.0.1:1"});
  const HttpAnswer placed = orders.post_order();
  EXPECT_EQ(placed.status, 503) << placed.body;
  EXPECT_TRUE(header(placed.headers, "retry-after").has_value());
  EXPECT_EQ(orders.get("/v1/orders?userId=u1").status, 503);
  EXPECT_EQ(orders.get("/v1/nothing").status, 404);
}

TEST(Start, ASchemaThatIsNotThereIsNamed) {
  // A database that the migrations were never run on.
  const std::string empty = RealPostgres::instance().server().superuser_connection();
  RunningService orders(QUICKBITE_ORDERS, {"--database=" + empty, "--kafka=127.0.0.1:1"});
  EXPECT_TRUE(orders.comes_to_wait_for("schema: it is at version 0, and this program needs ")) << orders.get("/readyz").body;
  EXPECT_TRUE(orders.comes_to_wait_for("run quickbite migrate"));
  const postgres::SchemaRange range = postgres::schema_range(postgres::Service::kOrders);
  const std::string told = "{\"name\":\"schema\",\"met\":false,\"version\":0,\"min\":" + std::to_string(range.min) +
                           ",\"max\":" + std::to_string(range.max) + ",";
  EXPECT_NE(orders.get("/readyz").body.find(told), std::string::npos) << orders.get("/readyz").body;
  EXPECT_NE(orders.get("/readyz").body.find("{\"name\":\"database\",\"met\":true}"), std::string::npos);
}

TEST(Start, WithoutTheBrokerOrdersIsNotReadyButTakesOrders) {
  RealPostgres::instance().clear();
  EmbeddedBroker broker;
  RunningService orders(QUICKBITE_ORDERS, {database(postgres::Service::kOrders), "--kafka=" + broker.bootstrap(),
                                           "--kafka-session-timeout=4s"});
  EXPECT_TRUE(orders.comes_to_wait_for("\"broker: "));
  EXPECT_TRUE(eventually(absl::Seconds(10), [&] { return orders.post_order().status == 201; }));
  EXPECT_EQ(orders.get("/readyz").status, 503);
  EXPECT_TRUE(orders.running());
  broker.start();
  EXPECT_TRUE(orders.becomes_ready()) << orders.get("/readyz").body << orders.log();
  EXPECT_NE(orders.get("/readyz").body.find("{\"name\":\"partitions\",\"met\":true,\"assigned\":[0"), std::string::npos)
      << orders.get("/readyz").body;

  // Once it was ready, an outage of the broker is reported and no more.
  broker.down();
  EXPECT_TRUE(eventually(absl::Seconds(20), [&] {
    return orders.get("/readyz").body.find("\"name\":\"broker\",\"met\":false") != std::string::npos;
  })) << orders.get("/readyz").body;
  EXPECT_EQ(orders.get("/readyz").status, 200);
  EXPECT_EQ(orders.post_order().status, 201);
}

TEST(Start, AnOrderIsConfirmedOnceBothServicesAreThere) {
  RealPostgres::instance().clear();
  const std::string inventory_database = RealPostgres::instance().session(postgres::Service::kInventory).connection;
  ASSERT_TRUE(postgres::add_stock(inventory_database, Sku("burger"), Quantity(5), EventId(Uuid{1, 1})).ok());
  EmbeddedBroker broker;
  broker.start();
  RunningService inventory(QUICKBITE_INVENTORY, {"--database=" + inventory_database, "--kafka=" + broker.bootstrap(),
                                                 "--kafka-session-timeout=4s"});
  RunningService orders(QUICKBITE_ORDERS, {database(postgres::Service::kOrders), "--kafka=" + broker.bootstrap(),
                                           "--kafka-session-timeout=4s"});
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();
  ASSERT_TRUE(inventory.becomes_ready()) << inventory.log();
  const HttpAnswer placed = orders.post_order();
  ASSERT_EQ(placed.status, 201) << placed.body;
  const std::string location(header(placed.headers, "location").value_or(""));
  EXPECT_TRUE(eventually(absl::Seconds(10), [&] {
    return orders.get(location).body.find("\"status\":\"CONFIRMED\"") != std::string::npos;
  })) << orders.get(location).body;
  EXPECT_EQ(inventory.get("/v1/orders").status, 404);
}

}  // namespace
}  // namespace quickbite
