#include "sim/world/memo.h"

#include <gtest/gtest.h>

namespace quickbite::sim {
namespace {

// Squares, and how often it was asked to.
struct Squares {
  Memo<std::uint64_t, std::uint64_t> memo;
  int made = 0;

  std::uint64_t of(std::uint64_t number, std::uint64_t hash) {
    return *memo.find(
        hash, [&](std::uint64_t known) { return known == number; },
        [&] {
          ++made;
          return std::pair(number, number * number);
        });
  }
};

TEST(Memo, MakesOnceWhatIsAskedForTwice) {
  Squares squares;
  EXPECT_EQ(squares.of(7, 1), 49U);
  EXPECT_EQ(squares.of(7, 1), 49U);
  EXPECT_EQ(squares.made, 1);
}

TEST(Memo, TellsKeysOfOneHashApart) {
  Squares squares;
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t number = 0; number < 100; ++number) EXPECT_EQ(squares.of(number, 5), number * number);
  }
  EXPECT_EQ(squares.made, 100);
}

TEST(Memo, ForgetsRatherThanGrowWithoutBound) {
  Squares squares;
  for (std::uint64_t number = 0; number < 100'000; ++number) ASSERT_EQ(squares.of(number, number), number * number);
  EXPECT_EQ(squares.of(0, 0), 0U);
  EXPECT_EQ(squares.made, 100'001);
}

}  // namespace
}  // namespace quickbite::sim
