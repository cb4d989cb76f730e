#include "domain/property/rows.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <vector>

namespace quickbite::property {
namespace {

RC_GTEST_PROP(Rows, AKeyNamesTheOrderWhoseTextItIs, (std::uint64_t high, std::uint64_t low)) {
  const OrderId order(Uuid{high, low});
  const std::string text = to_string(order.value);
  RC_ASSERT(names(text, order));
  std::string other = text;
  const auto at = *rc::gen::inRange<std::size_t>(0, other.size());
  other[at] = *rc::gen::distinctFrom(other[at]);
  RC_ASSERT(!names(other, order));
  RC_ASSERT(!names(text + "0", order));
}

TEST(Rows, NoKeyNamesNoOrder) {
  EXPECT_FALSE(names(std::nullopt, OrderId()));
  EXPECT_FALSE(names("", OrderId()));
  EXPECT_TRUE(names("00000000-0000-0000-0000-000000000000", OrderId()));
  EXPECT_TRUE(names("01234567-89ab-cdef-fedc-ba9876543210",
                    OrderId(Uuid{0x0123'4567'89AB'CDEF, 0xFEDC'BA98'7654'3210})));
  EXPECT_FALSE(names("01234567-89AB-CDEF-FEDC-BA9876543210",
                     OrderId(Uuid{0x0123'4567'89AB'CDEF, 0xFEDC'BA98'7654'3210})));
}

TEST(Rows, ANewRowIsFoundByItsNumberWithGapsAndFarFromTheEnd) {
  Outbox outbox;
  for (std::int64_t seq = 0; seq < 40; seq += 2) outbox[OutboxSeq(seq)].seq = OutboxSeq(seq);
  for (std::int64_t seq = -1; seq < 41; ++seq) {
    const OutboxRow* row = newest_row(outbox, OutboxSeq(seq));
    const bool there = seq >= 0 && seq % 2 == 0 && seq < 40;
    ASSERT_EQ(row != nullptr, there) << seq;
    if (there) {
      EXPECT_EQ(row->seq, OutboxSeq(seq));
    }
  }
}

TEST(Rows, ARowStandsAtItsOwnCoordinatesOnly) {
  ProcessedRow row;
  row.topic = Topic::kInventory;
  row.partition = Partition(1);
  row.offset = Offset(2);
  EXPECT_TRUE(stands_at(row, Topic::kInventory, Partition(1), Offset(2)));
  EXPECT_FALSE(stands_at(row, Topic::kOrders, Partition(1), Offset(2)));
  EXPECT_FALSE(stands_at(row, Topic::kInventory, Partition(0), Offset(2)));
  EXPECT_FALSE(stands_at(row, Topic::kInventory, Partition(1), Offset(1)));
}

TEST(Rows, ARecordIsFoundOnlyWhereTheLogKeepsIt) {
  const std::vector<std::shared_ptr<const Record>> records{std::make_shared<const Record>(Record{{}, Offset(5)}),
                                                           std::make_shared<const Record>(Record{{}, Offset(6)})};
  const LogView log{Topic::kOrders, Partition(1), Offset(5), records, std::nullopt};
  View view;
  view.logs = std::span(&log, 1);
  EXPECT_EQ(record_at(view, Topic::kOrders, Partition(1), Offset(4)), nullptr);
  EXPECT_EQ(record_at(view, Topic::kOrders, Partition(1), Offset(5)), records[0].get());
  EXPECT_EQ(record_at(view, Topic::kOrders, Partition(1), Offset(6)), records[1].get());
  EXPECT_EQ(record_at(view, Topic::kOrders, Partition(1), Offset(7)), nullptr);
  EXPECT_EQ(record_at(view, Topic::kOrders, Partition(0), Offset(5)), nullptr);
  EXPECT_EQ(record_at(view, Topic::kInventory, Partition(1), Offset(5)), nullptr);
}

}  // namespace
}  // namespace quickbite::property
