#include "sim/plan/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

#include "sim/plan/print.h"

namespace quickbite::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Plan parsed(std::string_view text) {
  auto result = parse_plan(text);
  if (const auto* error = std::get_if<ParseError>(&result)) {
    ADD_FAILURE() << to_string(*error, "plan");
    return {};
  }
  return std::get<Plan>(std::move(result));
}

std::string refusal(std::string_view text) {
  const auto result = parse_plan(text);
  const auto* error = std::get_if<ParseError>(&result);
  return error == nullptr ? "no error" : to_string(*error, "f");
}

constexpr std::string_view kOrder = "at 0ms client u1 orders burger 2 key k1 as o1\n";
std::string after_order(std::string_view line) {
  return "stock burger 5\n" + std::string(kOrder) + std::string(line);
}

TEST(Parse, TheSampleOfTheDesignIsAPlan) {
  const Plan plan = parsed(R"(# A commit's answer is lost, and the client retries with the same key.
kills mutant 52
stock burger 5
at 0ms     client u1 orders burger 2 key k1 as o1
when       orders commits o1: lose answer
at 50ms    broker down for 300ms
finally    o1 CONFIRMED
finally    stock burger available 3 reserved 2
finally    topic orders.v1 has 1 OrderCreated of o1
)");
  EXPECT_EQ(print_plan(plan),
            R"(# A commit's answer is lost, and the client retries with the same key.
kills mutant 52
stock burger 5
at 0ms client u1 orders burger 2 key k1 as o1
at 50ms broker down for 300ms
when intake store unanswered of o1: lose-answer
finally o1 CONFIRMED
finally stock burger available 3 reserved 2
finally topic orders.v1 has 1 OrderCreated of o1
)");
}

// Every line that there is, in the printer's own words.
constexpr std::string_view kEverything = R"(# Everything at once
kills mutant 3
kills mutant 13
seed 18446744073709551615
replicas orders 2
replicas inventory 3
partitions 4
stock burger 5
stock fries 0
at 0ms client u1 orders burger 2, fries 1 key k1 as o1
at 20us client u2 orders burger 1 as o2
at 1500us client u1 cancels o1
at 2ms broker down for 300ms
at 3ms database inventory down for 1s
at 4ms crash inventory 2 for 50ms
at 4ms stop inventory 1 for 50ms
at 5ms poison orders.v1 partition 3 not-json
at 1s rewind inventory.v1
at 1s client u3 reads menu
at 1s database orders refuses o1
at 1s database inventory refuses o2 for 5ms
at 1s broker refuses o1
at 1s lose inventory.v1
at 1s operator redrives orders
at 1s operator redrives inventory again forced
at 2s operator republishes orders
at 2s operator republishes inventory since 150ms
when intake 1 store unanswered of o1 (nth 2): lose-answer
when client u2 request before of o2: duplicate
when orders-relay produce before: reject
when reader read-orders partly: disconnect
when inventory-delivery commit-offsets answered: nothing
when menu 1 ask-menu unanswered: lose-answer
when client u3 request before: lose-request
when orders-operator find-letters partly: disconnect
when inventory-operator 0 resend unanswered: lose-commit
when client u1 request before (nth 2): delay 7ms
when inventory-delivery load partly: delay 1500us
when inventory-relay produce unanswered: duplicate 20ms later
finally o1 CANCELLED CUSTOMER
finally o2 absent
finally stock burger available 4 reserved 1
finally topic orders.v1 has 1 OrderCancelled of o1
finally topic orders.v1 has 2 Redrive of o1
finally topic orders.dlq.v1 has 1 DeadLetter
finally menu of u3 stale
finally menu of u3 fresh
)";

TEST(Parse, EveryLineIsPrintedAsItWasRead) {
  EXPECT_EQ(print_plan(parsed(kEverything)), kEverything);
}

TEST(Parse, EveryPartOfALineReachesThePlan) {
  const Plan plan = parsed(kEverything);
  EXPECT_EQ(plan.title, "Everything at once");
  EXPECT_THAT(plan.kills, ElementsAre(3, 13));
  EXPECT_EQ(plan.seed, UINT64_MAX);
  EXPECT_EQ(plan.shape, (Shape{2, 3, 4}));
  ASSERT_EQ(plan.acts.size(), 18);
  EXPECT_EQ(plan.acts[1].at, Instant{20});
  EXPECT_EQ(std::get<PlaceAct>(plan.acts[1].what).key, std::nullopt);
  EXPECT_EQ(std::get<PlaceAct>(plan.acts[0].what).lines,
            (Lines{{Sku("burger"), Quantity(2)}, {Sku("fries"), Quantity(1)}}));
  EXPECT_EQ(std::get<CrashAct>(plan.acts[5].what),
            (CrashAct{ServiceName::kInventory, 2, milliseconds(50)}));
  EXPECT_EQ(std::get<PoisonAct>(plan.acts[7].what),
            (PoisonAct{Topic::kOrders, Partition(3), PoisonKind::kNotJson}));
  ASSERT_EQ(plan.rules.size(), 12);
  EXPECT_EQ(plan.rules[0], (Rule{Role::kIntake, 1, Verb::kStore, Phase::kUnanswered, "o1", 2,
                                 Verdict::kLoseAnswer, {}}));
  EXPECT_EQ(plan.rules[9], (Rule{Role::kClient, 0, Verb::kRequest, Phase::kBefore, std::nullopt, 2,
                                 Verdict::kDelay, milliseconds(7)}));
  EXPECT_EQ(plan.rules[11].verdict, Verdict::kDuplicate);
  EXPECT_EQ(plan.rules[11].length, milliseconds(20));
  EXPECT_EQ(plan.rules[1].replica, 1) << "u2 is the second client to order";
  EXPECT_EQ(plan.rules[6].replica, 2) << "u3 only reads the menu";
  EXPECT_EQ(std::get<RefuseAct>(plan.acts[11].what), (RefuseAct{ServiceName::kInventory, "o2", milliseconds(5)}));
  EXPECT_EQ(std::get<RedriveAct>(plan.acts[15].what), (RedriveAct{ServiceName::kInventory, true, true}));
  EXPECT_EQ(std::get<RepublishAct>(plan.acts[17].what),
            (RepublishAct{ServiceName::kInventory, Instant{milliseconds(150).us}}));
  EXPECT_EQ(std::get<OrderIs>(plan.expectations[1]).status, std::nullopt);
  EXPECT_EQ(std::get<MenuIs>(plan.expectations[6]), (MenuIs{"u3", true}));
}

TEST(Parse, WhatIsLeftOutHasItsPlainValue) {
  const Plan plan = parsed("at 0ms crash orders for 1ms\nat 0ms poison inventory.v1 empty\n");
  EXPECT_EQ(print_plan(plan),
            "at 0ms crash orders 0 for 1ms\nat 0ms poison inventory.v1 partition 0 empty\n");
  EXPECT_EQ(parsed("").shape, (Shape{1, 1, 1}));
  EXPECT_EQ(parsed("").seed, std::nullopt);
}

TEST(Parse, AWordOfSeveralPartsMayBeWrittenWithBlanks) {
  const Plan plan = parsed(
      "when orders relay read outbox partly: disconnect\nwhen inventory 0 commits: lose commit\n");
  EXPECT_EQ(print_plan(plan),
            "when orders-relay read-outbox partly: disconnect\nwhen inventory-delivery 0 store "
            "unanswered: lose-commit\n");
}

TEST(Parse, CommentsBlankLinesAndLineEndsOfWindowsAreNothing) {
  const Plan plan =
      parsed("\r\n#\n## The title \r\n# no title\n\nstock burger 5 # five\r\n# nor this\r\n");
  EXPECT_EQ(plan.title, "The title");
  EXPECT_EQ(plan.stock.size(), 1);
  EXPECT_EQ(parsed("# a\x1b[31m\rb\n").title, "a [31m b");
  EXPECT_EQ(parsed("stock burger 5\n# below a statement\n").title, "");
}

TEST(Parse, AMistakeIsToldWithItsLineAndColumnAndWhatWasExpected) {
  EXPECT_EQ(
      refusal("stock burger 5\nfoo bar\n"),
      "f:2:1: expected kills, seed, replicas, partitions, deadline, stock, at, when or finally, found 'foo'");
  EXPECT_EQ(refusal("stock burger five\n"),
            "f:1:14: expected a quantity from 0 to 1000000000, found 'five'");
  EXPECT_EQ(refusal("stock burger"),
            "f:1:13: expected a quantity from 0 to 1000000000, found the end of the line");
  EXPECT_EQ(
      refusal("at 0ms broker down for 300\n"),
      "f:1:24: expected a length of time such as 20ms (us, ms or s; at most an hour), found '300'");
  EXPECT_EQ(refusal("stock burger 5 fries"), "f:1:16: expected the end of the line, found 'fries'");
  EXPECT_EQ(refusal("kills mutants 3"), "f:1:7: expected 'mutant', found 'mutants'");
}

TEST(Parse, AVerdictThatCannotBeGivenThereIsRefusedAndThoseThatCanAreListed) {
  EXPECT_EQ(refusal("when intake store before: lose-answer"),
            "f:1:27: expected a verdict that can be given at intake store before (nothing, "
            "crash or delay), found 'lose-answer'");
  EXPECT_EQ(refusal("when intake produce before: crash"),
            "f:1:13: expected an effect of intake (load, store or wait), found 'produce'");
  EXPECT_THAT(refusal("when orders store before: crash"), StartsWith("f:1:13: expected 'commits'"));
  EXPECT_THAT(refusal("when nobody store before: crash"),
              HasSubstr("or 'orders commits' or 'inventory commits', found 'nobody'"));
  EXPECT_EQ(refusal("when intake store before crash"), "f:1:26: expected ':', found 'crash'");
}

TEST(Parse, ADelaySaysHowLongItIsAndIsNoLongerThanARunWaits) {
  EXPECT_EQ(refusal("when intake store before: delay"),
            "f:1:32: expected a delay such as 7ms (us, ms or s; from 1us to 10s), found the end of the line");
  EXPECT_EQ(refusal("when intake store before: delay 10001ms"), "f:1:33: expected a delay such as 7ms (us, ms or s; from 1us to 10s), found '10001ms'");
  EXPECT_EQ(refusal("when intake store before: delay 0ms"), "f:1:33: expected a delay such as 7ms (us, ms or s; from 1us to 10s), found '0ms'");
  EXPECT_EQ(refusal("when intake store before: delay 7ms later"), "f:1:37: expected the end of the line, found 'later'");
  EXPECT_EQ(refusal("when intake wait before: delay 7ms"),
            "f:1:26: expected a verdict that can be given at intake wait before (nothing or crash), found 'delay'");
  EXPECT_EQ(refusal("when client request before: duplicate 7ms"), "f:1:42: expected 'later', found the end of the line");
  EXPECT_EQ(refusal("when client request before: duplicate 11s later"), "f:1:39: expected a delay such as 7ms (us, ms or s; from 1us to 10s), found '11s'");
}

TEST(Parse, ALabelIsKnownFromTheLineThatGivesItOn) {
  EXPECT_EQ(
      refusal("when intake store before of o1: crash\n"),
      "f:1:29: expected a label, but no line above says 'client … orders … as LABEL', found 'o1'");
  EXPECT_EQ(refusal(after_order("finally o2 CONFIRMED")),
            "f:3:9: expected the label of an order above, found 'o2'");
  EXPECT_EQ(refusal(after_order(kOrder)),
            "f:3:44: expected a label that no order above has, found 'o1'");
  EXPECT_EQ(refusal(after_order("at 1ms client u2 cancels o1")),
            "f:3:26: expected an order of u2, found 'o1'");
  EXPECT_THAT(refusal("at 0ms client u1 orders burger 1 as stock"),
              HasSubstr("a label other than stock, topic and menu"));
  EXPECT_THAT(refusal(after_order("finally menu of u1 stale")),
              HasSubstr("a client that reads the menu above, found 'u1'"));
}

TEST(Parse, WhatIsNamedMustBeThere) {
  EXPECT_EQ(refusal("at 0ms crash orders 1 for 1ms"),
            "f:1:21: expected a replica from 0 to 0, found '1'");
  EXPECT_EQ(refusal("when inventory-relay 1 mark before: crash"),
            "f:1:22: expected a replica from 0 to 0, found '1'");
  EXPECT_EQ(refusal("at 0ms poison orders.v1 partition 1 empty"),
            "f:1:35: expected a partition from 0 to 0, found '1'");
  EXPECT_THAT(refusal(after_order("when client u2 request before: crash")),
              HasSubstr("a client of an order above, found 'u2'"));
  EXPECT_THAT(refusal(after_order("finally stock fries available 1 reserved 0")),
              HasSubstr("found 'fries'"));
  EXPECT_EQ(refusal(after_order("finally topic inventory.v1 has 1 OrderCreated")),
            "f:3:34: expected what inventory.v1 carries (InventoryReserved, InventoryRejected or "
            "Redrive), found 'OrderCreated'");
  EXPECT_EQ(refusal(after_order("finally topic orders.dlq.v1 has 1 DeadLetter of o1")),
            "f:3:46: expected the end of the line, found 'of'");
}

TEST(Parse, SettingsStandFirstAndOnce) {
  EXPECT_THAT(refusal(after_order("stock fries 1")),
              StartsWith("f:3:1: expected at, when or finally"));
  EXPECT_EQ(refusal("stock a 1\nstock a 2"),
            "f:2:7: expected a SKU that is not stocked yet, found 'a'");
  EXPECT_EQ(refusal("seed 1\nseed 2"), "f:2:6: expected only one seed, found '2'");
  EXPECT_EQ(refusal("partitions 1\npartitions 2"),
            "f:2:12: expected only one line of partitions, found '2'");
  EXPECT_THAT(refusal("replicas orders 1\nreplicas orders 2"),
              HasSubstr("only one line of replicas of orders"));
  EXPECT_THAT(refusal("kills mutant 1\nkills mutant 1"), HasSubstr("no line above names"));
}

TEST(Parse, ActsStandInTheOrderOfTheirTimes) {
  EXPECT_EQ(refusal("at 2ms broker down for 1ms\nat 1999us broker down for 1ms"),
            "f:2:4: expected a time that is not before the line above's, found '1999us'");
}

TEST(Parse, NumbersAndTimesBeyondAllMeasureAreRefused) {
  EXPECT_THAT(refusal("seed 18446744073709551616"), StartsWith("f:1:6: expected a seed from 0"));
  EXPECT_THAT(refusal("stock a -1"), StartsWith("f:1:9: expected a quantity"));
  EXPECT_THAT(refusal("at 3600001ms broker down for 1ms"), StartsWith("f:1:4: expected a time"));
  EXPECT_THAT(refusal("at 99999999999999999999s broker down for 1ms"),
              StartsWith("f:1:4: expected a time"));
  EXPECT_THAT(refusal("at 0ms client u1 orders burger 0 as o1"),
              StartsWith("f:1:32: expected a quantity from 1"));
  EXPECT_THAT(refusal("replicas orders 4"),
              StartsWith("f:1:17: expected a number of replicas from 1 to 3"));
}

TEST(Parse, TextThatIsNoneIsRefusedAndNeverEchoed) {
  EXPECT_EQ(refusal("stock a 1\nstock \xff 1"), "f:2:7: expected text in UTF-8, found '\\xff'");
  EXPECT_EQ(refusal(std::string_view("seed \0", 6)),
            "f:1:6: expected text in UTF-8, found '\\x00'");
  EXPECT_EQ(refusal("seed \x1b[31m"),
            "f:1:6: expected a seed from 0 to 18446744073709551615, found '\\x1b[31m'");
  EXPECT_THAT(refusal("seed " + std::string(1000, 'x')),
              ::testing::EndsWith("found '" + std::string(40, 'x') + "…'"));
}

TEST(Parse, AFileBeyondItsLimitsIsRefused) {
  EXPECT_EQ(refusal(std::string(kPlanBytesMax + 1, ' ')),
            "f:1:1: expected at most 262144 bytes, found 262145");
  std::string acts;
  for (std::size_t i = 0; i <= kActsMax; ++i) acts += "at 0ms broker down for 1ms\n";
  EXPECT_EQ(refusal(acts), "f:1001:8: expected at most 1000 lines with at, found 'broker'");
  std::string order = "at 0ms client u1 orders a 1";
  for (std::size_t i = 0; i < kLinesMax; ++i) order += ", a 1";
  EXPECT_THAT(refusal(order + " as o1"), HasSubstr("at most 50 lines in an order"));
}

}  // namespace
}  // namespace quickbite::sim
