#include "domain/inventory/restock.h"

#include <gtest/gtest.h>

#include <string>

namespace quickbite {
namespace {

const EventId kId(Uuid{1, 2});
const Sku kBurger("burger");
const Instant kNow{77};

Restock restock(std::int64_t quantity = 5) { return {kId, kBurger, Quantity(quantity)}; }
StockRow stock(std::int64_t available, std::int64_t reserved) { return {kBurger, Quantity(available), Quantity(reserved)}; }
MovementRow moved(const Restock& by, MovementKind kind = MovementKind::kRestock) {
  return {by.sku, kind, by.quantity, std::nullopt, by.id, Instant{3}};
}

TEST(Restock, AddsToWhatIsAvailableAndLeavesAMovement) {
  const StockRow before = stock(2, 3);
  const auto added = std::get<StockAdded>(decide({}, &before, restock(5), kNow));
  EXPECT_FALSE(added.sku_is_new);
  EXPECT_EQ(added.stock, stock(7, 3));
  EXPECT_EQ(added.movement, (MovementRow{kBurger, MovementKind::kRestock, Quantity(5), std::nullopt, kId, kNow}));
}

TEST(Restock, OfASkuThatIsNewBringsItIntoBeing) {
  const auto added = std::get<StockAdded>(decide({}, nullptr, restock(5), kNow));
  EXPECT_TRUE(added.sku_is_new);
  EXPECT_EQ(added.stock, stock(5, 0));
}

TEST(Restock, SentAgainItChangesNothingAndShowsTheStockOfNow) {
  const StockRow now = stock(1, 6);
  EXPECT_EQ(std::get<AddedBefore>(decide({moved(restock(5))}, &now, restock(5), kNow)).stock, now);
}

TEST(Restock, AnIdIsOneActForEver) {
  const StockRow now = stock(1, 6);
  const auto refused = [&](const std::vector<MovementRow>& caused) {
    return std::holds_alternative<IdTaken>(decide(caused, &now, restock(5), kNow));
  };
  EXPECT_TRUE(refused({moved(restock(6))})) << "another quantity";
  EXPECT_TRUE(refused({moved({kId, Sku("fries"), Quantity(5)})})) << "another SKU";
  EXPECT_TRUE(refused({moved(restock(5), MovementKind::kSeed)})) << "no restock";
  EXPECT_TRUE(refused({moved(restock(5)), moved({kId, Sku("fries"), Quantity(1)})})) << "and something else besides";
}

TEST(Restock, ThereIsAMostThatCanBeInStock) {
  const auto outcome = [](std::int64_t available, std::int64_t reserved) {
    const StockRow before = stock(available, reserved);
    return decide({}, &before, restock(5), kNow);
  };
  EXPECT_TRUE(std::holds_alternative<StockAdded>(outcome(kStockMax - 6, 1)));
  EXPECT_TRUE(std::holds_alternative<TooMuchStock>(outcome(kStockMax - 5, 1)));
  EXPECT_TRUE(std::holds_alternative<TooMuchStock>(outcome(kStockMax, 0)));
}

TEST(Restock, WhatCannotBeIsSaidBeforeAnythingIsRead) {
  EXPECT_EQ(fault_of(restock()), std::nullopt);
  EXPECT_EQ(fault_of(restock(kRestockMax)), std::nullopt);
  EXPECT_TRUE(fault_of(restock(kRestockMax + 1)).has_value());
  EXPECT_TRUE(fault_of(restock(0)).has_value());
  EXPECT_TRUE(fault_of(restock(-1)).has_value());
  EXPECT_TRUE(fault_of({EventId{}, kBurger, Quantity(1)}).has_value());
  for (const std::string& sku : {std::string(), std::string(65, 'a'), std::string("a b"), std::string("a\0b", 3),
                                 std::string("caf\xC3\xA9")}) {
    EXPECT_TRUE(fault_of({kId, Sku(sku), Quantity(1)}).has_value()) << sku;
  }
  EXPECT_EQ(fault_of({kId, Sku(std::string(64, 'a')), Quantity(1)}), std::nullopt);
}

}  // namespace
}  // namespace quickbite
