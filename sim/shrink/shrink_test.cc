#include "sim/shrink/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <variant>

#include "sim/plan/parse.h"
#include "sim/plan/print.h"

namespace quickbite::sim {
namespace {

constexpr RunLimits kQuick{.fingerprint = false};

Shows seeing(Sometimes fact) {
  return [fact](const Outcome& outcome) {
    return outcome.ending == Ending::kHeld && outcome.covered.test(static_cast<std::size_t>(fact));
  };
}

// The first seed that shows it.
Drawn seed_with(const Shows& shows, Codec& codec) {
  for (std::uint64_t seed = 1;; ++seed) {
    Drawn drawn = draw(seed);
    if (shows(run_plan(drawn.plan, drawn.options, kQuick, codec))) return drawn;
  }
}

const ShrinkOn kToTheEnd = [](std::uint64_t, std::size_t) { return true; };

TEST(Shrink, WhatLuckStruckWrittenDownAsRulesIsTheSameRun) {
  MemoDecoder codec;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Drawn drawn = draw(seed);
    const Outcome lucky = run_plan(drawn.plan, drawn.options, {.fingerprint = true, .records = Records::kStrikes}, codec);
    const Drawn written = pinned(drawn, lucky.strikes);
    const Outcome ruled = run_plan(written.plan, written.options, {}, codec);
    ASSERT_EQ(ruled.ending, lucky.ending) << "seed " << seed << ": " << ruled.what;
    ASSERT_EQ(ruled.trace_hash, lucky.trace_hash) << "seed " << seed;
    ASSERT_EQ(ruled.fingerprint, lucky.fingerprint) << "seed " << seed;
  }
}

// Whether rules can tell all that luck does: of one replica of each there is no choice, and no message goes without a moment, as
// from a broker that is away, and no two of one moment.
bool can_be_told(const Plan& plan) {
  return plan.shape.orders == 1 && plan.shape.inventory == 1 && std::ranges::none_of(plan.acts, [](const Act& act) {
    return std::holds_alternative<BrokerOutage>(act.what) || std::holds_alternative<DatabaseOutage>(act.what) ||
           std::holds_alternative<CrashAct>(act.what) || std::holds_alternative<PoisonAct>(act.what);
  });
}

TEST(Shrink, WhatLuckStruckAndDrewOfDelaysWrittenDownAsRulesIsTheSameRunWithoutItsSeed) {
  MemoDecoder codec;
  std::uint64_t told = 0, twice = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Drawn drawn = draw(seed);
    if (!can_be_told(drawn.plan)) continue;
    // Faults that may go two ways, by a choice, or end a process.
    for (const Verdict verdict : {Verdict::kCrash, Verdict::kSerialization, Verdict::kLoseAnswer}) {
      drawn.options.odds.ppm[static_cast<std::size_t>(verdict)] = 0;
    }
    const Outcome lucky = run_plan(drawn.plan, drawn.options, {.fingerprint = true, .records = Records::kDelays}, codec);
    Drawn written = pinned(drawn, lucky.strikes);
    written.plan.seed.reset();
    const Outcome calm = run_plan(written.plan, written.options, {}, codec);
    ASSERT_EQ(calm.ending, lucky.ending) << "seed " << seed << ": " << calm.what;
    ASSERT_EQ(calm.trace_hash, lucky.trace_hash) << "seed " << seed;
    ASSERT_EQ(calm.fingerprint, lucky.fingerprint) << "seed " << seed;
    ++told;
    twice += lucky.given.verdicts[static_cast<std::size_t>(Verdict::kDuplicate)];
  }
  EXPECT_GT(told, 20u);
  EXPECT_GT(twice, 20u);
}

TEST(Shrink, AnAbortedTransactionNeedsOneOrderAndOneFault) {
  MemoDecoder codec;
  const Shows shows = seeing(Sometimes::kSerializationRetried);
  const Drawn drawn = seed_with(shows, codec);
  const Shrunk shrunk = shrink(drawn, shows, codec, kToTheEnd);
  EXPECT_TRUE(shrunk.standard);
  EXPECT_FALSE(shrunk.drawn.plan.seed);
  EXPECT_LE(shrunk.drawn.plan.acts.size(), 1u);
  ASSERT_EQ(shrunk.drawn.plan.rules.size(), 1u);
  EXPECT_EQ(shrunk.drawn.plan.rules[0].verdict, Verdict::kSerialization);
}

TEST(Shrink, WhatItLeavesIsAScenarioThatShowsTheSame) {
  MemoDecoder codec;
  for (const Sometimes fact : {Sometimes::kRejection, Sometimes::kDuplicateSuppressed, Sometimes::kLetterRedriven,
                               Sometimes::kCancelAfterConfirmed, Sometimes::kCommitInDoubtLanded}) {
    const Shows shows = seeing(fact);
    const Drawn drawn = seed_with(shows, codec);
    const Shrunk shrunk = shrink(drawn, shows, codec, kToTheEnd);
    const std::string text = print_plan(shrunk.drawn.plan);
    EXPECT_LT(shrunk.drawn.plan.acts.size(), drawn.plan.acts.size()) << to_string(fact) << "\n" << text;
    EXPECT_LE(shrunk.drawn.plan.rules.size(), 2u) << to_string(fact) << "\n" << text;
    const auto parsed = parse_plan(text);
    ASSERT_TRUE(std::holds_alternative<Plan>(parsed)) << text;
    EXPECT_EQ(std::get<Plan>(parsed), shrunk.drawn.plan) << text;
    EXPECT_TRUE(shows(run_plan(std::get<Plan>(parsed), shrunk.drawn.options, kQuick, codec))) << text;
  }
}

TEST(Shrink, WhereOnlyDelaysMatterThereIsOneInsteadOfTheSeed) {
  MemoDecoder codec;
  for (const Sometimes fact : {Sometimes::kBatchOfMany, Sometimes::kRetryAfterLostSuccess, Sometimes::kOffsetCommitFailed}) {
    // Of one replica of Orders: which one is asked is nothing that a rule could say.
    const Shows shows = seeing(fact);
    std::uint64_t seed = 1;
    const auto suits = [&](const Drawn& drawn) {
      Drawn lucky = pinned(drawn, {});
      return drawn.plan.shape.orders == 1 && shows(run_plan(lucky.plan, lucky.options, kQuick, codec));
    };
    while (!suits(draw(seed))) ++seed;
    const Drawn drawn = pinned(draw(seed), {});
    Drawn calm = drawn;
    calm.plan.seed.reset();
    ASSERT_FALSE(shows(run_plan(calm.plan, calm.options, kQuick, codec))) << to_string(fact) << ", seed " << seed;

    const Shrunk shrunk = shrink(drawn, shows, codec, kToTheEnd);
    const std::string text = print_plan(shrunk.drawn.plan);
    EXPECT_FALSE(shrunk.drawn.plan.seed) << to_string(fact) << "\n" << text;
    ASSERT_EQ(shrunk.drawn.plan.rules.size(), 1u) << to_string(fact) << "\n" << text;
    const Rule& rule = shrunk.drawn.plan.rules[0];
    EXPECT_EQ(rule.verdict, Verdict::kDelay);
    EXPECT_EQ(rule.length.us % 1000, 0) << text;
    EXPECT_TRUE(shows(run_plan(std::get<Plan>(parse_plan(text)), shrunk.drawn.options, kQuick, codec))) << text;
  }
}

TEST(Shrink, OfTwoReplicasThatAreStruckAlikeOneIsStruckTwice) {
  MemoDecoder codec;
  Drawn drawn;
  drawn.plan.shape.inventory = 2;
  drawn.plan.shape.partitions = 2;
  drawn.plan.stock.push_back({Sku{"burger"}, Quantity{9}});
  for (const char* number : {"1", "2", "3", "4", "5", "6"}) {
    const std::string n = number;
    drawn.plan.acts.push_back({Instant{0}, PlaceAct{"u" + n, {{Sku{"fries"}, Quantity{1}}, {Sku{"burger"}, Quantity{3}}}, "k" + n, "o" + n}});
  }
  for (const std::uint32_t replica : {0u, 1u}) {
    drawn.plan.rules.push_back({Role::kInventoryDelivery, replica, Verb::kStore, Phase::kPartly, std::nullopt, 1, Verdict::kSerialization});
  }
  const Shows shows = [](const Outcome& outcome) {
    return outcome.ending == Ending::kHeld && outcome.given.verdicts[static_cast<std::size_t>(Verdict::kSerialization)] == 2;
  };
  const Shrunk shrunk = shrink(drawn, shows, codec, kToTheEnd);
  EXPECT_EQ(shrunk.drawn.plan.shape, Shape());
  ASSERT_EQ(shrunk.drawn.plan.rules.size(), 2u);
  EXPECT_EQ(shrunk.drawn.plan.rules[0].nth, 1u);
  EXPECT_EQ(shrunk.drawn.plan.rules[1].nth, 1u) << "of those that the first leaves";
  ASSERT_EQ(shrunk.drawn.plan.acts.size(), 1u);
  EXPECT_EQ(std::get<PlaceAct>(shrunk.drawn.plan.acts[0].what).lines.size(), 1u);
}

TEST(Shrink, StopsWhereItIsToldWithWhatItHas) {
  MemoDecoder codec;
  const Shows shows = seeing(Sometimes::kRejection);
  const Drawn drawn = seed_with(shows, codec);
  const Shrunk shrunk = shrink(drawn, shows, codec, [](std::uint64_t runs, std::size_t) { return runs < 3; });
  EXPECT_EQ(shrunk.runs, 3u);
  EXPECT_TRUE(shrunk.stopped);
  EXPECT_TRUE(shows(run_plan(shrunk.drawn.plan, shrunk.drawn.options, kQuick, codec)));
}

}  // namespace
}  // namespace quickbite::sim
