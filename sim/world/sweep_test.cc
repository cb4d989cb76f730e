#include "sim/world/sweep.h"

#include <gtest/gtest.h>

namespace quickbite::sim {
namespace {

TEST(Sweep, AFewHundredSeedsHold) {
  MemoDecoder decoder;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const Outcome outcome = run_seed(seed, decoder);
    ASSERT_EQ(outcome.ending, Ending::kHeld)
        << "seed " << seed << ": " << outcome.property << " " << outcome.what << "\n" << describe(draw(seed));
  }
}

TEST(Sweep, ASeedGivesTheSameHashTwice) {
  MemoDecoder memo;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PlainDecoder plain;
    const Outcome first = run_seed(seed, memo);
    const Outcome second = run_seed(seed, plain);
    EXPECT_EQ(first.trace_hash, second.trace_hash);
    EXPECT_EQ(first.fingerprint, second.fingerprint);
  }
}

// Both drew a batch of one and messages of up to 80 ms: what lies in the topic takes longer than the bound alone.
TEST(Sweep, ASlowConsumerIsGivenTheTimeThatItsBacklogTakes) {
  for (const std::uint64_t seed : {23068u, 35576u}) {
    PlainDecoder codec;
    const Outcome outcome = run_seed(seed, codec);
    EXPECT_EQ(outcome.ending, Ending::kHeld) << seed << ": " << outcome.property << " " << outcome.what;
  }
}

// A database goes away while a relay's old mark stands at its commit, and so does the renewal that takes its shard away.
TEST(Sweep, WhatLandsInAnOutageLandsInSomeOrder) {
  PlainDecoder codec;
  const Outcome outcome = run_seed(17773, codec);
  EXPECT_EQ(outcome.ending, Ending::kHeld) << outcome.property << " " << outcome.what;
}

}  // namespace
}  // namespace quickbite::sim
