// A rush of orders, and the reckoning of what came of it: it has to agree with a system that works, and to see each way in
// which one could be wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "domain/api/api.h"
#include "proptests/e2e/one_stack.h"
#include "services/live/evidence.h"
#include "services/live/reckoning.h"
#include "services/live/rush.h"
#include "services/live/sql.h"

namespace quickbite {
namespace {

using live::Placed;
using live::Reckoned;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

live::Places places() {
  return {one_stack().orders_database(), one_stack().inventory_database(), one_stack().kafka().bootstrap()};
}

live::RushResult rush(const std::string& name, std::int64_t orders, const std::vector<std::string>& skus) {
  live::RushOptions options;
  options.port = one_stack().orders_port();
  options.name = name;
  options.orders = orders;
  options.skus = skus;
  options.patience = absl::Seconds(60);
  auto result = live::run_rush(options, no_interrupt(), [](std::int64_t, std::int64_t) {});
  EXPECT_TRUE(result.ok()) << result.status();
  return result.value_or(live::RushResult());
}

// "WHAT: why", of what does not hold.
std::vector<std::string> wrong(const std::string& name, const std::vector<Placed>& placed, const std::vector<Record>& poison = {},
                               absl::Duration patience = absl::Seconds(20)) {
  std::vector<std::string> found;
  for (const Reckoned& reckoned : live::reckon(places(), name, placed, poison, patience, no_interrupt())) {
    if (!reckoned.status.ok()) found.push_back(absl::StrCat(reckoned.what, ": ", std::string(reckoned.status.message())));
  }
  return found;
}

TEST(Rush, EveryOrderIsSettledAndTheBooksAgree) {
  const std::string plenty = stocked("plenty", 100);
  const std::string scarce = stocked("scarce", 3);
  const live::RushResult result = rush("settled", 40, {plenty, scarce});
  std::size_t confirmed = 0;
  for (const Placed& order : result.placed) confirmed += order.status == "CONFIRMED" ? 1 : 0;
  EXPECT_EQ(confirmed, 23u);
  EXPECT_THAT(wrong("settled", result.placed), IsEmpty());
}

TEST(Rush, ARushOfTheSameNamePlacesNothingTwice) {
  const std::string sku = stocked("same", 100);
  const live::RushResult first = rush("same", 10, {sku});
  const std::int64_t before = orders_in_database();
  const live::RushResult again = rush("same", 10, {sku});
  EXPECT_EQ(orders_in_database(), before);
  ASSERT_EQ(first.placed.size(), again.placed.size());
  for (std::size_t i = 0; i < first.placed.size(); ++i) EXPECT_EQ(first.placed[i].id, again.placed[i].id);
  EXPECT_THAT(wrong("same", again.placed), IsEmpty());
}

TEST(Rush, AnOrderThatWasAnsweredAndIsNotThereIsSeenEverywhere) {
  std::vector<Placed> placed = rush("lost", 4, {stocked("lost", 100)}).placed;
  placed.push_back({api::keyed_order_id(live::rush_user("lost"), "never"), placed[0].sku, "CONFIRMED"});
  EXPECT_THAT(wrong("lost", placed),
              ElementsAre(HasSubstr("orders: each order that was answered is there once, as it was told: there are 4 of 5"),
                          HasSubstr("each is RESERVED or REJECTED"), HasSubstr("took its stock exactly once"),
                          HasSubstr("has 0 events there"), HasSubstr("has 0 events there")));
}

TEST(Rush, AnOrderThatNobodyWasAnsweredIsADoubledOne) {
  std::vector<Placed> placed = rush("doubled", 4, {stocked("doubled", 100)}).placed;
  placed.pop_back();
  EXPECT_THAT(wrong("doubled", placed), ElementsAre(HasSubstr("was never answered, and there it is")));
}

TEST(Rush, AnOrderThatIsStuckIsSeen) {
  std::vector<Placed> placed = rush("stuck", 2, {stocked("stuck", 100)}).placed;
  placed[0].status = "PENDING";
  EXPECT_THAT(wrong("stuck", placed), testing::Contains(HasSubstr("is PENDING")));
}

TEST(Rush, StockThatDoesNotAddUpIsSeen) {
  const std::string sku = stocked("crooked", 100);
  const std::vector<Placed> placed = rush("crooked", 2, {sku}).placed;
  const std::string change = absl::StrCat("UPDATE stock SET available = available - 1 WHERE sku = '", sku, "'");
  ASSERT_TRUE(live::sql_run(one_stack().inventory_database(), change).ok());
  EXPECT_THAT(wrong("crooked", placed), ElementsAre(HasSubstr(absl::StrCat("1 SKUs whose stock is not what their movements add up to: ", sku))));
  ASSERT_TRUE(live::sql_run(one_stack().inventory_database(),
                            absl::StrCat("UPDATE stock SET available = available + 1 WHERE sku = '", sku, "'")).ok());
}

TEST(Rush, WhatIsNoJsonHasToBeADeadLetter) {
  const auto poison = live::write_half_json(places().kafka, one_stack().kafka().partitions(), "rush");
  ASSERT_TRUE(poison.ok()) << poison.status();
  const std::vector<Placed> placed = rush("poison", 8, {stocked("poison", 100)}).placed;
  EXPECT_THAT(wrong("poison", placed, *poison), IsEmpty());
  std::vector<Record> never = *poison;
  never[0].offset = Offset{never[0].offset.value + 1'000};
  EXPECT_THAT(wrong("poison", placed, never, absl::Seconds(1)), ElementsAre(HasSubstr("holds 0 dead letters")));
}

TEST(Rush, WhoGetsNoAnswerGivesUpInTheEndAndSaysForWhichOrder) {
  live::RushOptions options;
  options.port = 1;  // nobody listens there
  options.name = "nobody";
  options.orders = 1;
  options.skus = {"burger"};
  options.patience = absl::Milliseconds(300);
  const auto result = live::run_rush(options, no_interrupt(), [](std::int64_t, std::int64_t) {});
  EXPECT_TRUE(absl::IsDeadlineExceeded(result.status())) << result.status();
  EXPECT_THAT(std::string(result.status().message()), HasSubstr("nobody-0"));
}

}  // namespace
}  // namespace quickbite
