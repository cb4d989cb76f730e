#include "adapters/kafka/producer.h"

#include <chrono>

#include "adapters/kafka/test_broker.h"
#include "adapters/kafka/test_traffic.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(KafkaProducer, TellsWhereEachRecordWent) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  EXPECT_EQ(producer->health().condition, Condition::kUntried);
  Produce batch;
  for (int i = 0; i < 100; ++i) {
    batch.messages.push_back(message("k" + std::to_string(i), "v", i % 4));
  }
  const Produced produced = producer->produce(batch);
  ASSERT_EQ(produced.outcomes.size(), 100U);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(acked(produced.outcomes[i]));
    EXPECT_EQ(std::get<Acked>(produced.outcomes[i]).partition, Partition{i % 4});
    EXPECT_EQ(std::get<Acked>(produced.outcomes[i]).offset, Offset{i / 4});
  }
  EXPECT_EQ(producer->health().condition, Condition::kServing);
  EXPECT_EQ(producer->health().made, 1);
}

TEST(KafkaProducer, LosesNoTimeWithItsFirstRecord) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  absl::SleepFor(absl::Milliseconds(200));  // the connection is made, and no topic asked for yet
  const Instant before = now();
  ASSERT_TRUE(acked(produce(*producer, message("a", "x"))));
  EXPECT_LT((now() - before).us, milliseconds(700).us);
}

TEST(KafkaProducer, TakesAnEmptyBatch) {
  TestBroker broker;
  EXPECT_TRUE(make_producer(broker.bootstrap())->produce({}).outcomes.empty());
}

TEST(KafkaProducer, CarriesKeyValueAndHeadersAsTheyAre) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Message full = message(std::string("k\0y", 3), std::string("v\0\xff", 3));
  full.headers = {{"a", "1"}, {"a", std::string("\0\xfe", 2)}, {"empty", ""}};
  Message bare = message("", "");
  bare.key.reset();
  bare.headers.clear();
  const Message empty = message("", "");
  ASSERT_TRUE(acked(produce(*producer, full)));
  ASSERT_TRUE(acked(produce(*producer, bare)));
  ASSERT_TRUE(acked(produce(*producer, empty)));
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(3));
  EXPECT_EQ(reader.records[0].record->message, full);
  EXPECT_EQ(reader.records[1].record->message, bare);
  EXPECT_EQ(reader.records[2].record->message, empty);
  // The port has no null values: what is empty is empty on the wire, and only a key can be absent.
  EXPECT_EQ(output_of("kcat -b " + broker.bootstrap() +
                      " -t orders.v1 -p 0 -o beginning -c 3 -q -C -f '%K %S,'"),
            "3 3,-1 0,0 0,");
}

TEST(KafkaProducer, GivesUpOnARecordThatNobodyWillTakeAndSendsTheOthers) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  const Produced produced =
      producer->produce({{message("a", "fine"), message("b", std::string(5'000'000, 'x')),
                          message("c", "no such partition", 99), message("d", "fine")}});
  ASSERT_EQ(produced.outcomes.size(), 4U);
  EXPECT_TRUE(acked(produced.outcomes[0]));
  ASSERT_TRUE(std::holds_alternative<Undeliverable>(produced.outcomes[1]));
  EXPECT_THAT(std::get<Undeliverable>(produced.outcomes[1]).reason, HasSubstr("too large"));
  EXPECT_TRUE(std::holds_alternative<Undeliverable>(produced.outcomes[2]));
  EXPECT_TRUE(acked(produced.outcomes[3]));
}

TEST(KafkaProducer, SendsARecordAsLargeAsTheWireAllowsAndItsDeadLetter) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  EXPECT_TRUE(acked(produce(*producer, message("a", std::string(1'000'000, 'x')))));
  EXPECT_TRUE(acked(produce(*producer, message("a", std::string(1'100'000, 'x')))));
}

TEST(KafkaProducer, BelievesTheBrokerThatARecordIsRefused) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  broker.tell("errors produce 1 MSG_SIZE_TOO_LARGE");
  EXPECT_TRUE(std::holds_alternative<Undeliverable>(produce(*producer, message("a", "x"))));
  EXPECT_TRUE(acked(produce(*producer, message("a", "x"))));
}

TEST(KafkaProducer, RetriesWhatMayPass) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  broker.tell("errors produce 2 NOT_ENOUGH_REPLICAS");
  EXPECT_TRUE(acked(produce(*producer, message("a", "x"))));
}

TEST(KafkaProducer, LeavesOpenWhatWasNotAcknowledgedInTime) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap(), milliseconds(1000));
  ASSERT_TRUE(acked(produce(*producer, message("a", "first"))));
  broker.tell("down");
  const Instant before = now();
  EXPECT_TRUE(std::holds_alternative<MaybePersisted>(produce(*producer, message("a", "second"))));
  EXPECT_LT((now() - before).us, seconds(4).us);
  EXPECT_EQ(producer->health().condition, Condition::kUnreachable);
  EXPECT_THAT(producer->health().trouble, HasSubstr(broker.bootstrap()));
  broker.tell("up");
  ProduceOutcome again = MaybePersisted{};
  for (int i = 0; i < 10 && !acked(again); ++i) again = produce(*producer, message("a", "second"));
  EXPECT_TRUE(acked(again));
  EXPECT_EQ(producer->health().condition, Condition::kServing);
  EXPECT_TRUE(producer->health().trouble.empty());
}

TEST(KafkaProducer, WaitsForABrokerThatIsNotThereAtFirst) {
  TestBroker broker;
  broker.tell("down");
  auto producer = make_producer(broker.bootstrap(), milliseconds(500));
  EXPECT_TRUE(std::holds_alternative<MaybePersisted>(produce(*producer, message("a", "x"))));
  EXPECT_EQ(producer->health().condition, Condition::kUntried);
  EXPECT_THAT(producer->health().trouble, HasSubstr(broker.bootstrap()));
  broker.tell("up");
  ProduceOutcome again = MaybePersisted{};
  for (int i = 0; i < 10 && !acked(again); ++i) again = produce(*producer, message("a", "x"));
  EXPECT_TRUE(acked(again));
}

TEST(KafkaProducer, AnswersWhileTheBrokerHangs) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap(), milliseconds(1000));
  ASSERT_TRUE(acked(produce(*producer, message("a", "first"))));
  broker.send(SIGSTOP);
  const Instant before = now();
  EXPECT_TRUE(std::holds_alternative<MaybePersisted>(produce(*producer, message("a", "second"))));
  EXPECT_LT((now() - before).us, seconds(5).us);
  broker.send(SIGCONT);
  ProduceOutcome again = MaybePersisted{};
  for (int i = 0; i < 10 && !acked(again); ++i) again = produce(*producer, message("a", "second"));
  EXPECT_TRUE(acked(again)) << producer->health().trouble;
}

TEST(KafkaProducer, IsMadeAnewAfterAFatalError) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  ASSERT_TRUE(acked(produce(*producer, message("a", "x"))));
  broker.tell("errors produce 1 OUT_OF_ORDER_SEQUENCE_NUMBER");
  EXPECT_FALSE(acked(produce(*producer, message("a", "lost track"))));
  EXPECT_TRUE(acked(produce(*producer, message("a", "lost track"))));
  EXPECT_EQ(producer->health().made, 2);
}

TEST(KafkaProducer, KeepsWorkingThroughManyShortOutages) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap(), milliseconds(2000));
  for (int i = 0; i < 5; ++i) {
    broker.tell("down");
    broker.tell("up");
    ProduceOutcome outcome = MaybePersisted{};
    for (int n = 0; n < 10 && !acked(outcome); ++n) {
      outcome = produce(*producer, message("a", std::to_string(i)));
    }
    ASSERT_TRUE(acked(outcome)) << i;
  }
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(
      reader.poll_until([&] { return !reader.values.empty() && reader.values.back() == "4"; }));
  reader.values.erase(std::unique(reader.values.begin(), reader.values.end()), reader.values.end());
  EXPECT_THAT(reader.values, ElementsAre("0", "1", "2", "3", "4"));
}

TEST(KafkaProducer, PassesTheOperatorsSettingsOn) {
  const auto refused =
      Producer::make({{"127.0.0.1:1", "test", {{"no.such.thing", "1"}}, {}}, {}, {}});
  EXPECT_TRUE(absl::IsInvalidArgument(refused.status()));
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("no.such.thing"));
  const auto missing =
      Producer::make({{"127.0.0.1:1",
                       "test",
                       {{"security.protocol", "ssl"}, {"ssl.ca.location", "/none.pem"}},
                       {}},
                      {},
                      seconds(1)});
  EXPECT_TRUE(absl::IsInvalidArgument(missing.status())) << missing.status();
  EXPECT_THAT(std::string(missing.status().message()), HasSubstr("ssl.ca.location"));
  EXPECT_TRUE(Producer::make({{"127.0.0.1:1",
                               "test",
                               {{"security.protocol", "sasl_ssl"},
                                {"sasl.mechanism", "SCRAM-SHA-512"},
                                {"sasl.username", "u"},
                                {"sasl.password", "p"}},
                               {}},
                              {},
                              seconds(1)})
                  .ok());
}

}  // namespace
}  // namespace quickbite::kafka
