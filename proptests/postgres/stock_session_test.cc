#include "adapters/postgres/stock_session.h"

#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "proptests/postgres/real_postgres.h"
#include "proptests/postgres/rows.h"

namespace quickbite::postgres {
namespace {

constexpr Service kInventory = Service::kInventory;

template <class Told, class Answer>
Told told(Answer&& answer) {
  if (auto* what = std::get_if<Told>(&answer)) return std::move(*what);
  ADD_FAILURE() << "another answer: " << answer.index();
  return {};
}

class StockSessionTest : public testing::Test {
 protected:
  void SetUp() override { postgres_.clear(); }

  Restock restock(std::uint64_t id, const std::string& sku, std::int64_t quantity) {
    return {event_id(id), Sku(sku), Quantity(quantity)};
  }

  // Load, decide, store, as the service does it; what was decided, or nullopt where it was not stored.
  std::optional<RestockDecision> act(StockSession& session, const Restock& wanted) {
    const auto loaded = told<RestockLoaded>(session.load(wanted));
    RestockDecision decision = decide(loaded.caused, loaded.stock ? &*loaded.stock : nullptr, wanted, loaded.now);
    const auto* added = std::get_if<StockAdded>(&decision);
    if (added == nullptr) {
      session.rollback();
    } else if (!std::holds_alternative<Stored>(session.store(*added))) {
      return std::nullopt;
    }
    return decision;
  }

  RealPostgres& postgres_ = RealPostgres::instance();
  StockSession session_{postgres_.session(kInventory, "desk")};
};

TEST_F(StockSessionTest, AMenuOfNothingHasATime) {
  const MenuTold menu = told<MenuTold>(session_.menu(100));
  EXPECT_TRUE(menu.items.empty());
  EXPECT_GT(menu.as_of.us, 1'700'000'000'000'000);
}

TEST_F(StockSessionTest, TheMenuIsSortedByBytesAndEndsAtItsLimit) {
  for (const char* sku : {"b", "a", "B", "a-1", "a.1"}) act(session_, restock(sku[0] + 256 * sku[1], sku, 3));
  const auto skus = [&](std::int64_t limit) {
    std::string all;
    for (const MenuItem& item : told<MenuTold>(session_.menu(limit)).items) all += item.sku.value + " ";
    return all;
  };
  EXPECT_EQ(skus(100), "B a a-1 a.1 b ");
  EXPECT_EQ(skus(2), "B a ");
}

TEST_F(StockSessionTest, TheMenuTellsWhatIsAvailableAndStockTellsWhatIsReservedToo) {
  act(session_, restock(1, "burger", 5));
  postgres_.as_service(kInventory, "UPDATE stock SET available = 3, reserved = 2");
  EXPECT_EQ(told<MenuTold>(session_.menu(9)).items, (std::vector<MenuItem>{{Sku("burger"), Quantity(3)}}));
  const StockTold stock = told<StockTold>(session_.stock({Sku("burger"), Sku("unheard-of")}));
  EXPECT_EQ(stock.rows, (std::vector<StockRow>{{Sku("burger"), Quantity(3), Quantity(2)}}));
  EXPECT_GT(stock.as_of.us, 1'700'000'000'000'000);
}

TEST_F(StockSessionTest, ARestockLeavesAMovementAndIsDoneOnce) {
  const auto added = act(session_, restock(1, "burger", 5));
  ASSERT_TRUE(added && std::holds_alternative<StockAdded>(*added));
  EXPECT_TRUE(std::holds_alternative<AddedBefore>(*act(session_, restock(1, "burger", 5))));
  EXPECT_TRUE(std::holds_alternative<IdTaken>(*act(session_, restock(1, "burger", 6))));
  EXPECT_TRUE(std::holds_alternative<IdTaken>(*act(session_, restock(1, "fries", 5))));
  EXPECT_TRUE(std::holds_alternative<StockAdded>(*act(session_, restock(2, "burger", 2))));
  EXPECT_EQ(postgres_.one(kInventory, "SELECT available || ' ' || reserved FROM stock"), "7 0");
  EXPECT_EQ(postgres_.one(kInventory, "SELECT string_agg(kind || ' ' || quantity || ' ' || sku || ' ' || "
                                      "(order_id IS NULL) || ' ' || (at > now() - interval '1 minute'), ', ' ORDER BY "
                                      "quantity DESC) FROM stock_movements"),
            "RESTOCK 5 burger true true, RESTOCK 2 burger true true");
}

TEST_F(StockSessionTest, OfTwoRestocksAtOnceOfANewSkuOneGivesWayAndFindsTheOthersRow) {
  StockSession other(postgres_.session(kInventory, "other"));
  const auto first = told<RestockLoaded>(session_.load(restock(1, "burger", 5)));
  const auto second = told<RestockLoaded>(other.load(restock(2, "burger", 3)));
  EXPECT_FALSE(first.stock || second.stock);
  const auto added = [](const RestockLoaded& loaded, const Restock& wanted) {
    return std::get<StockAdded>(decide(loaded.caused, nullptr, wanted, loaded.now));
  };
  EXPECT_TRUE(std::holds_alternative<Stored>(session_.store(added(first, restock(1, "burger", 5)))));
  EXPECT_TRUE(std::holds_alternative<Aborted>(other.store(added(second, restock(2, "burger", 3)))));
  act(other, restock(2, "burger", 3));
  EXPECT_EQ(postgres_.one(kInventory, "SELECT available FROM stock"), "8");
}

TEST_F(StockSessionTest, AnIdThatIsUsedAtOnceForTwoSkusIsOneAct) {
  StockSession other(postgres_.session(kInventory, "other"));
  const Restock burger = restock(1, "burger", 5);
  const auto loaded = told<RestockLoaded>(session_.load(burger));
  EXPECT_TRUE(std::holds_alternative<Aborted>(other.load(restock(1, "fries", 5)))) << "waits for the other, in vain";
  EXPECT_TRUE(std::holds_alternative<Stored>(
      session_.store(std::get<StockAdded>(decide(loaded.caused, nullptr, burger, loaded.now)))));
  EXPECT_TRUE(std::holds_alternative<IdTaken>(*act(other, restock(1, "fries", 5))));
  EXPECT_EQ(postgres_.one(kInventory, "SELECT string_agg(sku, ' ') FROM stock"), "burger");
}

TEST_F(StockSessionTest, ReadsDoNotWaitForALock) {
  act(session_, restock(1, "burger", 5));
  InventoryLedgerSession delivery(postgres_.session(kInventory, "delivery"));
  const auto held = delivery.load({{{}, {Sku("burger")}, {}}});
  ASSERT_TRUE(std::holds_alternative<Loaded<InventoryLedger>>(held));
  EXPECT_EQ(told<MenuTold>(session_.menu(9)).items.size(), 1u);
  EXPECT_EQ(told<StockTold>(session_.stock({Sku("burger")})).rows.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Aborted>(session_.load(restock(2, "burger", 1)))) << "but a restock does";
}

TEST_F(StockSessionTest, TellsAReservationOrThatThereIsNone) {
  InventoryLedgerSession delivery(postgres_.session(kInventory, "delivery"));
  const auto loaded = told<Loaded<InventoryLedger>>(delivery.load({}));
  const ReservationRow row{order_id(7), {{Sku("burger"), Quantity(2)}}, ReservationState::kReserved, Instant{123'456}};
  InventoryLedger::Writes writes;
  writes.inserted = {row};
  ASSERT_TRUE(std::holds_alternative<Stored>(delivery.store({loaded.token, {writes}})));
  EXPECT_EQ(told<ReservationTold>(session_.reservation(order_id(7))).row, row);
  EXPECT_EQ(told<ReservationTold>(session_.reservation(order_id(8))).row, std::nullopt);
}

}  // namespace
}  // namespace quickbite::postgres
