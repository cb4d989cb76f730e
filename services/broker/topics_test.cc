#include "services/broker/topics.h"

#include "gtest/gtest.h"

namespace quickbite::broker {
namespace {

TEST(Topics, AreReadWithAndWithoutACount) {
  const auto topics = parse_topics("orders.v1:4,inventory.v1:12,orders.dlq.v1");
  ASSERT_TRUE(topics.ok()) << topics.status();
  EXPECT_EQ(*topics,
            (std::vector<TopicSpec>{{"orders.v1", 4}, {"inventory.v1", 12}, {"orders.dlq.v1", 1}}));
}

TEST(Topics, AreReadBackAsTheyWereWritten) {
  const auto topics = parse_topics(format_topics(default_topics(7)));
  ASSERT_TRUE(topics.ok()) << topics.status();
  EXPECT_EQ(*topics, default_topics(7));
}

TEST(Topics, OfAnEmptyTextAreNone) {
  const auto topics = parse_topics("");
  ASSERT_TRUE(topics.ok());
  EXPECT_TRUE(topics->empty());
}

TEST(Topics, ThatKafkaWouldNotTakeAreRefused) {
  for (const char* text : {":4", "a:0", "a:-1", "a:x", "a:", "a:4x", "a:1025", "a b", "a/b", ".",
                           "..", "a,a:2", "a,", ",", "a,,b", "a:99999999999999999999"}) {
    EXPECT_FALSE(parse_topics(text).ok()) << text;
  }
  EXPECT_FALSE(parse_topics(std::string(250, 'a')).ok());
  EXPECT_TRUE(parse_topics(std::string(249, 'a')).ok());
}

TEST(Topics, ThatAreRefusedAreNamed) {
  EXPECT_EQ(parse_topics("good:1,bad:0").status().message(),
            "topic 'bad:0': the number of partitions must be from 1 to 1024");
}

}  // namespace
}  // namespace quickbite::broker
