#include "adapters/kafka/cluster.h"

#include "adapters/kafka/test_broker.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

using ::testing::HasSubstr;

TEST(KafkaCluster, IsTheEmbeddedBrokersIncarnation) {
  TestBroker broker("--partitions 3");
  const auto first = look_at_cluster({broker.bootstrap(), "test", {}, {}}, seconds(5));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->name, broker.incarnation());
  EXPECT_EQ(to_string(first->id), broker.incarnation());
  EXPECT_EQ(*first->partitions.find(Topic::kOrders), 3);
  EXPECT_EQ(*first->partitions.find(Topic::kInventoryDeadLetter), 1);
  const auto again = look_at_cluster({broker.bootstrap(), "test", {}, {}}, seconds(5));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(first->id, again->id);

  broker.restart();
  const auto other = look_at_cluster({broker.bootstrap(), "test", {}, {}}, seconds(5));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE(first->id, other->id) << "a log that was made anew is another cluster";
}

TEST(KafkaCluster, TellsWhichTopicsThereAre) {
  TestBroker broker("--topics orders.v1:2,strangers:7");
  const auto cluster = look_at_cluster({broker.bootstrap(), "test", {}, {}}, seconds(5));
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->partitions.size(), 1U);
  EXPECT_EQ(*cluster->partitions.find(Topic::kOrders), 2);
}

TEST(KafkaCluster, ThatIsAwayIsUnavailableInTime) {
  TestBroker broker;
  broker.tell("down");
  const auto cluster = look_at_cluster({broker.bootstrap(), "test", {}, {}}, milliseconds(500));
  EXPECT_TRUE(absl::IsUnavailable(cluster.status())) << cluster.status();
  EXPECT_THAT(std::string(cluster.status().message()), HasSubstr(broker.bootstrap()));
}

TEST(KafkaCluster, IsNotAskedWithSettingsThatAreNone) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      look_at_cluster({"127.0.0.1:1", "test", {{"nope", "1"}}, {}}, seconds(1)).status()));
}

}  // namespace
}  // namespace quickbite::kafka
