#include "domain/message/record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace quickbite {
namespace {

TEST(Topic, EveryNameIsReadAsItIsWritten) {
  for (const Topic topic :
       {Topic::kOrders, Topic::kInventory, Topic::kOrdersDeadLetter, Topic::kInventoryDeadLetter}) {
    EXPECT_EQ(parse_topic(to_string(topic)), topic);
  }
  EXPECT_FALSE(parse_topic("orders.v2"));
  EXPECT_FALSE(parse_topic(""));
}

TEST(Topic, ADeadLetterOfADeadLetterGoesBackToItsOwnTopic) {
  EXPECT_EQ(dead_letter_topic(Topic::kOrders), Topic::kOrdersDeadLetter);
  EXPECT_EQ(dead_letter_topic(Topic::kOrdersDeadLetter), Topic::kOrdersDeadLetter);
  EXPECT_EQ(dead_letter_topic(Topic::kInventory), Topic::kInventoryDeadLetter);
}

TEST(Headers, TheFirstOfANameCounts) {
  const Headers headers = {{"type", "a"}, {"event-id", "b"}, {"type", "c"}};
  EXPECT_EQ(header(headers, "type"), "a");
  EXPECT_FALSE(header(headers, "Type"));
  EXPECT_FALSE(header({}, "type"));
}

// Records of a key that moved to another partition would overtake each other.
TEST(PartitionOf, IsTheSameInEveryVersion) {
  EXPECT_EQ(partition_of("", 12), Partition(4873658266198650378ull % 12));
  EXPECT_EQ(partition_of("a", 12), Partition(16171628058804911388ull % 12));
}

RC_GTEST_PROP(PartitionOf, IsAlwaysOneThatThereIs, (std::string key)) {
  const auto partitions = *rc::gen::inRange(1, 100);
  const Partition at = partition_of(key, partitions);
  RC_ASSERT(at.value >= 0 && at.value < partitions);
}

TEST(PartitionOf, SpreadsOrdersEvenly) {
  std::vector<int> counts(8);
  for (std::uint64_t i = 0; i < 8000; ++i) {
    ++counts[static_cast<std::size_t>(
        partition_of(to_string(uuid_v5(Uuid{i, 0}, "order")), 8).value)];
  }
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace quickbite
