// One member of a group, on a broker that serves: what is read, in which order, from where.
#include "adapters/kafka/consumer.h"

#include "adapters/kafka/test_broker.h"
#include "adapters/kafka/test_traffic.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void fill(TestBroker& broker, int from, int to, int partition = 0) {
  auto producer = make_producer(broker.bootstrap());
  Produce batch;
  for (int i = from; i < to; ++i) {
    batch.messages.push_back(message("k" + std::to_string(i), std::to_string(i), partition));
  }
  for (const ProduceOutcome& outcome : producer->produce(batch).outcomes) {
    ASSERT_TRUE(acked(outcome));
  }
}

std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> numbers;
  for (int i = from; i < to; ++i) numbers.push_back(std::to_string(i));
  return numbers;
}

TEST(KafkaConsumer, ReadsANewGroupsTopicFromTheBeginning) {
  TestBroker broker;
  fill(broker, 0, 50);
  Reader reader(make_consumer(broker.bootstrap()));
  EXPECT_FALSE(reader.consumer->health().ready());
  ASSERT_TRUE(reader.read(50));
  EXPECT_EQ(reader.values, numbers(0, 50));
  EXPECT_EQ(reader.assigned.size(), 4U);
  EXPECT_EQ(reader.records[7].record->offset, Offset{7});
  ASSERT_NE(reader.records[7].decoded, nullptr);
  EXPECT_TRUE(std::holds_alternative<Malformed>(*reader.records[7].decoded));
  const ConsumerHealth health = reader.consumer->health();
  EXPECT_TRUE(health.ready());
  EXPECT_EQ(health.assigned.size(), 4U);
  EXPECT_EQ(health.lag, 0);
}

TEST(KafkaConsumer, GoesOnWhereTheGroupCommitted) {
  TestBroker broker;
  fill(broker, 0, 10);
  {
    Reader reader(make_consumer(broker.bootstrap()));
    ASSERT_TRUE(reader.read(10));
    reader.next[Partition{0}] = Offset{6};
    ASSERT_TRUE(reader.commit());
  }
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(4));
  EXPECT_EQ(reader.values, numbers(6, 10)) << "what was not committed comes again, nothing else";
}

TEST(KafkaConsumer, CommitsNothingByItself) {
  TestBroker broker;
  fill(broker, 0, 3);
  {
    Reader reader(make_consumer(broker.bootstrap()));
    ASSERT_TRUE(reader.read(3));
  }
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(3));
  EXPECT_EQ(reader.values, numbers(0, 3));
}

TEST(KafkaConsumer, HandsOutNoMoreThanItIsAskedFor) {
  TestBroker broker;
  fill(broker, 0, 25);
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.join(4));
  while (reader.values.size() < 25) {
    const Polled polled = reader.poll(seconds(5), false, {}, 10);
    ASSERT_LE(polled.records.size(), 10U);
    ASSERT_FALSE(polled.records.empty());
  }
  EXPECT_EQ(reader.values, numbers(0, 25));
}

TEST(KafkaConsumer, OrdersABatchByPartitionAndOffset) {
  TestBroker broker;
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.join(4));
  for (int round = 0; round < 5; ++round) {
    for (int partition = 3; partition >= 0; --partition) fill(broker, round, round + 1, partition);
    reader.poll(milliseconds(50), true);  // takes them in as they come
  }
  reader.poll(milliseconds(500), true);
  const Polled polled = reader.poll(seconds(5));
  ASSERT_EQ(polled.records.size(), 20U);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(polled.records[i].record->message.partition, Partition{i / 5});
    EXPECT_EQ(polled.records[i].record->offset, Offset{i % 5});
  }
}

TEST(KafkaConsumer, ReturnsAtOnceWithRecordsAndInTimeWithout) {
  TestBroker broker;
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.join(4));
  const Instant before = now();
  EXPECT_THAT(reader.poll(milliseconds(300)).records, IsEmpty());
  EXPECT_GE((now() - before).us, milliseconds(290).us);
  EXPECT_LT((now() - before).us, milliseconds(1500).us);
  fill(broker, 0, 1);
  const Instant again = now();
  EXPECT_EQ(reader.poll(seconds(20)).records.size(), 1U);
  EXPECT_LT((now() - again).us, seconds(5).us);
  EXPECT_THAT(reader.poll(Duration{-1'000'000}).records, IsEmpty()) << "a deadline that is past";
}

TEST(KafkaConsumer, HandsOutNothingWhilePausedAndLosesNothingByIt) {
  TestBroker broker;
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.join(4));
  fill(broker, 0, 10);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(reader.poll(milliseconds(100), true).records, IsEmpty());
  fill(broker, 10, 20);
  EXPECT_THAT(reader.poll(milliseconds(200), true).records, IsEmpty());
  ASSERT_TRUE(reader.read(20));
  EXPECT_EQ(reader.values, numbers(0, 20));
}

TEST(KafkaConsumer, HoldsOnlySoMuchOfABacklogWhilePaused) {
  TestBroker broker;
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.join(4));
  constexpr int kMany = 9000;
  for (int i = 0; i < kMany; i += 500) fill(broker, i, i + 500);
  for (int i = 0; i < 10; ++i) EXPECT_THAT(reader.poll(milliseconds(50), true).records, IsEmpty());
  EXPECT_GT(reader.consumer->health().lag, kMany / 2) << "it was paused for real";
  ASSERT_TRUE(reader.read(kMany));
  EXPECT_EQ(reader.values, numbers(0, kMany));
}

TEST(KafkaConsumer, SeeksBackAndForth) {
  TestBroker broker;
  fill(broker, 0, 10);
  fill(broker, 100, 105, 1);
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(15));
  reader.values.clear();
  FlatMap<Partition, Offset> back;
  back[Partition{0}] = Offset{7};
  back[Partition{9}] = Offset{0};  // not ours, and left alone
  reader.poll(milliseconds(50), false, back);
  ASSERT_TRUE(reader.read(3));
  EXPECT_EQ(reader.values, numbers(7, 10)) << "partition 1 stays where it was";
  reader.values.clear();
  FlatMap<Partition, Offset> again;
  again[Partition{0}] = Offset{9};
  again[Partition{1}] = Offset{4};
  reader.poll(milliseconds(50), false, again);
  ASSERT_TRUE(reader.read(2));
  EXPECT_THAT(reader.values, ::testing::UnorderedElementsAre("9", "104"));
}

TEST(KafkaConsumer, SeeksWhileRecordsAreHeld) {
  TestBroker broker;
  fill(broker, 0, 10);
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.join(4));
  for (int i = 0; i < 3; ++i) reader.poll(milliseconds(100), true);  // all ten are held by now
  FlatMap<Partition, Offset> on;
  on[Partition{0}] = Offset{8};
  reader.poll(milliseconds(100), true, on);
  ASSERT_TRUE(reader.read(2));
  EXPECT_EQ(reader.values, numbers(8, 10));
}

TEST(KafkaConsumer, StopsAPartitionWhoseOffsetIsNotInTheLog) {
  TestBroker broker;
  fill(broker, 0, 10);
  fill(broker, 100, 110, 1);
  {
    Reader reader(make_consumer(broker.bootstrap()));
    ASSERT_TRUE(reader.read(20));
    reader.next[Partition{0}] = Offset{5000};  // as if the log had been cut off
    ASSERT_TRUE(reader.commit());
  }
  Reader reader(make_consumer(broker.bootstrap()));
  const auto stopped = [&] { return reader.consumer->health().stopped; };
  ASSERT_TRUE(reader.poll_until([&] { return !stopped().empty(); }));
  ASSERT_EQ(stopped().size(), 1U);
  EXPECT_THAT(*stopped().find(Partition{0}), HasSubstr("at offset 5000"));
  EXPECT_FALSE(reader.consumer->health().ready());
  EXPECT_THAT(reader.values, IsEmpty()) << "it does not start over, nor skip to the end";

  fill(broker, 110, 112, 1);
  ASSERT_TRUE(reader.read(2));
  EXPECT_EQ(reader.values, numbers(110, 112)) << "the other partitions go on";

  FlatMap<Partition, Offset> heal;
  heal[Partition{0}] = Offset{9};
  reader.poll(milliseconds(100), false, heal);
  ASSERT_TRUE(reader.read(3));
  EXPECT_EQ(reader.values.back(), "9");
  EXPECT_TRUE(stopped().empty());
}

TEST(KafkaConsumer, StopsWhereRetentionHasOvertakenIt) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  ASSERT_TRUE(acked(produce(*producer, message("a", "first"))));
  {
    Reader reader(make_consumer(broker.bootstrap()));
    ASSERT_TRUE(reader.read(1));
    ASSERT_TRUE(reader.commit());
  }
  for (int i = 0; i < 8; ++i) {  // the embedded broker keeps 5 MiB
    ASSERT_TRUE(acked(produce(*producer, message("a", std::string(900'000, 'x')))));
  }
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.poll_until([&] { return !reader.consumer->health().stopped.empty(); }));
  EXPECT_THAT(reader.values, IsEmpty());
}

TEST(KafkaConsumer, TakesWhateverBytesStandOnTheTopic) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  ASSERT_TRUE(acked(produce(*producer, message("k", std::string(1'000'000, '{')))));
  Message keyless = message("", "{\"type\":");
  keyless.key.reset();
  ASSERT_TRUE(acked(produce(*producer, keyless)));
  ASSERT_TRUE(acked(produce(*producer, message("k", "\xff\xfe"))));
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(3));
  const auto reason = [&](int i) { return std::get<Malformed>(*reader.records[i].decoded).reason; };
  EXPECT_EQ(reason(0), MalformedReason::kTooLarge);
  EXPECT_EQ(reader.values[0].size(), 1'000'000U);
  EXPECT_FALSE(reader.records[1].record->message.key.has_value());
  EXPECT_EQ(reason(2), MalformedReason::kNotUtf8);
}

TEST(KafkaConsumer, RefusesSettingsThatLibrdkafkaDoesNotTake) {
  ConsumerOptions options;
  options.connection = {"127.0.0.1:1", "test", {{"no.such.thing", "1"}}, {}};
  options.group = "g";
  EXPECT_TRUE(absl::IsInvalidArgument(Consumer::make(options).status()));
  options.connection.settings = {{"sasl.password", "geheim"}, {"security.protocol", "telepathy"}};
  const absl::Status status = Consumer::make(options).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("security.protocol"));
}

}  // namespace
}  // namespace quickbite::kafka
