#include "sim/world/run_plan.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quickbite::sim {
namespace {

Plan one_order() {
  Plan plan;
  plan.stock.push_back({Sku{"burger"}, Quantity{5}});
  plan.acts.push_back({Instant{0}, PlaceAct{"u1", {{Sku{"burger"}, Quantity{2}}}, "k1", "o1"}});
  plan.expectations.push_back(OrderIs{"o1", OrderStatus::kConfirmed, std::nullopt});
  plan.expectations.push_back(StockIs{Sku{"burger"}, Quantity{3}, Quantity{2}});
  plan.expectations.push_back(TopicHas{Topic::kOrders, 1, "OrderCreated", "o1"});
  return plan;
}

Outcome run(const Plan& plan, const Options& options = {}) {
  MemoDecoder decoder;
  return run_plan(plan, options, {}, decoder);
}

TEST(RunPlan, OneOrderGoesItsWayFromThePostToConfirmed) {
  const Outcome outcome = run(one_order());
  EXPECT_EQ(outcome.ending, Ending::kHeld) << outcome.property << " " << outcome.what;
}

TEST(RunPlan, AnUnmetExpectationIsToldWithWhatWasFoundInstead) {
  Plan plan = one_order();
  plan.expectations = {StockIs{Sku{"burger"}, Quantity{4}, Quantity{1}}};
  const Outcome outcome = run(plan);
  EXPECT_EQ(outcome.ending, Ending::kExpectation);
  EXPECT_NE(outcome.what.find("available 3 reserved 2"), std::string::npos) << outcome.what;
}

TEST(RunPlan, ARuleThatNeverFiresIsAnError) {
  Plan plan = one_order();
  plan.rules.push_back({Role::kIntake, std::nullopt, Verb::kStore, Phase::kPartly, std::nullopt, 7, Verdict::kCrash});
  EXPECT_EQ(run(plan).ending, Ending::kUnfiredRule);
}

// When `to` was told what begins so.
std::vector<std::int64_t> times_of(const Plan& plan, const std::string& to, const std::string& what) {
  MemoDecoder decoder;
  std::vector<std::int64_t> times;
  const Outcome outcome = run_plan(plan, {}, {}, decoder, [&](Instant at, const std::string& told, const std::string& text) {
    if (told == to && text.starts_with(what)) times.push_back(at.us);
  });
  EXPECT_EQ(outcome.ending, Ending::kHeld) << outcome.property << " " << outcome.what;
  return times;
}

TEST(RunPlan, ADelayMakesWhatComesNextOfItsMomentThatMuchLater) {
  struct Case {
    Role role;
    Verb verb;
    Phase phase;
    std::uint32_t nth;
    std::string to;
    std::string what;
  };
  const std::vector<Case> cases = {
      {Role::kClient, Verb::kRequest, Phase::kBefore, 1, "orders/0 http", "POST"},
      {Role::kClient, Verb::kRequest, Phase::kUnanswered, 1, "client 0", "answered"},
      {Role::kIntake, Verb::kLoad, Phase::kBefore, 1, "orders/0 intake", "loaded"},
      {Role::kIntake, Verb::kLoad, Phase::kPartly, 1, "orders/0 intake", "loaded"},
      {Role::kIntake, Verb::kStore, Phase::kPartly, 1, "orders/0 intake", "stored"},
      {Role::kIntake, Verb::kStore, Phase::kUnanswered, 1, "orders/0 intake", "stored"},
      {Role::kOrdersRelay, Verb::kProduce, Phase::kBefore, 1, "orders.v1", "produce"},
      {Role::kOrdersRelay, Verb::kProduce, Phase::kUnanswered, 1, "orders/0 relay", "acked"},
      {Role::kInventoryDelivery, Verb::kPoll, Phase::kUnanswered, 2, "inventory/0 delivery", "fetched"},
      {Role::kInventoryDelivery, Verb::kLoad, Phase::kPartly, 3, "inventory/0 delivery", "loaded"},
      {Role::kInventoryDelivery, Verb::kCommitOffsets, Phase::kBefore, 1, "orders.v1", "commit offsets"},
      {Role::kMenu, Verb::kAskMenu, Phase::kBefore, 1, "orders/0 menu", "a menu of"},
      {Role::kMenu, Verb::kAskMenu, Phase::kPartly, 1, "orders/0 menu", "a menu of"},
      {Role::kMenu, Verb::kAskMenu, Phase::kUnanswered, 1, "orders/0 menu", "a menu of"},
  };
  for (const auto& [role, verb, phase, nth, to, what] : cases) {
    Plan plan = one_order();
    plan.acts.push_back({Instant{0}, MenuAct{"u2"}});
    const std::vector<std::int64_t> calm = times_of(plan, to, what);
    plan.rules.push_back({role, std::nullopt, verb, phase, std::nullopt, nth, Verdict::kDelay, milliseconds(7)});
    const std::vector<std::int64_t> late = times_of(plan, to, what);
    ASSERT_FALSE(calm.empty()) << to << " " << what;
    ASSERT_FALSE(late.empty()) << to << " " << what;
    EXPECT_EQ(late[0], calm[0] + 7000) << to_string(role) << " " << to_string(verb) << " " << to_string(phase);
  }
}

TEST(RunPlan, WhatIsDuplicatedMayBeLateAsWellAndItsSecondCopyLater) {
  Plan plan = one_order();
  const std::int64_t calm = times_of(plan, "orders/0 http", "POST")[0];
  const auto rule = [](Verdict verdict, Duration length) {
    return Rule{Role::kClient, 0, Verb::kRequest, Phase::kBefore, std::nullopt, 1, verdict, length};
  };
  plan.rules = {rule(Verdict::kDelay, milliseconds(3)), rule(Verdict::kDuplicate, milliseconds(5))};
  EXPECT_EQ(times_of(plan, "orders/0 http", "POST"), (std::vector{calm + 3000, calm + 8000}));
  plan.rules = {rule(Verdict::kDuplicate, {})};
  EXPECT_EQ(times_of(plan, "orders/0 http", "POST"), (std::vector{calm, calm}));
}

TEST(RunPlan, ADelayThatNeverStrikesIsAnError) {
  Plan plan = one_order();
  plan.rules.push_back({Role::kIntake, std::nullopt, Verb::kStore, Phase::kPartly, std::nullopt, 7, Verdict::kDelay, milliseconds(1)});
  EXPECT_EQ(run(plan).ending, Ending::kUnfiredRule);
}

TEST(RunPlan, ACrashAtEveryBoundaryOfEveryMachineEndsWell) {
  for (std::size_t r = 0; r < kMachineRoles; ++r) {
    for (std::size_t v = 0; v < kVerbs; ++v) {
      for (std::size_t p = 0; p < kPhases; ++p) {
        const auto role = static_cast<Role>(r);
        const auto verb = static_cast<Verb>(v);
        const auto phase = static_cast<Phase>(p);
        if (role == Role::kOrdersSweeper || role == Role::kInventorySweeper) continue;    // below
        if (role == Role::kOrdersOperator || role == Role::kInventoryOperator) continue;  // below
        if (!has_effect(role, verb) || verb == Verb::kWait || verb == Verb::kReadOrders) continue;
        Plan plan = one_order();
        if (role == Role::kMenu) plan.acts.push_back({Instant{0}, MenuAct{"u2"}});
        plan.expectations.pop_back();  // a crash before the mark publishes again, and the consumer suppresses it
        plan.rules.push_back({role, std::nullopt, verb, phase, std::nullopt, 1, Verdict::kCrash});
        const Outcome outcome = run(plan);
        EXPECT_EQ(outcome.ending, Ending::kHeld) << to_string(role) << " " << to_string(verb) << " " << to_string(phase)
                                                 << ": " << outcome.property << " " << outcome.what;
      }
    }
  }
}

// The order expires while Inventory is away, and what it reserves afterwards is released.
Plan one_that_expires() {
  Plan plan;
  plan.stock.push_back({Sku{"burger"}, Quantity{5}});
  plan.deadline = milliseconds(50);
  plan.acts.push_back({Instant{0}, CrashAct{ServiceName::kInventory, 0, milliseconds(200)}});
  plan.acts.push_back({Instant{milliseconds(10).us}, PlaceAct{"u1", {{Sku{"burger"}, Quantity{2}}}, "k1", "o1"}});
  plan.expectations.push_back(OrderIs{"o1", OrderStatus::kCancelled, CancelReason::kExpired});
  plan.expectations.push_back(StockIs{Sku{"burger"}, Quantity{5}, Quantity{0}});
  return plan;
}

TEST(RunPlan, ACrashAtEveryBoundaryOfTheSweepersEndsWell) {
  for (const Role role : {Role::kOrdersSweeper, Role::kInventorySweeper}) {
    for (std::size_t v = 0; v < kVerbs; ++v) {
      for (std::size_t p = 0; p < kPhases; ++p) {
        const auto verb = static_cast<Verb>(v);
        const auto phase = static_cast<Phase>(p);
        if (!has_effect(role, verb)) continue;
        Plan plan = one_that_expires();
        plan.rules.push_back({role, std::nullopt, verb, phase, std::nullopt, 1, Verdict::kCrash});
        Options options;
        options.limits.sweep_poll = milliseconds(5);
        // So that Orders is ready again, and has the order, while Inventory is away.
        options.static_members = role == Role::kOrdersSweeper;
        const Outcome outcome = run(plan, options);
        EXPECT_EQ(outcome.ending, Ending::kHeld) << to_string(role) << " " << to_string(verb) << " " << to_string(phase)
                                                 << ": " << outcome.property << " " << outcome.what;
      }
    }
  }
}

// What a service's database refuses becomes a dead letter; it is mended, the letter is redriven twice, and everything republished.
// The first look at the letters is broken off, so that the command waits and begins again.
Plan one_that_is_redriven(ServiceName service, Role person) {
  Plan plan;
  plan.stock.push_back({Sku{"burger"}, Quantity{5}});
  plan.acts.push_back({Instant{0}, PlaceAct{"u1", {{Sku{"burger"}, Quantity{2}}}, "k1", "o1"}});
  // Of Orders: from after it has stored the order to long after it has heard of the reservation.
  const Instant refused{service == ServiceName::kOrders ? 4000 : 0};
  plan.acts.push_back({refused, RefuseAct{service, "o1", milliseconds(100)}});
  plan.acts.push_back({Instant{milliseconds(300).us}, RedriveAct{service, false, false}});
  plan.acts.push_back({Instant{milliseconds(600).us}, RedriveAct{service, true, true}});
  plan.acts.push_back({Instant{milliseconds(900).us}, RepublishAct{service, std::nullopt}});
  plan.rules.push_back({person, std::nullopt, Verb::kFindLetters, Phase::kPartly, std::nullopt, 1, Verdict::kDisconnect});
  const Topic letters = service == ServiceName::kOrders ? Topic::kInventoryDeadLetter : Topic::kOrdersDeadLetter;
  plan.expectations.push_back(OrderIs{"o1", OrderStatus::kConfirmed, std::nullopt});
  plan.expectations.push_back(StockIs{Sku{"burger"}, Quantity{3}, Quantity{2}});
  plan.expectations.push_back(TopicHas{letters, 2, "DeadLetter", std::nullopt});  // published, and republished
  return plan;
}

TEST(RunPlan, ACrashAtEveryBoundaryOfTheOperatorsCommandsEndsWell) {
  for (const ServiceName service : {ServiceName::kOrders, ServiceName::kInventory}) {
    const Role role = service == ServiceName::kOrders ? Role::kOrdersOperator : Role::kInventoryOperator;
    for (std::size_t v = 0; v < kVerbs; ++v) {
      for (std::size_t p = 0; p < kPhases; ++p) {
        const auto verb = static_cast<Verb>(v);
        const auto phase = static_cast<Phase>(p);
        if (!has_effect(role, verb)) continue;
        Plan plan = one_that_is_redriven(service, role);
        const std::uint32_t nth = verb == Verb::kFindLetters ? 2 : 1;
        plan.rules.push_back({role, std::nullopt, verb, phase, std::nullopt, nth, Verdict::kCrash});
        if (verb == Verb::kResend) plan.expectations.pop_back();  // given again, it publishes again
        const Outcome outcome = run(plan);
        EXPECT_EQ(outcome.ending, Ending::kHeld) << to_string(role) << " " << to_string(verb) << " " << to_string(phase)
                                                 << ": " << outcome.property << " " << outcome.what;
      }
    }
  }
}

TEST(RunPlan, AnOperatorsCommitInDoubtIsLookedUp) {
  for (const Verdict verdict : {Verdict::kLoseAnswer, Verdict::kLoseCommit}) {
    Plan plan = one_that_is_redriven(ServiceName::kInventory, Role::kInventoryOperator);
    plan.acts.erase(plan.acts.end() - 2, plan.acts.end());
    plan.expectations.back() = TopicHas{Topic::kOrders, 1, "Redrive", "o1"};
    plan.rules.push_back({Role::kInventoryOperator, std::nullopt, Verb::kStore, Phase::kUnanswered, std::nullopt, 1, verdict});
    const Outcome outcome = run(plan);
    EXPECT_EQ(outcome.ending, Ending::kHeld) << to_string(verdict) << ": " << outcome.property << " " << outcome.what;
  }
}

TEST(RunPlan, AnOrderThatNothingElseEndsIsWaitedForUntilItsDeadline) {
  Plan plan = one_that_expires();
  plan.acts.erase(plan.acts.begin());
  plan.acts.insert(plan.acts.begin(), {Instant{0}, ForgeAct{"u1", "k1"}});
  EXPECT_EQ(run(plan).ending, Ending::kHeld);
  Options without;
  without.sweeps = {false, false};
  const Outcome outcome = run(plan, without);
  EXPECT_EQ(outcome.ending, Ending::kLiveness);
  EXPECT_EQ(outcome.property, "L3");
}

}  // namespace
}  // namespace quickbite::sim
