// /metrics of the real services: what happened shows there, under names and in a form that Prometheus' own tool finds no fault with.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/postgres/migrate.h"
#include "proptests/operations/observability.h"
#include "proptests/operations/promtool.h"
#include "proptests/operations/scrape.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"
#include "services/live/http_client.h"

namespace quickbite {
namespace {

class MetricsTest : public testing::Test {
 protected:
  void SetUp() override {
    RealPostgres::instance().clear();
    ASSERT_TRUE(postgres::add_stock(database(postgres::Service::kInventory), Sku("burger"), Quantity(5), EventId(Uuid{1, 1})).ok());
    broker.start();
    inventory = std::make_unique<RunningService>(QUICKBITE_INVENTORY, flags(postgres::Service::kInventory));
    ASSERT_TRUE(inventory->becomes_ready()) << inventory->log();
    std::vector<std::string> of_orders = flags(postgres::Service::kOrders);
    of_orders.push_back("--inventory=127.0.0.1:" + grpc_port());
    orders = std::make_unique<RunningService>(QUICKBITE_ORDERS, of_orders);
    ASSERT_TRUE(orders->becomes_ready()) << orders->log();
  }

  static std::string database(postgres::Service service) { return RealPostgres::instance().session(service).connection; }
  std::vector<std::string> flags(postgres::Service service) const {
    return {"--database=" + database(service), "--kafka=" + broker.bootstrap(), "--kafka-session-timeout=4s"};
  }

  std::string grpc_port() const {
    const std::string log = inventory->log(), said = "\"msg\":\"listening for gRPC\"", port = "\"port\":";
    const std::size_t at = log.find(port, log.find(said));
    return at == std::string::npos ? "1" : std::to_string(std::atoi(log.c_str() + at + port.size()));
  }

  std::string place() const {
    const HttpAnswer placed = orders->post_order();
    EXPECT_EQ(placed.status, 201) << placed.body;
    return std::string(header(placed.headers, "location").value_or(""));
  }
  bool settled(const std::string& location, const std::string& status) const {
    return eventually(absl::Seconds(10),
                      [&] { return orders->get(location).body.find("\"status\":\"" + status + "\"") != std::string::npos; });
  }
  // Numbers of a thread's last act come a moment after what it did can be seen.
  static bool comes_to(const RunningService& service, const std::string& sample, double value) {
    return eventually(absl::Seconds(10), [&] { return Scrape::of(service).value(sample) == value; });
  }

  EmbeddedBroker broker;
  std::unique_ptr<RunningService> inventory, orders;
};

TEST_F(MetricsTest, AnOrderThatIsConfirmedMovesTheNumbersOfEveryStepOfItsWay) {
  const Scrape before = Scrape::of(*orders);
  EXPECT_EQ(before.value("quickbite_orders_placed_total"), 0);
  EXPECT_EQ(before.value("quickbite_orders_settled_total{reason=\"\",status=\"confirmed\"}"), 0);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(settled(place(), "CONFIRMED"));

  EXPECT_TRUE(comes_to(*orders, "quickbite_orders_settled_total{reason=\"\",status=\"confirmed\"}", 3));
  EXPECT_TRUE(comes_to(*orders, "quickbite_outbox_sent_total", 3));
  const Scrape after = Scrape::of(*orders);
  EXPECT_EQ(after.value("quickbite_orders_placed_total"), 3);
  EXPECT_EQ(after.value("quickbite_order_pending_duration_seconds_count"), 3);
  const double pending = after.value("quickbite_order_pending_duration_seconds_sum").value_or(-1);
  EXPECT_GT(pending, 0);
  EXPECT_LT(pending, 30);
  EXPECT_EQ(after.value("quickbite_records_handled_total{handled=\"applied\",topic=\"inventory.v1\"}"), 3);
  EXPECT_EQ(after.sum("quickbite_effects_total", {"machine=\"intake\"", "effect=\"store\"", "outcome=\"ok\""}), 3);
  EXPECT_EQ(after.sum("quickbite_effects_total", {"outcome=\"in_doubt\""}), 0);
  EXPECT_GE(after.sum("quickbite_effect_duration_seconds_count", {"machine=\"relay\"", "effect=\"produce\""}), 1);
  EXPECT_GT(after.sum("quickbite_effect_duration_seconds_sum", {"machine=\"delivery\"", "effect=\"store\""}), 0);
  EXPECT_EQ(after.sum("quickbite_effect_batch_size_sum", {"machine=\"intake\"", "effect=\"load\""}), 3);
  EXPECT_EQ(after.sum("quickbite_effect_batch_size_sum", {"machine=\"relay\"", "effect=\"produce\""}), 3);
  EXPECT_EQ(after.value("quickbite_consumer_lag_records{topic=\"inventory.v1\"}"), 0);
  EXPECT_GE(after.value("quickbite_consumer_partitions_assigned{topic=\"inventory.v1\"}").value_or(0), 1);
  EXPECT_EQ(after.value("quickbite_ready"), 1);
  EXPECT_EQ(after.value("quickbite_condition_met{condition=\"database\"}"), 1);
  EXPECT_EQ(after.sum("quickbite_build_info", {"service=\"orders\""}), 1);
  EXPECT_GT(after.value("process_resident_memory_bytes").value_or(0), 1e6);

  const Scrape there = Scrape::of(*inventory);
  EXPECT_EQ(there.value("quickbite_records_handled_total{handled=\"applied\",topic=\"orders.v1\"}"), 3);
  EXPECT_EQ(there.sum("quickbite_build_info", {"service=\"inventory\""}), 1);
  EXPECT_TRUE(comes_to(*inventory, "quickbite_outbox_sent_total", 3));
}

TEST_F(MetricsTest, WhatIsNotConfirmedIsCountedByItsReason) {
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(settled(place(), "CONFIRMED"));
  ASSERT_TRUE(settled(place(), "CANCELLED"));
  EXPECT_TRUE(comes_to(*orders, "quickbite_orders_settled_total{reason=\"OUT_OF_STOCK\",status=\"cancelled\"}", 1));
  EXPECT_EQ(Scrape::of(*orders).value("quickbite_order_pending_duration_seconds_count"), 5);
}

TEST_F(MetricsTest, RequestsAreCountedByRouteAndStatusAndNeverByTheClientsWords) {
  const std::string location = place();
  orders->get(location);
  orders->get(location);
  orders->get("/v1/orders/11111111-2222-5333-8444-555555555555");
  orders->get("/v1/orders/no-id/timeline");
  orders->get("/../etc/passwd");
  orders->get("/v1/orders");
  const Scrape scrape = Scrape::of(*orders);
  const auto count = [&](const std::string& method, const std::string& route, int code) {
    return scrape.value("quickbite_http_requests_total{code=\"" + std::to_string(code) + "\",method=\"" + method + "\",route=\"" +
                        route + "\"}").value_or(0);
  };
  EXPECT_EQ(count("POST", "/v1/orders", 201), 1);
  EXPECT_EQ(count("GET", "/v1/orders/{orderId}", 200), 2);
  EXPECT_EQ(count("GET", "/v1/orders/{orderId}", 404), 1);
  EXPECT_EQ(count("GET", "/v1/orders/{orderId}/timeline", 404), 1);
  EXPECT_EQ(count("GET", "/v1/orders", 400), 1);
  EXPECT_EQ(count("GET", "other", 404), 1) << scrape.text();
  EXPECT_EQ(scrape.sum("quickbite_http_request_duration_seconds_count", {"route=\"/v1/orders/{orderId}\""}), 3);
  EXPECT_EQ(scrape.text().find("passwd"), std::string::npos);
  EXPECT_EQ(scrape.text().find(location.substr(location.rfind('/') + 1)), std::string::npos);
}

TEST_F(MetricsTest, WithoutTheBrokerTheOutboxGrowsOlderAndDeeperAndEmptiesAgain) {
  const std::string depth = "quickbite_outbox_depth_rows{topic=\"orders.v1\"}";
  const std::string age = "quickbite_outbox_oldest_age_seconds{topic=\"orders.v1\"}";
  EXPECT_TRUE(comes_to(*orders, depth, 0));
  broker.down();
  place();
  const std::string last = place();
  EXPECT_TRUE(comes_to(*orders, depth, 2));
  EXPECT_TRUE(eventually(absl::Seconds(10), [&] { return Scrape::of(*orders).value(age).value_or(0) > 2; }));
  EXPECT_EQ(Scrape::of(*orders).value("quickbite_outbox_parked_rows{topic=\"orders.v1\"}"), 0);
  broker.up();
  ASSERT_TRUE(settled(last, "CONFIRMED")) << orders->log();
  EXPECT_TRUE(comes_to(*orders, depth, 0));
  EXPECT_TRUE(comes_to(*orders, age, 0));
}

// A batch is under way at the machine, which waits for its database: what comes behind it is lag, also where it was fetched.
TEST_F(MetricsTest, WhatAServiceHasNotBegunToHandleIsLagUntilItsDatabaseIsBack) {
  const std::string lag = "quickbite_consumer_lag_records{topic=\"orders.v1\"}";
  EXPECT_TRUE(comes_to(*inventory, lag, 0));
  RealPostgres::instance().as_owner(postgres::Service::kInventory, "ALTER TABLE reservations RENAME TO reservations_away");
  place();
  EXPECT_TRUE(eventually(absl::Seconds(10), [&] {
    return Scrape::of(*inventory).sum("quickbite_effects_total", {"effect=\"load\"", "outcome=\"unavailable\""}) > 0;
  }));
  std::string last;
  for (int i = 0; i < 3; ++i) last = place();
  EXPECT_TRUE(comes_to(*inventory, lag, 3)) << Scrape::of(*inventory).text();
  RealPostgres::instance().as_owner(postgres::Service::kInventory, "ALTER TABLE reservations_away RENAME TO reservations");
  EXPECT_TRUE(settled(last, "CONFIRMED"));
  EXPECT_TRUE(comes_to(*inventory, lag, 0));
}

TEST_F(MetricsTest, AParkedRowShowsUntilSomebodySeesToIt) {
  RealPostgres::instance().as_owner(
      postgres::Service::kInventory,
      "INSERT INTO outbox_events (event_id, shard, topic, key, type, payload, header_names, header_values, created_at, parked)"
      " VALUES (gen_random_uuid(), 0, 'orders.dlq.v1', 'k', 'DeadLetter', '', '{}', '{}', now() - interval '1 hour', true)");
  EXPECT_TRUE(comes_to(*inventory, "quickbite_outbox_parked_rows{topic=\"orders.dlq.v1\"}", 1));
  const Scrape scrape = Scrape::of(*inventory);
  EXPECT_EQ(scrape.value("quickbite_outbox_depth_rows{topic=\"orders.dlq.v1\"}"), 0);
  EXPECT_EQ(scrape.value("quickbite_outbox_oldest_age_seconds{topic=\"orders.dlq.v1\"}"), 0) << "it is not the relay that is late";
}

TEST_F(MetricsTest, TheMenuShowsAsACallOfGrpcOnBothSides) {
  EXPECT_EQ(orders->get("/v1/menu").status, 200);
  EXPECT_TRUE(comes_to(*inventory, "quickbite_grpc_requests_total{code=\"OK\",method=\"ListMenu\"}", 1));
  EXPECT_EQ(Scrape::of(*inventory).value("quickbite_grpc_request_duration_seconds_count{method=\"ListMenu\"}"), 1);
  EXPECT_EQ(Scrape::of(*orders).sum("quickbite_effects_total", {"effect=\"ask_menu\"", "outcome=\"ok\""}), 1);
}

// What promtool says it says of these bytes alone: names, units, help, types, duplicates.
TEST_F(MetricsTest, PromtoolFindsNoFault) {
  const auto tool = promtool();
  if (!tool) GTEST_SKIP() << "no promtool here";
  ASSERT_TRUE(settled(place(), "CONFIRMED"));
  for (const RunningService* service : {orders.get(), inventory.get()}) {
    const TemporaryFolder folder;
    std::ofstream(folder / "scrape") << Scrape::of(*service).text();
    const Ran ran = run_shell(*tool + " check metrics < " + (folder / "scrape"));
    EXPECT_EQ(ran.code, 0) << ran.said;
    EXPECT_EQ(ran.said, "");
  }
}

// Names without a sample are asked for in vain: an alert on one never fires. `up` is Prometheus' own.
TEST_F(MetricsTest, EveryMetricThatIsAskedForOrWrittenOfExists) {
  ASSERT_TRUE(settled(place(), "CONFIRMED"));
  orders->get("/v1/menu");
  std::set<std::string> known;
  ASSERT_TRUE(comes_to(*inventory, "quickbite_outbox_sent_total", 1));
  for (const RunningService* service : {orders.get(), inventory.get()}) known.merge(Scrape::of(*service).names());
  for (const char* file : {"alerts.yaml", "alerts_test.yaml", "dashboard.json"}) {
    const std::set<std::string> named = metrics_named_in(observability_file(file));
    EXPECT_GE(named.size(), 10u);
    for (const std::string& name : named) EXPECT_TRUE(known.contains(name)) << file << " asks for " << name;
  }

  std::set<std::string> families;  // a histogram is written of as one
  for (std::string name : known) {
    for (const std::string end : {"_bucket", "_sum", "_count"}) {
      if (name.ends_with(end)) name.resize(name.size() - end.size());
    }
    families.insert(name);
  }
  const std::set<std::string> documented = metrics_named_in(section_of_operations("Metrics"));
  for (const std::string& name : families) EXPECT_TRUE(documented.contains(name)) << "docs/operations.md says nothing of " << name;
  for (const std::string& name : documented) EXPECT_TRUE(families.contains(name)) << "docs/operations.md writes of " << name;
}

TEST_F(MetricsTest, IsOnlyForReading) {
  EXPECT_EQ(live::HttpClient(orders->port()).post("/metrics", "x")->status, 405);
}

}  // namespace
}  // namespace quickbite
