#include "domain/port/dead_letter.h"

#include <gtest/gtest.h>

namespace quickbite {
namespace {

constexpr Uuid kCluster{1, 2};
constexpr EventId kId{Uuid{3, 4}};

Record poison() {
  Record record;
  record.message.topic = Topic::kOrders;
  record.message.partition = Partition(2);
  record.message.key = "k";
  record.message.value = Bytes("{\"type\":");
  record.message.headers = {{"event-id", "x"}, {"dlq-reason", "forged"}};
  record.offset = Offset(41);
  return record;
}

TEST(DeadLetter, KeepsTheRecordAndTellsWhereItStoodAndWhy) {
  const Record record = poison();
  const OutboxRow row = dead_letter(record, kId, "NOT_JSON", "byte 8", Instant{7});
  EXPECT_EQ(row.id, kId);
  EXPECT_EQ(row.topic, Topic::kOrdersDeadLetter);
  EXPECT_EQ(row.shard, kDeadLetterShard);
  EXPECT_EQ(row.type, kDeadLetterType);
  EXPECT_EQ(row.key, record.message.key);
  EXPECT_TRUE(row.payload.same(record.message.value));
  EXPECT_EQ(Headers(row.headers.begin() + kDeadLetterHeaders, row.headers.end()),
            record.message.headers);
  const auto origin = dead_letter_origin(row.headers);
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->topic, Topic::kOrders);
  EXPECT_EQ(origin->partition, Partition(2));
  EXPECT_EQ(origin->offset, Offset(41));
  EXPECT_EQ(origin->reason, "NOT_JSON") << "ours stands before the stranger's";
  EXPECT_EQ(header(row.headers, kDeadLetterErrorHeader), "byte 8");
}

TEST(DeadLetter, HasTheSameIdAgainForTheSameRecordAndAnotherForEveryOther) {
  const EventId id = dead_letter_id(kCluster, poison());
  EXPECT_EQ(id, dead_letter_id(kCluster, poison()));
  EXPECT_NE(id, dead_letter_id(Uuid{1, 3}, poison()));
  Record other = poison();
  other.message.topic = Topic::kInventory;
  EXPECT_NE(id, dead_letter_id(kCluster, other));
  other = poison();
  other.message.partition = Partition(3);
  EXPECT_NE(id, dead_letter_id(kCluster, other));
  other = poison();
  other.offset = Offset(42);
  EXPECT_NE(id, dead_letter_id(kCluster, other));
  other = poison();
  other.message.value = Bytes("b");
  EXPECT_NE(id, dead_letter_id(kCluster, other));
}

TEST(DeadLetter, HeadersThatAreNotADeadLettersHaveNoOrigin) {
  const Headers good = dead_letter(poison(), kId, refused_reason("22001"), "", Instant{}).headers;
  EXPECT_TRUE(dead_letter_origin(good));
  for (std::size_t i = 0; i < 4; ++i) {
    Headers bad(good.begin(), good.begin() + kDeadLetterHeaders);
    bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(dead_letter_origin(bad)) << i;
  }
  for (const char* offset : {"", "-1", "1x", " 1", "99999999999999999999"}) {
    Headers bad = good;
    bad[2].value = offset;
    EXPECT_FALSE(dead_letter_origin(bad)) << offset;
  }
}

}  // namespace
}  // namespace quickbite
