// One order's trace through the real services: from the request's header through both outboxes and both topics, and in the logs;
// and what the logs never hold.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "adapters/postgres/migrate.h"
#include "domain/message/trace.h"
#include "proptests/operations/observability.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"
#include "services/live/http_client.h"
#include "services/live/topic_log.h"

namespace quickbite {
namespace {

const std::string kTraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kTraceparent = "00-" + kTraceId + "-00f067aa0ba902b7-01";

class TraceTest : public testing::Test {
 protected:
  void start(const std::string& level, std::vector<std::string> more = {}) {
    RealPostgres::instance().clear();
    ASSERT_TRUE(postgres::add_stock(database(postgres::Service::kInventory), Sku("burger"), Quantity(5), EventId(Uuid{1, 1})).ok());
    broker.start();
    const auto flags = [&](postgres::Service service) {
      return std::vector<std::string>{"--database=" + database(service), "--kafka=" + broker.bootstrap(),
                                      "--kafka-session-timeout=4s", "--log-level=" + level};
    };
    inventory = std::make_unique<RunningService>(QUICKBITE_INVENTORY, flags(postgres::Service::kInventory));
    std::vector<std::string> of_orders = flags(postgres::Service::kOrders);
    of_orders.insert(of_orders.end(), more.begin(), more.end());
    orders = std::make_unique<RunningService>(QUICKBITE_ORDERS, of_orders);
    ASSERT_TRUE(orders->becomes_ready()) << orders->log();
    ASSERT_TRUE(inventory->becomes_ready()) << inventory->log();
  }
  static std::string database(postgres::Service service) { return RealPostgres::instance().session(service).connection; }

  // The order's id, once it is CONFIRMED.
  std::string confirmed(const Headers& headers) const {
    const auto placed = live::HttpClient(orders->port()).post("/v1/orders", R"({"userId":"u-geheim","sku":"burger","quantity":1})", headers);
    EXPECT_EQ(placed->status, 201) << placed->body;
    const std::string location(header(placed->headers, "location").value_or(""));
    EXPECT_TRUE(eventually(absl::Seconds(10), [&] {
      return orders->get(location).body.find("\"status\":\"CONFIRMED\"") != std::string::npos;
    }));
    return location.substr(location.rfind('/') + 1);
  }

  // Of every record of that order, by its type.
  std::map<std::string, Trace> traces_in_topics(const std::string& order) const {
    std::map<std::string, Trace> traces;
    for (const Topic topic : {Topic::kOrders, Topic::kInventory}) {
      const auto records = live::read_topic(broker.bootstrap(), topic);
      EXPECT_TRUE(records.ok()) << records.status();
      for (const Record& record : *records) {
        const auto trace = trace_in(record.message.headers);
        if (record.message.key != order || !trace) continue;
        traces.emplace(std::string(header(record.message.headers, kTypeHeader).value_or("")), *trace);
      }
    }
    return traces;
  }

  EmbeddedBroker broker;
  std::unique_ptr<RunningService> inventory, orders;
};

// As docs/operations.md tells how to ask.
std::string documented_query() {
  const std::string section = section_of_operations("Logs and traces");
  const std::size_t begin = section.find("    SELECT ");
  EXPECT_NE(begin, std::string::npos);
  return section.substr(begin, section.find("\n\n", begin) - begin);
}

TEST_F(TraceTest, GoesFromTheRequestThroughBothOutboxesAndBothTopics) {
  start("debug");
  const std::string order = confirmed({{"traceparent", kTraceparent}});
  const std::map<std::string, Trace> traces = traces_in_topics(order);
  ASSERT_EQ(traces.size(), 2u);
  std::set<std::uint64_t> spans;
  for (const auto& [type, trace] : traces) {
    EXPECT_EQ(trace_id_text(trace), kTraceId) << type;
    spans.insert(trace.span);
  }
  EXPECT_EQ(spans.size(), 2u) << "each event has a span of its own";

  for (const auto& [service, type] : {std::pair(postgres::Service::kOrders, std::string("OrderCreated")),
                                      std::pair(postgres::Service::kInventory, std::string("InventoryReserved"))}) {
    std::string query = documented_query();
    query.replace(query.find("ORDER_ID"), 8, order);
    const auto rows = RealPostgres::instance().as_owner(service, query);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0][0].as<std::string>(), type);
    EXPECT_EQ(rows[0][1].as<std::string>(), to_traceparent(traces.at(type)));
  }

  EXPECT_NE(orders->log().find("\"msg\":\"request\",\"method\":\"POST\",\"route\":\"/v1/orders\",\"status\":201,"), std::string::npos);
  for (const RunningService* service : {orders.get(), inventory.get()}) {
    const std::string said = "\"msg\":\"announced\",\"order_id\":\"" + order + "\"";
    const std::string log = service->log();
    const std::size_t at = log.find(said);
    ASSERT_NE(at, std::string::npos) << log;
    EXPECT_NE(log.substr(at, log.find('\n', at) - at).find("\"trace_id\":\"" + kTraceId + "\""), std::string::npos) << log;
  }
}

TEST_F(TraceTest, WhatCameWithoutOneGoesWithOneThatHasTheOrdersId) {
  start("info");
  for (const Headers& headers : {Headers{}, Headers{{"traceparent", "nonsense"}}}) {
    std::string order = confirmed(headers);
    const std::map<std::string, Trace> traces = traces_in_topics(order);
    ASSERT_EQ(traces.size(), 2u);
    for (const auto& [type, trace] : traces) EXPECT_EQ(trace.id, *parse_uuid(order)) << type;
  }
}

TEST_F(TraceTest, ADeadLetterIsAWarningThatTellsWhenceAndWhyAndOfWhichTrace) {
  start("info");
  Message message;
  message.key = "k";
  message.value = Bytes(std::string("{\"geheim\":"));
  message.headers = {{"traceparent", kTraceparent}};
  ASSERT_TRUE(live::write_records(broker.bootstrap(), {message}).ok());
  const std::string said = "\"msg\":\"a record became a dead letter\"";
  ASSERT_TRUE(eventually(absl::Seconds(10), [&] { return inventory->log().find(said) != std::string::npos; })) << inventory->log();
  const std::string log = inventory->log();
  const std::string line = log.substr(log.find(said), log.find('\n', log.find(said)) - log.find(said));
  EXPECT_NE(line.find("\"from\":\"orders.v1/0/0\",\"reason\":\"NOT_JSON\",\"trace_id\":\"" + kTraceId + "\""), std::string::npos) << line;
  EXPECT_EQ(log.find("geheim"), std::string::npos) << "a payload is nobody's business";
}

TEST_F(TraceTest, NoLogHoldsASecretABodyOrAUser) {
  const TemporaryFolder folder;
  for (const std::string level : {"info", "debug"}) {
    start(level, {"--kafka-settings=sasl.password=s3cr3t-of-kafka"});
    RunningService lost(QUICKBITE_ORDERS, {"--database=host=127.0.0.1 port=1 password=s3cr3t-of-postgres", "--log-level=" + level});
    confirmed({{"Authorization", "Bearer s3cr3t-of-a-user"}, {"Idempotency-Key", "s3cr3t-key"}});
    orders->get("/v1/orders?userId=u-geheim&token=s3cr3t-query");
    EXPECT_TRUE(lost.comes_to_wait_for("database: "));
    lost.get("/v1/orders?userId=u-geheim");
    for (const RunningService* service : std::vector<const RunningService*>{orders.get(), inventory.get(), &lost}) {
      const std::string log = service->log();
      EXPECT_NE(log.find("\"level\":"), std::string::npos);
      for (const char* word : {"s3cr3t", "u-geheim", "burger"}) EXPECT_EQ(log.find(word), std::string::npos) << word << "\n" << log;
    }
    EXPECT_NE(lost.log().find("\"msg\":\"a request failed\",\"method\":\"GET\",\"route\":\"/v1/orders\",\"status\":503"), std::string::npos)
        << lost.log();
    orders.reset();
    inventory.reset();
  }
}

}  // namespace
}  // namespace quickbite
