#include "services/runtime/readiness.h"

#include <gtest/gtest.h>

namespace quickbite::runtime {
namespace {

class ReadinessTest : public testing::Test {
 protected:
  std::vector<Condition> conditions{{Need::kDatabase, true}, {Need::kBroker, true}};
  Readiness readiness{[this] { return conditions; }};
};

TEST_F(ReadinessTest, IsReadyWhenEverythingIsMet) {
  const HttpAnswer answer = readiness.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            "{\"ready\":true,\"waitingFor\":[],\"conditions\":[{\"name\":\"database\",\"met\":true},"
            "{\"name\":\"broker\",\"met\":true}]}\n");
}

TEST_F(ReadinessTest, SaysWhatItWaitsForAndWhy) {
  conditions[0] = {Need::kDatabase, false, "connection \"refused\""};
  conditions[1].met = false;
  const HttpAnswer answer = readiness.answer();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body,
            "{\"ready\":false,\"waitingFor\":[\"database: connection \\\"refused\\\"\",\"broker\"],\"conditions\":["
            "{\"name\":\"database\",\"met\":false,\"detail\":\"connection \\\"refused\\\"\"},"
            "{\"name\":\"broker\",\"met\":false}]}\n");
}

TEST_F(ReadinessTest, TellsNumbersToPrograms) {
  conditions = {{Need::kSchema, true, "", {{"version", 3}, {"min", 2}}}, {Need::kPartitions, true, "", {{"assigned", std::vector<std::int64_t>{0, 2}}}}};
  EXPECT_NE(readiness.answer().body.find("[{\"name\":\"schema\",\"met\":true,\"version\":3,\"min\":2},"
                                         "{\"name\":\"partitions\",\"met\":true,\"assigned\":[0,2]}]"),
            std::string::npos) << readiness.answer().body;
}

// Orders takes orders while Kafka is away; it only has to have been there once.
TEST_F(ReadinessTest, WhatCountsAtTheStartOnlyIsReportedAfterwards) {
  conditions[1] = {Need::kBroker, false, "away"};
  EXPECT_FALSE(readiness.look().ready);
  conditions[1].met = true;
  EXPECT_TRUE(readiness.look().ready);
  conditions[1].met = false;
  EXPECT_TRUE(readiness.look().ready);
  EXPECT_NE(readiness.answer().body.find("\"detail\":\"away\""), std::string::npos);
  conditions[0].met = false;
  EXPECT_FALSE(readiness.look().ready);
  EXPECT_EQ(readiness.look().waiting_for(), (std::vector<std::string>{"database"}));
}

TEST_F(ReadinessTest, IsNotReadyOnceItStops) {
  readiness.stop();
  EXPECT_EQ(readiness.answer().status, 503);
  EXPECT_EQ(readiness.look().waiting_for(), (std::vector<std::string>{"running: the service is stopping"}));
}

}  // namespace
}  // namespace quickbite::runtime
