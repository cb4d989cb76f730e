#include "adapters/kafka/client_state.h"

#include "gtest/gtest.h"

namespace quickbite::kafka {
namespace {

TEST(ClientState, SaysWhyTheLastConnectionBrokeWhereNoBrokerAnswers) {
  ClientState state({"127.0.0.1:1", "test", {}, {}});
  state.reached();
  state.on_error(RD_KAFKA_RESP_ERR__TRANSPORT, "connection refused");
  state.on_error(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down");
  EXPECT_EQ(state.health().condition, Condition::kUnreachable);
  EXPECT_EQ(state.health().trouble, "connection refused");
}

// librdkafka says once that the password is wrong, and from then on only that nobody answers.
TEST(ClientState, DoesNotForgetWhatAPersonHasToMend) {
  ClientState state({"127.0.0.1:1", "test", {}, {}});
  state.on_error(RD_KAFKA_RESP_ERR__AUTHENTICATION, "Authentication failed");
  EXPECT_EQ(state.health().condition, Condition::kRefused);
  state.on_error(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "1/1 brokers are down");
  EXPECT_EQ(state.health().trouble, "Authentication failed");
  state.unreachable({});
  EXPECT_EQ(state.health().trouble, "Authentication failed");
  state.reached();
  EXPECT_EQ(state.health().trouble, "");
}

}  // namespace
}  // namespace quickbite::kafka
