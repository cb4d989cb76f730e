#include "domain/machine/delivery.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "domain/message/event.h"
#include "domain/port/dead_letter.h"
#include "domain/port/redrive.h"

namespace quickbite {
namespace {

using D = Delivery<InventoryService>;
using L = InventoryLedger;

constexpr Uuid kCluster{1, 2};
constexpr Instant kNow{seconds(1000).us};
const Event kCreated = event_of(OrderCreated{OrderId(Uuid{9, 1}), UserId("u1"), {{Sku("burger"), Quantity(1)}}});

Record record_at(std::int64_t offset, Headers headers = {}) {
  Record record;
  record.message.topic = Topic::kOrders;
  record.message.key = to_string(OrderId(Uuid{9, 1}).value);
  record.message.value = encode_event(kCreated);
  record.message.headers = std::move(headers);
  record.offset = Offset(offset);
  return record;
}

EventId letter_at(std::int64_t offset) { return dead_letter_id(kCluster, record_at(offset)); }

// A Delivery that has polled the record, and what it writes where the database knows of the ids in `handled`.
L::Writes written(const Record& record, const std::vector<EventId>& known) {
  D delivery(Limits{}, kCluster, 1);
  delivery.step(Input<D>(std::in_place_type<Start>), kNow);
  Polled polled;
  polled.records.push_back(received(record));
  Step<D> step = delivery.step(Input<D>(std::in_place_index<2>, D::Answer(std::move(polled))), kNow);
  const auto& keys = std::get<Load<L>>(*step.effect).keys;
  Loaded<L> loaded;
  loaded.rows.now = kNow;
  for (const EventId& id : keys.events) {
    if (std::find(known.begin(), known.end(), id) != known.end()) loaded.rows.handled.push_back(id);
  }
  loaded.rows.stock[Sku("burger")] = StockRow{Sku("burger"), Quantity(5), Quantity(0)};
  step = delivery.step(Input<D>(std::in_place_index<2>, D::Answer(LoadAnswer<L>(std::move(loaded)))), kNow);
  return std::get<Store<L>>(*step.effect).transactions.front();
}

TEST(Delivery, ARecordThatIsNewIsApplied) {
  const L::Writes writes = written(record_at(7), {});
  ASSERT_EQ(writes.processed.size(), 1u);
  EXPECT_EQ(writes.processed[0].id, kCreated.id);
  EXPECT_EQ(writes.processed[0].handled, Handled::kApplied);
}

TEST(Delivery, ARecordThatWasDeadLetteredHereIsNotAppliedWhenItComesAgain) {
  EXPECT_TRUE(written(record_at(7), {letter_at(7)}).empty()) << "though the database would take it now";
}

TEST(Delivery, TheSameEventAtAnotherPlaceIsAnotherRecord) {
  EXPECT_FALSE(written(record_at(8), {letter_at(7)}).empty());
}

TEST(Delivery, ARedrivenRecordIsAppliedBesideItsLetter) {
  OutboxRow letter = dead_letter(record_at(7), letter_at(7), refused_reason("22001"), "", kNow);
  const auto row = redrive(letter, 1, kNow);
  ASSERT_TRUE(row.has_value());
  const L::Writes writes = written(record_at(8, row->headers), {letter_at(7)});
  ASSERT_EQ(writes.processed.size(), 1u);
  EXPECT_EQ(writes.processed[0].handled, Handled::kApplied);
  EXPECT_EQ(writes.processed[0].offset, Offset(8));
}

}  // namespace
}  // namespace quickbite
