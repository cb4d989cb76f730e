#include "domain/inventory/rules.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

namespace quickbite {
namespace {

const OrderId kOrder(Uuid{1, 1});
constexpr Instant kNow{1'000'000};

Line line(std::string sku, std::int64_t quantity) {
  return {Sku(std::move(sku)), Quantity(quantity)};
}

FlatMap<Sku, StockRow> stock() {
  FlatMap<Sku, StockRow> rows;
  rows[Sku("burger")] = {Sku("burger"), Quantity(5), Quantity(1)};
  rows[Sku("fries")] = {Sku("fries"), Quantity(3), Quantity(0)};
  return rows;
}

Event created(Lines lines) {
  return event_of(OrderCreated{kOrder, UserId("u1"), std::move(lines)});
}
Event cancelled() {
  return event_of(OrderCancelled{kOrder, CancelReason::kCustomer});
}

ReservationRow reservation(ReservationState state,
                           Lines lines = {line("burger", 2), line("fries", 1)}) {
  return {kOrder, std::move(lines), state, Instant{5}};
}

void expect_no_change(const InventoryDecision& decision) {
  EXPECT_FALSE(decision.inserted);
  EXPECT_FALSE(decision.reservation);
  EXPECT_TRUE(decision.stock.empty());
  EXPECT_TRUE(decision.movements.empty());
  EXPECT_FALSE(decision.announce);
}

TEST(Created, AllLinesAreReservedTogether) {
  const Event event = created({line("fries", 1), line("burger", 1), line("burger", 1)});
  const InventoryDecision decision = decide(nullptr, stock(), event, kNow);
  EXPECT_EQ(decision.handled, InventoryHandled::kApplied);
  EXPECT_TRUE(decision.inserted);
  const Lines sums = {line("burger", 2), line("fries", 1)};
  EXPECT_EQ(decision.reservation,
            (ReservationRow{kOrder, sums, ReservationState::kReserved, kNow}));
  EXPECT_EQ(decision.stock, (std::vector<StockRow>{{Sku("burger"), Quantity(3), Quantity(3)},
                                                   {Sku("fries"), Quantity(2), Quantity(1)}}));
  EXPECT_EQ(decision.movements,
            (std::vector<MovementRow>{
                {Sku("burger"), MovementKind::kReserve, Quantity(2), kOrder, event.id, kNow},
                {Sku("fries"), MovementKind::kReserve, Quantity(1), kOrder, event.id, kNow}}));
  EXPECT_EQ(decision.announce, Happening(InventoryReserved{kOrder}));
}

TEST(Created, AllThatThereIsCanBeReserved) {
  const InventoryDecision decision = decide(nullptr, stock(), created({line("burger", 5)}), kNow);
  EXPECT_EQ(decision.stock, (std::vector<StockRow>{{Sku("burger"), Quantity(0), Quantity(6)}}));
}

void expect_rejected(const Lines& lines, RejectReason reason) {
  const InventoryDecision decision = decide(nullptr, stock(), created(lines), kNow);
  EXPECT_EQ(decision.handled, InventoryHandled::kApplied);
  EXPECT_TRUE(decision.inserted);
  EXPECT_EQ(decision.reservation,
            (ReservationRow{kOrder, summed(lines), ReservationState::kRejected, kNow}));
  EXPECT_TRUE(decision.stock.empty());
  EXPECT_TRUE(decision.movements.empty());
  EXPECT_EQ(decision.announce, Happening(InventoryRejected{kOrder, reason}));
}

TEST(Created, OneLineTooManyRejectsThemAll) {
  expect_rejected({line("burger", 6)}, RejectReason::kOutOfStock);
  expect_rejected({line("burger", 1), line("fries", 4)}, RejectReason::kOutOfStock);
  expect_rejected({line("burger", 3), line("burger", 3)}, RejectReason::kOutOfStock);
}

TEST(Created, AnUnknownSkuRejectsThemAllAndIsToldFirst) {
  expect_rejected({line("pizza", 1)}, RejectReason::kUnknownSku);
  expect_rejected({line("burger", 99), line("pizza", 1)}, RejectReason::kUnknownSku);
  expect_rejected({line("", 0)}, RejectReason::kUnknownSku);
}

TEST(Created, AnAbsurdQuantityIsOutOfStock) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t quantity :
       {std::int64_t{0}, std::int64_t{-1}, Limits::min(), Limits::max(), kQuantityMax + 1}) {
    expect_rejected({line("burger", quantity)}, RejectReason::kOutOfStock);
  }
  FlatMap<Sku, StockRow> full;
  full[Sku("burger")] = {Sku("burger"), Quantity(Limits::max() / 2), Quantity(0)};
  const auto announced = [&](std::int64_t quantity) {
    return decide(nullptr, full, created({line("burger", quantity)}), kNow).announce;
  };
  EXPECT_EQ(announced(kQuantityMax), Happening(InventoryReserved{kOrder}));
  EXPECT_EQ(announced(kQuantityMax + 1),
            Happening(InventoryRejected{kOrder, RejectReason::kOutOfStock}));
}

TEST(Created, ASumOverTheCapIsOutOfStockHoweverMuchThereIs) {
  FlatMap<Sku, StockRow> full;
  full[Sku("burger")] = {Sku("burger"), Quantity(10 * kQuantityMax), Quantity(0)};
  EXPECT_EQ(decide(nullptr, full, created({line("burger", kQuantityMax), line("burger", 1)}), kNow)
                .announce,
            Happening(InventoryRejected{kOrder, RejectReason::kOutOfStock}));
}

TEST(Created, ANegativeLineDoesNotHideBehindAPositiveOne) {
  expect_rejected({line("burger", 7), line("burger", -4)}, RejectReason::kOutOfStock);
  expect_rejected({line("burger", 2), line("burger", 0)}, RejectReason::kOutOfStock);
}

TEST(Created, TheSameLinesAgainAreIgnoredInWhateverOrder) {
  for (const ReservationState state :
       {ReservationState::kReserved, ReservationState::kRejected, ReservationState::kReleased}) {
    const ReservationRow row = reservation(state);
    const auto decision = decide(
        &row, stock(), created({line("fries", 1), line("burger", 1), line("burger", 1)}), kNow);
    EXPECT_EQ(decision.handled, InventoryHandled::kIgnored);
    expect_no_change(decision);
  }
}

TEST(Created, OtherLinesForAKnownOrderConflict) {
  for (const ReservationState state :
       {ReservationState::kReserved, ReservationState::kRejected, ReservationState::kReleased}) {
    const ReservationRow row = reservation(state);
    const auto decision =
        decide(&row, stock(), created({line("burger", 3), line("fries", 1)}), kNow);
    EXPECT_EQ(decision.handled, InventoryHandled::kConflictingLines);
    expect_no_change(decision);
  }
}

TEST(Created, AnOrderThatWasCancelledBeforeItCameIsIgnored) {
  const ReservationRow row = reservation(ReservationState::kTombstone, {});
  const auto decision = decide(&row, stock(), created({line("burger", 1)}), kNow);
  EXPECT_EQ(decision.handled, InventoryHandled::kIgnored);
  expect_no_change(decision);
}

TEST(Cancelled, AnOrderThatHasNotComeYetLeavesATombstone) {
  const InventoryDecision decision = decide(nullptr, stock(), cancelled(), kNow);
  EXPECT_EQ(decision.handled, InventoryHandled::kApplied);
  EXPECT_TRUE(decision.inserted);
  EXPECT_EQ(decision.reservation, (ReservationRow{kOrder, {}, ReservationState::kTombstone, kNow}));
  EXPECT_TRUE(decision.stock.empty());
  EXPECT_TRUE(decision.movements.empty());
  EXPECT_FALSE(decision.announce);
}

TEST(Cancelled, WhatWasReservedIsGivenBackWithoutAWord) {
  const ReservationRow row = reservation(ReservationState::kReserved, {line("burger", 1)});
  const Event event = cancelled();
  const InventoryDecision decision = decide(&row, stock(), event, kNow);
  EXPECT_EQ(decision.handled, InventoryHandled::kApplied);
  EXPECT_FALSE(decision.inserted);
  EXPECT_EQ(decision.reservation,
            (ReservationRow{kOrder, {line("burger", 1)}, ReservationState::kReleased, kNow}));
  EXPECT_EQ(decision.stock, (std::vector<StockRow>{{Sku("burger"), Quantity(6), Quantity(0)}}));
  EXPECT_EQ(decision.movements, (std::vector<MovementRow>{{Sku("burger"), MovementKind::kRelease,
                                                           Quantity(1), kOrder, event.id, kNow}}));
  EXPECT_FALSE(decision.announce);
}

TEST(InventoryEvents, EveryOtherPairIsIgnored) {
  const ReservationRow reserved = reservation(ReservationState::kReserved);
  const ReservationRow rejected = reservation(ReservationState::kRejected);
  const ReservationRow released = reservation(ReservationState::kReleased);
  const ReservationRow tombstone = reservation(ReservationState::kTombstone, {});
  std::vector<std::pair<const ReservationRow*, Event>> pairs = {
      {&rejected, cancelled()}, {&released, cancelled()}, {&tombstone, cancelled()}};
  for (const ReservationRow* row :
       {static_cast<const ReservationRow*>(nullptr), &reserved, &rejected, &released, &tombstone}) {
    pairs.emplace_back(row, event_of(InventoryReserved{kOrder}));
    pairs.emplace_back(row, event_of(InventoryRejected{kOrder, RejectReason::kOutOfStock}));
  }
  for (const auto& [row, event] : pairs) {
    const InventoryDecision decision = decide(row, stock(), event, kNow);
    EXPECT_EQ(decision.handled, InventoryHandled::kIgnored) << type_name(event.what);
    expect_no_change(decision);
  }
}

std::int64_t net_held(const std::vector<MovementRow>& movements, const OrderId& order,
                      const Sku& sku) {
  std::int64_t held = 0;
  for (const MovementRow& each : movements) {
    if (each.order != order || each.sku != sku) continue;
    held += each.kind == MovementKind::kReserve ? each.quantity.value : -each.quantity.value;
  }
  return held;
}

struct Act {
  std::uint64_t order;
  bool cancels;
  Lines lines;
};

rc::Gen<Act> act() {
  const auto lines = rc::gen::nonEmpty(rc::gen::container<std::vector<Line>>(
      rc::gen::map(rc::gen::pair(rc::gen::element<std::string>("burger", "fries", "pizza"),
                                 rc::gen::inRange<std::int64_t>(-1, 4)),
                   [](const auto& pair) { return line(pair.first, pair.second); })));
  return rc::gen::map(
      rc::gen::tuple(rc::gen::inRange<std::uint64_t>(0, 4), rc::gen::arbitrary<bool>(), lines),
      [](const auto& t) {
        return Act{std::get<0>(t), std::get<1>(t), std::get<2>(t)};
      });
}

// Events of some orders in any order, repeated and contradicting: nothing is made out of nothing,
// nothing is sold twice.
RC_GTEST_PROP(InventoryLife, AvailableAndReservedTogetherNeverChange, ()) {
  FlatMap<Sku, StockRow> rows = stock();
  FlatMap<OrderId, ReservationRow> reservations;
  std::vector<MovementRow> movements;
  std::map<OrderId, int> announced;
  for (const Act& each : *rc::gen::container<std::vector<Act>>(act())) {
    const OrderId id(Uuid{each.order, 0});
    const Event event = each.cancels ? event_of(OrderCancelled{id, CancelReason::kCustomer})
                                     : event_of(OrderCreated{id, UserId("u1"), each.lines});
    const auto decision = decide(reservations.find(id), rows, event, kNow);
    RC_ASSERT(decision.inserted == (decision.reservation && !reservations.contains(id)));
    RC_ASSERT((decision.handled == InventoryHandled::kApplied) == decision.reservation.has_value());
    RC_ASSERT(decision.stock.size() == decision.movements.size());
    if (decision.reservation) reservations[id] = *decision.reservation;
    for (const StockRow& row : decision.stock) rows[row.sku] = row;
    movements.insert(movements.end(), decision.movements.begin(), decision.movements.end());
    if (decision.announce) ++announced[id];
  }
  const FlatMap<Sku, StockRow> before = stock();
  for (const auto& [sku, row] : rows) {
    RC_ASSERT(row.available.value >= 0);
    RC_ASSERT(row.available.value + row.reserved.value ==
              before.find(sku)->available.value + before.find(sku)->reserved.value);
    std::int64_t held = before.find(sku)->reserved.value;
    for (const auto& [id, reservation] : reservations) {
      const std::int64_t of_order = net_held(movements, id, sku);
      const auto at = std::find_if(reservation.lines.begin(), reservation.lines.end(),
                                   [&, name = sku](const Line& l) { return l.sku == name; });
      const bool holds =
          reservation.state == ReservationState::kReserved && at != reservation.lines.end();
      RC_ASSERT(of_order == (holds ? at->quantity.value : 0));
      held += of_order;
    }
    RC_ASSERT(row.reserved.value == held);
  }
  for (const auto& [id, count] : announced) RC_ASSERT(count == 1);
}

TEST(ReservationState, HasItsWords) {
  EXPECT_EQ(to_string(ReservationState::kReserved), "RESERVED");
  EXPECT_EQ(to_string(ReservationState::kRejected), "REJECTED");
  EXPECT_EQ(to_string(ReservationState::kReleased), "RELEASED");
  EXPECT_EQ(to_string(ReservationState::kTombstone), "TOMBSTONE");
  EXPECT_EQ(to_string(MovementKind::kSeed), "SEED");
  EXPECT_EQ(to_string(MovementKind::kRestock), "RESTOCK");
  EXPECT_EQ(to_string(MovementKind::kReserve), "RESERVE");
  EXPECT_EQ(to_string(MovementKind::kRelease), "RELEASE");
}

}  // namespace
}  // namespace quickbite
