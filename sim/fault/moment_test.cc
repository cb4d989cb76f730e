#include "sim/fault/moment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quickbite::sim {
namespace {

TEST(Moment, EveryWordIsReadAsWhatItNames) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    const auto role = static_cast<Role>(i);
    EXPECT_EQ(parse_role(to_string(role)), role) << to_string(role);
  }
  for (std::size_t i = 0; i < kVerbs; ++i) {
    const auto verb = static_cast<Verb>(i);
    EXPECT_EQ(parse_verb(to_string(verb)), verb) << to_string(verb);
  }
  for (std::size_t i = 0; i < kPhases; ++i) {
    const auto phase = static_cast<Phase>(i);
    EXPECT_EQ(parse_phase(to_string(phase)), phase) << to_string(phase);
  }
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    EXPECT_EQ(parse_verdict(to_string(verdict)), verdict) << to_string(verdict);
  }
  EXPECT_EQ(parse_role("nobody"), std::nullopt);
  EXPECT_EQ(parse_verdict(""), std::nullopt);
}

// Written out by hand: the words are the scenario language, and a file that was written today is
// read for ever.
TEST(Moment, TheWordsStandInTheOrderOfTheirEnumerators) {
  EXPECT_EQ(to_string(Role::kOrdersRelay), "orders-relay");
  EXPECT_EQ(to_string(Role::kInventoryDelivery), "inventory-delivery");
  EXPECT_EQ(to_string(Role::kInventoryOperator), "inventory-operator");
  EXPECT_EQ(to_string(Role::kClient), "client");
  EXPECT_EQ(to_string(Verb::kReadOutbox), "read-outbox");
  EXPECT_EQ(to_string(Verb::kCommitOffsets), "commit-offsets");
  EXPECT_EQ(to_string(Verb::kRequest), "request");
  EXPECT_EQ(to_string(Verb::kFindLetters), "find-letters");
  EXPECT_EQ(to_string(Verb::kResend), "resend");
  EXPECT_EQ(to_string(Phase::kUnanswered), "unanswered");
  EXPECT_EQ(to_string(Verdict::kLoseCommit), "lose-commit");
  EXPECT_EQ(to_string(Verdict::kReject), "reject");
  EXPECT_EQ(to_string(Verdict::kPause), "pause");
  EXPECT_EQ(to_string(Verdict::kDelay), "delay");
}

std::vector<std::string> effects_of(Role role) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < kVerbs; ++i) {
    const auto verb = static_cast<Verb>(i);
    if (has_effect(role, verb)) words.emplace_back(to_string(verb));
  }
  return words;
}

TEST(Moment, ARoleHasTheEffectsOfItsMachine) {
  using ::testing::ElementsAre;
  EXPECT_THAT(effects_of(Role::kIntake), ElementsAre("load", "store", "wait"));
  EXPECT_THAT(effects_of(Role::kReader), ElementsAre("read-orders"));
  for (const Role relay : {Role::kOrdersRelay, Role::kInventoryRelay}) {
    EXPECT_THAT(effects_of(relay), ElementsAre("read-outbox", "produce", "mark", "wait"));
  }
  for (const Role delivery : {Role::kOrdersDelivery, Role::kInventoryDelivery}) {
    EXPECT_THAT(effects_of(delivery), ElementsAre("load", "store", "poll", "commit-offsets"));
  }
  for (const Role person : {Role::kOrdersOperator, Role::kInventoryOperator}) {
    EXPECT_THAT(effects_of(person), ElementsAre("load", "store", "wait", "find-letters", "resend"));
  }
  EXPECT_THAT(effects_of(Role::kClient), ElementsAre("request"));
}

std::vector<std::string> places_of(Role role, Verdict verdict) {
  std::vector<std::string> places;
  for (std::size_t verb = 0; verb < kVerbs; ++verb) {
    for (std::size_t phase = 0; phase < kPhases; ++phase) {
      const auto v = static_cast<Verb>(verb);
      const auto p = static_cast<Phase>(phase);
      if (makes_sense(role, v, p, verdict)) {
        places.push_back(std::string(to_string(v)) + " " + std::string(to_string(p)));
      }
    }
  }
  return places;
}

TEST(Moment, AMachineCanCrashAtEveryPhaseOfEachOfItsEffectsAndAtNothingElse) {
  for (std::size_t i = 0; i < kMachineRoles; ++i) {
    const auto role = static_cast<Role>(i);
    EXPECT_EQ(places_of(role, Verdict::kCrash).size(), effects_of(role).size() * kPhases)
        << to_string(role);
  }
  EXPECT_THAT(places_of(Role::kClient, Verdict::kCrash), ::testing::IsEmpty());
}

TEST(Moment, ACommitIsInDoubtOnlyWhileItIsUnanswered) {
  using ::testing::ElementsAre;
  EXPECT_THAT(places_of(Role::kIntake, Verdict::kLoseAnswer), ElementsAre("store unanswered"));
  EXPECT_THAT(places_of(Role::kIntake, Verdict::kLoseCommit), ElementsAre("store unanswered"));
  EXPECT_THAT(places_of(Role::kOrdersRelay, Verdict::kLoseCommit),
              ElementsAre("read-outbox unanswered", "mark unanswered"));
  EXPECT_THAT(places_of(Role::kOrdersOperator, Verdict::kLoseCommit),
              ElementsAre("store unanswered", "resend unanswered"));
  EXPECT_THAT(places_of(Role::kReader, Verdict::kLoseCommit), ::testing::IsEmpty());
}

TEST(Moment, OnlyMessagesAreLostOrDoubled) {
  using ::testing::ElementsAre;
  EXPECT_THAT(places_of(Role::kClient, Verdict::kLoseRequest), ElementsAre("request before"));
  EXPECT_THAT(places_of(Role::kClient, Verdict::kLoseAnswer), ElementsAre("request unanswered"));
  EXPECT_THAT(places_of(Role::kClient, Verdict::kDuplicate), ElementsAre("request before", "request unanswered"));
  EXPECT_THAT(places_of(Role::kIntake, Verdict::kDuplicate), ::testing::IsEmpty());
  EXPECT_THAT(places_of(Role::kInventoryDelivery, Verdict::kDuplicate),
              ElementsAre("poll before", "poll unanswered", "commit-offsets before", "commit-offsets unanswered"));
  EXPECT_THAT(places_of(Role::kOrdersRelay, Verdict::kLoseAnswer),
              ElementsAre("read-outbox unanswered", "produce unanswered", "mark unanswered"));
}

TEST(Moment, ATransactionIsAbortedOrCutOffBetweenItsStatements) {
  using ::testing::ElementsAre;
  EXPECT_THAT(places_of(Role::kIntake, Verdict::kSerialization),
              ElementsAre("load partly", "store partly"));
  EXPECT_THAT(places_of(Role::kReader, Verdict::kDisconnect), ElementsAre("read-orders partly"));
  EXPECT_THAT(places_of(Role::kInventoryRelay, Verdict::kDisconnect),
              ElementsAre("read-outbox partly", "mark partly"));
}

TEST(Moment, TheBrokerRefusesOffsetsAndMessages) {
  using ::testing::ElementsAre;
  EXPECT_THAT(places_of(Role::kOrdersDelivery, Verdict::kReject),
              ElementsAre("commit-offsets before"));
  EXPECT_THAT(places_of(Role::kOrdersRelay, Verdict::kReject), ElementsAre("produce before"));
  EXPECT_THAT(places_of(Role::kIntake, Verdict::kReject), ::testing::IsEmpty());
}

TEST(Moment, ARelayStandsStillBetweenWhatItAskedForAndLearningOfIt) {
  using ::testing::ElementsAre;
  EXPECT_THAT(places_of(Role::kOrdersRelay, Verdict::kPause),
              ElementsAre("read-outbox unanswered", "produce unanswered"));
  EXPECT_THAT(places_of(Role::kIntake, Verdict::kPause), ::testing::IsEmpty());
}

TEST(Moment, MessagesAreLateOnTheirWayAndStatementsBetweenOneAndTheNext) {
  using ::testing::ElementsAre;
  EXPECT_THAT(places_of(Role::kClient, Verdict::kDelay), ElementsAre("request before", "request unanswered"));
  EXPECT_THAT(places_of(Role::kOrdersDelivery, Verdict::kDelay),
              ElementsAre("load before", "load partly", "load unanswered", "store before", "store partly", "store unanswered",
                          "poll before", "poll unanswered", "commit-offsets before", "commit-offsets unanswered"));
  EXPECT_THAT(places_of(Role::kMenu, Verdict::kDelay), ElementsAre("ask-menu before", "ask-menu partly", "ask-menu unanswered"));
}

TEST(Moment, NothingMakesSenseWhereThereIsNoSuchEffect) {
  for (std::size_t i = 0; i < kVerdicts; ++i) {
    EXPECT_FALSE(
        makes_sense(Role::kReader, Verb::kStore, Phase::kUnanswered, static_cast<Verdict>(i)));
  }
}

}  // namespace
}  // namespace quickbite::sim
