#include "services/runtime/random_uuid.h"

#include <gtest/gtest.h>

#include <set>

namespace quickbite::runtime {
namespace {

TEST(RandomUuid, IsOfVersion4AndNeverTheSame) {
  std::set<Uuid> seen;
  Uuid ones{};
  Uuid zeros{~std::uint64_t{0}, ~std::uint64_t{0}};
  for (int i = 0; i < 1000; ++i) {
    const Uuid uuid = random_uuid();
    const std::string text = to_string(uuid);
    EXPECT_EQ(text[14], '4') << text;
    EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos) << text;
    EXPECT_TRUE(seen.insert(uuid).second);
    ones = {ones.high | uuid.high, ones.low | uuid.low};
    zeros = {zeros.high & uuid.high, zeros.low & uuid.low};
  }
  // Every bit but the six fixed ones takes both values.
  EXPECT_EQ(ones.high ^ zeros.high, ~std::uint64_t{0xF000});
  EXPECT_EQ(ones.low ^ zeros.low, ~(std::uint64_t{0xC0} << 56));
}

}  // namespace
}  // namespace quickbite::runtime
