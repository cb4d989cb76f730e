// Several members, members that come and go, and brokers that do.
#include <algorithm>
#include <memory>
#include <vector>

#include "adapters/kafka/consumer.h"
#include "adapters/kafka/test_broker.h"
#include "adapters/kafka/test_traffic.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(KafkaGroup, SharesThePartitionsAmongItsMembers) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Reader one(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(one.join(4));
  ASSERT_TRUE(acked(produce(*producer, message("a", "before", 0))));
  ASSERT_TRUE(one.read(1));
  ASSERT_TRUE(one.commit());

  Reader two(make_consumer(broker.bootstrap()));
  const Instant begun = now();
  ASSERT_TRUE(one.poll_until([&] {
    two.poll(milliseconds(50));
    return one.assigned.size() == 2 && two.assigned.size() == 2;
  }));
  RecordProperty("rebalance_ms", static_cast<int>((now() - begun).us / 1000));
  std::vector<Partition> all = one.assigned;
  all.insert(all.end(), two.assigned.begin(), two.assigned.end());
  EXPECT_THAT(
      all, ::testing::UnorderedElementsAre(Partition{0}, Partition{1}, Partition{2}, Partition{3}));
  for (int p = 0; p < 4; ++p) {
    ASSERT_TRUE(acked(produce(*producer, message("k", "to " + std::to_string(p), p))));
  }
  ASSERT_TRUE(one.poll_until([&] {
    two.poll(milliseconds(50));
    return one.values.size() + two.values.size() >= 5;
  }));
  EXPECT_EQ(one.values.size() + two.values.size(), 5U) << "each record once, none lost";
}

// Or a replica that a rollout starts beside as many as there are partitions would never be ready, and the rollout never end.
TEST(KafkaGroup, HasAMemberReadyForWhichNoPartitionIsLeft) {
  TestBroker broker;
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < 5; ++i) readers.push_back(std::make_unique<Reader>(make_consumer(broker.bootstrap())));
  const auto held = [&](std::size_t partitions) {
    return std::ranges::count_if(readers, [&](const auto& reader) {
      return reader->assigned.size() == partitions && reader->consumer->health().ready();
    });
  };
  EXPECT_EQ(held(0), 0) << "before the group has told anybody anything";
  ASSERT_TRUE(readers[0]->poll_until([&] {
    for (std::size_t i = 1; i < readers.size(); ++i) readers[i]->poll(milliseconds(20));
    return held(1) == 4 && held(0) == 1;
  }));
}

TEST(KafkaGroup, GivesAMembersPartitionsToTheOthersWhenItLeaves) {
  TestBroker broker;
  auto two = std::make_unique<Reader>(make_consumer(broker.bootstrap()));
  Reader one(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(one.poll_until([&] {
    two->poll(milliseconds(50));
    return one.assigned.size() == 2 && two->assigned.size() == 2;
  }));
  const Instant begun = now();
  two.reset();
  EXPECT_LT((now() - begun).us, seconds(2).us);
  ASSERT_TRUE(one.join(4));
}

TEST(KafkaGroup, DropsWhatItHeldOfPartitionsThatWereTaken) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Reader one(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(one.join(4));
  for (int p = 0; p < 4; ++p) ASSERT_TRUE(acked(produce(*producer, message("k", "v", p))));
  for (int i = 0; i < 3; ++i) one.poll(milliseconds(100), true);  // all four are held by now
  Reader two(make_consumer(broker.bootstrap()));
  for (int i = 0; i < 200 && two.assigned.size() != 2; ++i) {
    one.poll(milliseconds(50), true);
    two.poll(milliseconds(50), true);
  }
  // Reader checks that no record comes of a partition that is not assigned.
  ASSERT_TRUE(one.poll_until([&] {
    two.poll(milliseconds(50));
    return one.values.size() + two.values.size() >= 4;
  }));
  EXPECT_EQ(one.values.size(), 2U);
  EXPECT_EQ(two.values.size(), 2U);
}

TEST(KafkaGroup, GoesOnAfterAnOutage) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(acked(produce(*producer, message("a", "0"))));
  ASSERT_TRUE(reader.read(1));
  ASSERT_TRUE(reader.commit());
  broker.tell("down");
  ASSERT_TRUE(reader.poll_until(
      [&] { return reader.consumer->health().condition == Condition::kUnreachable; }));
  EXPECT_THAT(reader.consumer->health().trouble, HasSubstr(broker.bootstrap()));
  const Instant before = now();
  EXPECT_FALSE(reader.commit());
  EXPECT_LT((now() - before).us, seconds(1).us) << "nobody is asked who cannot answer";
  broker.tell("up");
  ASSERT_TRUE(reader.poll_until([&] {
    return reader.consumer->health().condition == Condition::kServing;
  })) << "although there is nothing to read";
  ProduceOutcome outcome = MaybePersisted{};
  for (int i = 0; i < 5 && !acked(outcome); ++i) outcome = produce(*producer, message("a", "1"));
  ASSERT_TRUE(reader.read(2));
  EXPECT_THAT(reader.values, ElementsAre("0", "1"));
  ASSERT_TRUE(reader.poll_until([&] { return reader.commit(); }));
}

TEST(KafkaGroup, JoinsAnewAfterAnOutageThatOutlivedItsSession) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(acked(produce(*producer, message("a", "0"))));
  ASSERT_TRUE(reader.read(1));
  ASSERT_TRUE(reader.commit());
  broker.tell("down");
  ASSERT_TRUE(reader.poll_until([&] { return reader.assigned.empty(); }))
      << "a member that cannot reach its group gives its partitions up";
  broker.tell("up");
  ASSERT_TRUE(reader.join(4));
  ProduceOutcome outcome = MaybePersisted{};
  for (int i = 0; i < 5 && !acked(outcome); ++i) outcome = produce(*producer, message("a", "1"));
  ASSERT_TRUE(reader.read(2));
  EXPECT_THAT(reader.values, ElementsAre("0", "1"));
}

TEST(KafkaGroup, ReadsTheNewLogOfABrokerThatLostItsOwn) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Reader reader(make_consumer(broker.bootstrap()));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(acked(produce(*producer, message("a", "old"))));
  ASSERT_TRUE(reader.read(3));
  ASSERT_TRUE(reader.commit());
  broker.restart();
  ProduceOutcome outcome = MaybePersisted{};
  for (int i = 0; i < 10 && !acked(outcome); ++i) outcome = produce(*producer, message("a", "new"));
  ASSERT_TRUE(acked(outcome));
  ASSERT_TRUE(reader.poll_until([&] { return reader.values.back() == "new"; }));
  EXPECT_TRUE(reader.consumer->health().ready());
}

TEST(KafkaGroup, WaitsForABrokerThatIsNotThereAtFirst) {
  TestBroker broker;
  broker.tell("down");
  Reader reader(make_consumer(broker.bootstrap()));
  const Instant before = now();
  reader.poll(milliseconds(1000));
  EXPECT_LT((now() - before).us, milliseconds(2500).us);
  EXPECT_EQ(reader.consumer->health().condition, Condition::kUntried);
  EXPECT_THAT(reader.consumer->health().trouble, HasSubstr(broker.bootstrap()));
  broker.tell("up");
  ASSERT_TRUE(reader.join(4));
  EXPECT_TRUE(reader.consumer->health().ready());
}

TEST(KafkaGroup, IsLeftWithRecordsUnread) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  {
    Reader reader(make_consumer(broker.bootstrap()));
    ASSERT_TRUE(reader.join(4));
    for (int batch = 0; batch < 60; ++batch) {
      Produce produce;
      for (int i = 0; i < 500; ++i) {
        produce.messages.push_back(message("k" + std::to_string(i), "v", i % 4));
      }
      producer->produce(produce);
    }
    reader.poll(milliseconds(200), false, {}, 1);
    const Instant before = now();
    reader.consumer.reset();
    EXPECT_LT((now() - before).us, seconds(2).us);
  }
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(30000));
}

TEST(KafkaGroup, IsLeftInTimeWhileTheBrokerIsAway) {
  TestBroker broker;
  auto reader = std::make_unique<Reader>(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader->join(4));
  broker.tell("down");
  const Instant before = now();
  reader.reset();
  EXPECT_LT((now() - before).us, seconds(5).us);
}

TEST(KafkaGroup, IsLeftInTimeWhileTheBrokerHangs) {
  TestBroker broker;
  auto reader = std::make_unique<Reader>(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader->join(4));
  broker.send(SIGSTOP);
  const Instant before = now();
  EXPECT_FALSE(std::holds_alternative<OffsetsCommitted>(reader->consumer->commit({[] {
    FlatMap<Partition, Offset> next;
    next[Partition{0}] = Offset{0};
    return next;
  }()})));
  EXPECT_LT((now() - before).us, seconds(4).us);
  EXPECT_EQ(reader->consumer->health().condition, Condition::kUnreachable);
  reader.reset();
  EXPECT_LT((now() - before).us, seconds(9).us);
  broker.send(SIGCONT);
}

TEST(KafkaGroup, RefusesACommitThatTheBrokerRefuses) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(acked(produce(*producer, message("a", "0"))));
  ASSERT_TRUE(reader.read(1));
  broker.tell("errors offset_commit 1 TOPIC_AUTHORIZATION_FAILED");
  EXPECT_FALSE(reader.commit());
  EXPECT_TRUE(reader.commit());
  FlatMap<Partition, Offset> strangers;
  strangers[Partition{17}] = Offset{3};
  EXPECT_TRUE(std::holds_alternative<OffsetsCommitted>(reader.consumer->commit({strangers})))
      << "there is nothing to commit of a partition that is not ours";
}

TEST(KafkaGroup, WaitsOutACoordinatorThatCannotTellTheCommittedOffsets) {
  TestBroker broker;
  auto producer = make_producer(broker.bootstrap());
  ASSERT_TRUE(acked(produce(*producer, message("a", "0"))));
  broker.tell("errors offset_fetch 5 GROUP_AUTHORIZATION_FAILED");
  Reader reader(make_consumer(broker.bootstrap()));
  ASSERT_TRUE(reader.read(1));
}

}  // namespace
}  // namespace quickbite::kafka
