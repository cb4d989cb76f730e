// The broker is killed, stalled and ended while people order: every order ends, is reserved exactly once, and the stock is right.
//
// On an Apache Kafka of our own. The embedded broker forgets its log with its process; and after a stall that outlasts the session
// its group waits for a member that had asked to join meanwhile and is gone, until max.poll.interval.ms (librdkafka 2.0.2's mock).
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "absl/time/clock.h"
#include "proptests/e2e/customers.h"
#include "proptests/kafka/own_system.h"

namespace quickbite {
namespace {

constexpr int kCustomers = 4;
constexpr absl::Duration kThought = absl::Milliseconds(40);

// Twice, with orders before, within and after each outage.
void play(const std::function<void(live::Child& broker)>& begin, const std::function<void(live::Child& broker)>& end,
          absl::Duration outage) {
  OwnSystem own;
  live::Child* broker = own.stack().kafka().process();
  ASSERT_NE(broker, nullptr);
  const std::string sku = own.stocked();
  Customers customers(own.stack().orders_port(), kCustomers, sku, kThought);
  for (int round = 0; round < 2; ++round) {
    absl::SleepFor(absl::Seconds(1));
    begin(*broker);
    const std::int64_t before = customers.answered();
    absl::SleepFor(outage);
    EXPECT_GT(customers.answered(), before) << "orders are taken while the broker is away";
    end(*broker);
  }
  absl::SleepFor(absl::Seconds(1));
  customers.stop();
  EXPECT_EQ(customers.retries(), 0) << "no customer notices an outage of the broker";
  EXPECT_GT(customers.orders().size(), 50U);
  own.expect_all_done_once(customers.orders(), sku);
}

void start_again(live::Child& broker) {
  const absl::Status back = broker.start(live::Interrupt());
  EXPECT_TRUE(back.ok()) << back;
}

TEST(KafkaOutage, KilledWhilePeopleOrderItLosesNothingAndDoublesNothing) {
  if (kafka_jars().empty()) GTEST_SKIP() << "QUICKBITE_KAFKA_JARS names no jars";
  play([](live::Child& broker) { broker.kill(); }, start_again, absl::Seconds(2));
}

TEST(KafkaOutage, EndedInOrderWhilePeopleOrderItLosesNothingAndDoublesNothing) {
  if (kafka_jars().empty()) GTEST_SKIP() << "QUICKBITE_KAFKA_JARS names no jars";
  play([](live::Child& broker) { EXPECT_EQ(broker.stop().value_or(-1), 143); }, start_again, absl::Seconds(1));
}

// Longer than a message may wait for its acknowledgement (5 s), and than a member may be silent: what was sent is in doubt, and
// the group is formed anew.
TEST(KafkaOutage, StalledForLongerThanAnybodyWaitsItLosesNothingAndDoublesNothing) {
  if (kafka_jars().empty()) GTEST_SKIP() << "QUICKBITE_KAFKA_JARS names no jars";
  play([](live::Child& broker) { broker.pause(); }, [](live::Child& broker) { broker.resume(); }, absl::Seconds(8));
}

}  // namespace
}  // namespace quickbite
