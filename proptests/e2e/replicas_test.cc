// Two replicas of Orders on one database: they share out the outbox's shards, send nothing twice while nothing goes wrong, and
// when one of them is killed or ends, the other has all of them soon.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "proptests/e2e/sanitizer_reports.h"
#include "services/live/evidence.h"
#include "services/live/http_client.h"
#include "services/live/patience.h"
#include "services/live/postgres_files.h"
#include "services/live/shop.h"
#include "services/live/sql.h"
#include "services/live/stack.h"

namespace quickbite {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kLease = absl::Seconds(4);
constexpr absl::Duration kPatience = absl::Seconds(40);
const std::string kShares =
    "SELECT coalesce(string_agg(n::text, ' ' ORDER BY n), '') FROM (SELECT count(c.shard) AS n FROM outbox_leases l"
    " LEFT JOIN outbox_claims c USING (epoch) WHERE l.until > now() GROUP BY l.epoch) AS shares";

class Replicas : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "quickbite-replicas-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    ::chmod(folder_.c_str(), 0755);  // for the user postgres
    live::StackOptions options;
    options.folder = folder_;
    options.fsync = false;
    options.service_flags = {absl::StrCat("--relay-lease=", absl::FormatDuration(kLease))};
    auto started = live::Stack::start(options, never_, [](const std::string&, absl::Duration) {});
    ASSERT_TRUE(started.ok()) << started.status();
    stack_ = *std::move(started);
    second_port_ = live::free_loopback_port(0);
    auto second = stack_->another_orders(second_port_);
    ASSERT_TRUE(second.ok()) << second.status();
    second_ = *std::move(second);
    const absl::Status ready = second_->start(never_);
    ASSERT_TRUE(ready.ok()) << ready;
    const absl::Status stocked = stack_->add_stock("burger", 1'000'000);
    ASSERT_TRUE(stocked.ok()) << stocked;
  }

  void TearDown() override {
    second_.reset();
    stack_.reset();
    EXPECT_EQ(sanitizer_reports(folder_), "");
    if (HasFailure()) {
      std::cerr << "The logs are in " << folder_ << "\n";
      return;
    }
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  // How many shards each lease that lives claims, ascending: "8 9".
  absl::Status shares_are(const std::string& expected, absl::Duration patience) {
    return live::await(never_, patience, [&]() -> absl::Status {
      const auto rows = live::sql_rows(stack_->orders_database(), kShares);
      if (!rows.ok()) return rows.status();
      if (rows->front()[0] == expected) return absl::OkStatus();
      return absl::UnavailableError(absl::StrCat("the shares are ", rows->front()[0]));
    });
  }

  // One after the other, at the replicas' ports in turn.
  void order(int count, const std::vector<std::uint16_t>& ports) {
    for (int i = 0; i < count; ++i) {
      live::Shop shop(ports[static_cast<std::size_t>(i) % ports.size()]);
      const auto order = shop.order("u1", "burger", 1);
      ASSERT_TRUE(order.ok()) << order.status();
      orders_.push_back(*order);
    }
  }

  void expect_confirmed() {
    live::Shop shop(stack_->orders_port());
    const absl::Status confirmed = live::await(never_, kPatience, [&] { return shop.all_are(orders_, "CONFIRMED"); });
    EXPECT_TRUE(confirmed.ok()) << confirmed;
    const absl::Status once = live::reserved_once(*stack_, orders_, "burger", static_cast<std::int64_t>(orders_.size()));
    EXPECT_TRUE(once.ok()) << once;
  }

  std::int64_t announced() {
    const auto records = live::events_in_topic(*stack_, orders_, Topic::kOrders, "OrderCreated");
    EXPECT_TRUE(records.ok()) << records.status();
    return records.value_or(-1);
  }

  live::Interrupt never_;
  std::string folder_;
  std::unique_ptr<live::Stack> stack_;
  std::uint16_t second_port_ = 0;
  std::unique_ptr<live::Child> second_;
  std::vector<OrderId> orders_;
};

TEST_F(Replicas, ShareTheWorkAndTakeOverFromOneThatIsGone) {
  const std::uint16_t first = stack_->orders_port();
  const absl::Status shared = shares_are("8 9", kPatience);
  ASSERT_TRUE(shared.ok()) << shared;

  order(120, {first, second_port_});
  expect_confirmed();
  EXPECT_EQ(announced(), 120) << "nothing goes wrong, and something was sent twice";

  second_->kill();
  const absl::Time killed = absl::Now();
  order(60, {first});
  const absl::Status taken = shares_are("17", kPatience);
  EXPECT_TRUE(taken.ok()) << taken;
  EXPECT_LT(absl::Now() - killed, kLease + absl::Seconds(2)) << "the lease, and a little for a slow machine";
  expect_confirmed();
  EXPECT_GE(announced(), 180);

  // And back, and an end in peace: nobody waits for the lease of one that has given it up.
  const absl::Status back = second_->start(never_);
  ASSERT_TRUE(back.ok()) << back;
  const absl::Status again = shares_are("8 9", kPatience);
  ASSERT_TRUE(again.ok()) << again;
  const auto ended = second_->stop();
  EXPECT_TRUE(ended.ok() && *ended == 0);
  const absl::Status given_up = shares_are("17", kLease / 2 + absl::Seconds(1));
  EXPECT_TRUE(given_up.ok()) << given_up;
  const auto warned = live::sql_number(stack_->orders_database(), "SELECT count(*) FROM outbox_events WHERE parked");
  EXPECT_TRUE(warned.ok() && *warned == 0);
}

// SIGSTOP for longer than the lease: what the holder still does when it wakes up changes nothing, and nothing is lost.
TEST_F(Replicas, OneThatSleepsThroughItsLeaseFindsItsShardsTaken) {
  const absl::Status shared = shares_are("8 9", kPatience);
  ASSERT_TRUE(shared.ok()) << shared;
  second_->pause();
  order(40, {stack_->orders_port()});
  const absl::Status taken = shares_are("17", kPatience);
  EXPECT_TRUE(taken.ok()) << taken;
  second_->resume();
  order(20, {stack_->orders_port(), second_port_});
  const absl::Status back = shares_are("8 9", kPatience);
  EXPECT_TRUE(back.ok()) << back;
  expect_confirmed();
  EXPECT_GE(announced(), 60);
}

}  // namespace
}  // namespace quickbite
