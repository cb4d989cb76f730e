#include "adapters/kafka/outcome.h"

#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

constexpr auto kNot = RD_KAFKA_MSG_STATUS_NOT_PERSISTED;
constexpr auto kMaybe = RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED;
constexpr auto kYes = RD_KAFKA_MSG_STATUS_PERSISTED;

TEST(Outcome, OfAnAcknowledgedRecordIsItsPlace) {
  const ProduceOutcome outcome = outcome_of(RD_KAFKA_RESP_ERR_NO_ERROR, kYes, 3, 17);
  ASSERT_TRUE(std::holds_alternative<Acked>(outcome));
  EXPECT_EQ(std::get<Acked>(outcome).partition, Partition{3});
  EXPECT_EQ(std::get<Acked>(outcome).offset, Offset{17});
}

TEST(Outcome, WithoutAnOffsetIsOpen) {
  EXPECT_TRUE(std::holds_alternative<MaybePersisted>(
      outcome_of(RD_KAFKA_RESP_ERR_NO_ERROR, kYes, 3, RD_KAFKA_OFFSET_INVALID)));
}

TEST(Outcome, OfARecordThatNobodyWillEverTakeSaysWhy) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
        RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR_INVALID_RECORD}) {
    const ProduceOutcome outcome = outcome_of(error, kNot, 0, -1);
    ASSERT_TRUE(std::holds_alternative<Undeliverable>(outcome)) << rd_kafka_err2name(error);
    EXPECT_FALSE(std::get<Undeliverable>(outcome).reason.empty());
    EXPECT_TRUE(std::holds_alternative<Undeliverable>(outcome_of_refusal(error)));
  }
}

TEST(Outcome, OfARecordThatMayBeInTheLogIsOpenWhateverTheError) {
  EXPECT_TRUE(std::holds_alternative<MaybePersisted>(
      outcome_of(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, kMaybe, 0, -1)));
}

TEST(Outcome, OfAFailureThatMayPassIsOpen) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__FATAL,
        RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__QUEUE_FULL,
        RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID}) {
    EXPECT_TRUE(std::holds_alternative<MaybePersisted>(outcome_of(error, kNot, 0, -1)))
        << rd_kafka_err2name(error);
    EXPECT_TRUE(std::holds_alternative<MaybePersisted>(outcome_of_refusal(error)));
  }
}

}  // namespace
}  // namespace quickbite::kafka
