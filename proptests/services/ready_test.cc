// What /readyz waits for and tells, each of it by a service that has everything else.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/kafka/consumer.h"
#include "adapters/postgres/migrate.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/services/running.h"

namespace quickbite {
namespace {

constexpr postgres::Service kOrders = postgres::Service::kOrders;

class ReadyTest : public testing::Test {
 protected:
  void SetUp() override { postgres_.clear(); }

  std::vector<std::string> flags() const {
    return {"--database=" + postgres_.session(kOrders).connection, "--kafka=" + broker_.bootstrap(), "--kafka-session-timeout=4s"};
  }
  static bool tells(const RunningService& service, const std::string& text) {
    return service.get("/readyz").body.find(text) != std::string::npos;
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  EmbeddedBroker broker_;
};

TEST_F(ReadyTest, ASchemaThatIsTooNewIsNotServed) {
  const postgres::SchemaRange range = postgres::schema_range(kOrders);
  const std::string newer = std::to_string(range.max + 1);
  postgres_.as_owner(kOrders, "INSERT INTO schema_migrations (version, name, checksum) VALUES (" + newer + ", 'later', 'x')");
  RunningService orders(QUICKBITE_ORDERS, flags());
  EXPECT_TRUE(orders.comes_to_wait_for(absl::StrCat("schema: it is at version ", newer, ", and this program knows ", range.max, " at most")));
  EXPECT_TRUE(tells(orders, absl::StrCat("{\"name\":\"schema\",\"met\":false,\"version\":", newer, ",\"min\":", range.min, ",\"max\":", range.max, ",")));
  EXPECT_EQ(orders.post_order().status, 503);
  postgres_.as_owner(kOrders, "DELETE FROM schema_migrations WHERE version = " + newer);
  EXPECT_TRUE(orders.comes_to_wait_for("\"name\":\"schema\",\"met\":true")) << "what it waits for is looked at again";
}

TEST_F(ReadyTest, ATopicThatIsNotThereIsNamed) {
  broker_.start({"--topics=orders.v1:4,inventory.v1:4,inventory.dlq.v1:1"});
  RunningService orders(QUICKBITE_ORDERS, flags());
  EXPECT_TRUE(orders.comes_to_wait_for("broker: it has no topic orders.dlq.v1"));
  EXPECT_TRUE(tells(orders, "{\"name\":\"partitions\",\"met\":false,\"assigned\":[],"));
  broker_.add_topic("orders.dlq.v1:1");
  EXPECT_TRUE(orders.becomes_ready()) << orders.get("/readyz").body;
}

// It shows at the first fetch, when the service has been ready already: from then on it is told, and the others are read.
TEST_F(ReadyTest, APartitionThatIsStoppedIsTold) {
  broker_.start();
  {
    kafka::ConsumerOptions options;
    options.connection.bootstrap = broker_.bootstrap();
    options.group = "orders";
    options.topic = Topic::kInventory;
    options.session_timeout = seconds(4);
    auto member = kafka::Consumer::make(options);
    ASSERT_TRUE(member.ok()) << member.status();
    const auto wait = [] { return Instant{absl::ToUnixMicros(absl::Now()) + 100'000}; };
    ASSERT_TRUE(eventually(absl::Seconds(15), [&] { return !(*member)->poll({1, wait(), false, {}}).assigned.empty(); }));
    CommitOffsets beyond;
    beyond.next[Partition(2)] = Offset(5000);
    ASSERT_TRUE(std::holds_alternative<OffsetsCommitted>((*member)->commit(beyond)));
  }
  RunningService orders(QUICKBITE_ORDERS, flags());
  EXPECT_TRUE(eventually(absl::Seconds(20), [&] {
    return tells(orders, "{\"name\":\"partitions\",\"met\":false,\"assigned\":[0,1,2,3],\"lag\":0,\"detail\":\"partition 2 is stopped: at offset 5000");
  })) << orders.get("/readyz").body;
  EXPECT_EQ(orders.post_order().status, 201) << "what it can do it does";
}

TEST_F(ReadyTest, ADatabaseThatGoesAwayTakesItOutOfServiceUntilItIsBack) {
  broker_.start();
  RunningService orders(QUICKBITE_ORDERS, flags());
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();
  const std::string name = postgres_.one(kOrders, "SELECT current_database()");
  postgres_.as_superuser("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
  postgres_.as_superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
  EXPECT_TRUE(orders.comes_to_wait_for("\"database: "));
  absl::SleepFor(absl::Seconds(3));  // by now it has looked again by itself
  EXPECT_TRUE(tells(orders, "{\"name\":\"database\",\"met\":false,")) << orders.get("/readyz").body;
  EXPECT_TRUE(tells(orders, "{\"name\":\"schema\",\"met\":true,")) << "as it was found last: " << orders.get("/readyz").body;
  EXPECT_EQ(orders.get("/healthz").status, 200);
  postgres_.as_superuser("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
  EXPECT_TRUE(orders.becomes_ready()) << orders.get("/readyz").body;
  EXPECT_EQ(orders.post_order().status, 201);
}

// A look at the database says that all is well; the transactions of the relay, which always has some, say otherwise.
TEST_F(ReadyTest, ItIsNotReadyWhileItsTransactionsFail) {
  broker_.start();
  RunningService orders(QUICKBITE_ORDERS, flags());
  ASSERT_TRUE(orders.becomes_ready()) << orders.log();
  postgres_.as_owner(kOrders, "ALTER TABLE outbox_claims RENAME TO outbox_claims_away");
  EXPECT_TRUE(orders.comes_to_wait_for("outbox_claims", absl::Seconds(15))) << orders.get("/readyz").body;
  EXPECT_TRUE(tells(orders, "{\"name\":\"database\",\"met\":false,")) << orders.get("/readyz").body;
  postgres_.as_owner(kOrders, "ALTER TABLE outbox_claims_away RENAME TO outbox_claims");
  EXPECT_TRUE(orders.becomes_ready()) << orders.get("/readyz").body;
}

}  // namespace
}  // namespace quickbite
