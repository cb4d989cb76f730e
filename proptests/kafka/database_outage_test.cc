// A database that is away for longer than max.poll.interval.ms: its service goes on polling, paused, so that it stays in its group.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/time/clock.h"
#include "proptests/e2e/customers.h"
#include "proptests/kafka/group_members.h"
#include "proptests/kafka/own_system.h"

namespace quickbite {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr absl::Duration kOutage = absl::Seconds(10);  // max.poll.interval.ms is 4 s

TEST(DatabaseOutage, LongerThanTheLongestPauseBetweenTwoPollsItCostsNoServiceItsPlaceInTheGroup) {
  live::StackOptions options;
  options.service_flags = {"--kafka-settings=max.poll.interval.ms=4000"};
  OwnSystem own(options);
  live::PostgresCluster* database = own.stack().postgres().cluster();
  ASSERT_NE(database, nullptr);
  const std::string sku = own.stocked();
  const bool tells = !kafka_jars().empty();  // the embedded broker does not tell who is in a group
  const auto members = [&] { return group_members(own.stack().kafka().bootstrap(), {"orders", "inventory"}); };
  const auto before = tells ? members() : GroupMembers{};
  EXPECT_EQ(before.size(), tells ? 2U : 0U);

  Customers customers(own.stack().orders_port(), 4, sku);
  absl::SleepFor(absl::Seconds(1));
  ASSERT_TRUE(database->stop().ok());
  absl::SleepFor(kOutage);
  ASSERT_TRUE(database->restart().ok());
  absl::SleepFor(absl::Seconds(1));
  customers.stop();
  EXPECT_GT(customers.retries(), 0) << "nobody noticed that the database was away";
  own.expect_all_done_once(customers.orders(), sku);
  for (live::Child* service : {&own.stack().orders(), &own.stack().inventory()}) {
    EXPECT_THAT(own.log_of(*service), Not(HasSubstr("maximum poll interval"))) << service->name();
  }
  EXPECT_EQ(tells ? members() : GroupMembers{}, before) << "a member that left and came back has another id";
}

}  // namespace
}  // namespace quickbite
