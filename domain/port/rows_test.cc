#include "domain/port/rows.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace quickbite {
namespace {

TEST(ShardOf, SpreadsOrdersOverAllShardsEvenly) {
  std::vector<int> counts(kShards);
  for (std::uint64_t i = 0; i < 16'000; ++i) {
    const Shard shard = shard_of(OrderId(uuid_v5(Uuid{i, 0}, "order")));
    ASSERT_GE(shard.value, 0);
    ASSERT_LT(shard, kDeadLetterShard);
    ++counts[static_cast<std::size_t>(shard.value)];
  }
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
}

// Rows keep the shard that they were inserted with; a new version must agree with it.
TEST(ShardOf, IsTheSameInEveryVersion) {
  EXPECT_EQ(shard_of(OrderId(Uuid{0, 0})), Shard(1));
  EXPECT_EQ(shard_of(OrderId(Uuid{1, 2})), Shard(9));
  EXPECT_EQ(shard_of(OrderId(Uuid{2, 1})), Shard(5));
}

}  // namespace
}  // namespace quickbite
