#include "domain/port/redrive.h"

#include <gtest/gtest.h>

#include <string>

#include "domain/message/event.h"
#include "domain/port/dead_letter.h"
#include "domain/port/letters.h"

namespace quickbite {
namespace {

constexpr Uuid kCluster{1, 2};
constexpr Instant kNow{7};
const OrderId kOrder{Uuid{3, 4}};

Record record(std::string value, std::optional<std::string> key = to_string(kOrder.value)) {
  Record record;
  record.message.topic = Topic::kOrders;
  record.message.partition = Partition(2);
  record.message.key = std::move(key);
  record.message.value = Bytes(std::move(value));
  record.message.headers = {{"event-id", "theirs"}, {"traceparent", "00-1"}};
  record.offset = Offset(41);
  return record;
}
Event created() { return event_of(OrderCreated{kOrder, UserId("u1"), {{Sku("burger"), Quantity(1)}}}); }
Record good() { return record(std::string(encode_event(created()).view())); }
Record poison() { return record("{\"type\":"); }

LetterFound letter(const Record& record, std::string_view reason = "NOT_JSON") {
  LetterFound found;
  found.letter = dead_letter(record, dead_letter_id(kCluster, record), reason, "why", kNow);
  found.letter.seq = OutboxSeq(9);
  return found;
}
Announcement redriven(const LetterFound& found, std::int64_t nth, bool sent) {
  Announcement row;
  row.id = redrive_id(found.letter.id, nth);
  row.type = kRedriveType;
  if (sent) row.sent = SentAt{Partition(0), Offset(77)};
  return row;
}
// As the consumer gets it: the relay puts the row's id and type before its headers.
Record as_record(const OutboxRow& row, Partition partition, Offset offset) {
  Record out{{row.topic, partition, row.key, row.payload, row.headers}, offset};
  out.message.headers.insert(out.message.headers.begin(), {{"event-id", to_string(row.id.value)}, {"type", row.type}});
  return out;
}

TEST(Redrive, SendsTheRecordAsItWasAndSaysWhoseItIs) {
  const LetterFound found = letter(good(), "REFUSED 22001");
  const auto row = redrive(found.letter, 1, Instant{8});
  ASSERT_TRUE(row);
  EXPECT_EQ(row->id, redrive_id(found.letter.id, 1));
  EXPECT_EQ(row->topic, Topic::kOrders);
  EXPECT_EQ(row->key, good().message.key);
  EXPECT_TRUE(row->payload.same(found.letter.payload));
  EXPECT_EQ(row->created_at, Instant{8});
  EXPECT_EQ(Headers(row->headers.begin() + kRedriveHeaders, row->headers.end()), good().message.headers);
  const auto origin = redrive_origin(row->headers);
  ASSERT_TRUE(origin);
  EXPECT_EQ(*origin, (RedriveOrigin{found.letter.id, Topic::kOrders, Partition(2), Offset(41)}));
}

TEST(Redrive, HasAnIdForEachTimeAndTheSameOneAgain) {
  const EventId id{Uuid{5, 6}};
  EXPECT_EQ(redrive_id(id, 1), redrive_id(id, 1));
  EXPECT_NE(redrive_id(id, 1), redrive_id(id, 2));
  EXPECT_NE(redrive_id(id, 1), redrive_id(EventId{Uuid{5, 7}}, 1));
}

TEST(Redrive, ARecordThatFailsAgainHasTheIdOfItsFirstLetterHoweverOftenItIsSent) {
  const LetterFound first = letter(poison());
  const Record again = as_record(*redrive(first.letter, 1, kNow), Partition(0), Offset(99));
  EXPECT_EQ(dead_letter_id(kCluster, again), first.letter.id);
  const Record third = as_record(*redrive(first.letter, 2, kNow), Partition(1), Offset(120));
  EXPECT_EQ(dead_letter_id(kCluster, third), first.letter.id);
}

TEST(Redrive, WhoOnlySaysThatHisRecordIsARedriveIsNotBelieved) {
  const LetterFound first = letter(poison());
  Record forged = as_record(*redrive(first.letter, 1, kNow), Partition(0), Offset(99));
  forged.message.value = Bytes("something else");
  EXPECT_NE(dead_letter_id(kCluster, forged), first.letter.id);
  forged = as_record(*redrive(first.letter, 1, kNow), Partition(0), Offset(99));
  for (Header& each : forged.message.headers) {
    if (each.name == kRedriveOfHeader) each.value = to_string(created().id.value);
  }
  EXPECT_NE(dead_letter_id(kCluster, forged), created().id) << "or a good event would pass for handled";
  EXPECT_NE(dead_letter_id(Uuid{1, 3}, as_record(*redrive(first.letter, 1, kNow), Partition(0), Offset(99))),
            first.letter.id) << "another log's letter";
}

// In a log that was made anew a redriven record that fails is a new letter; that one's redrive carries no more than the first.
TEST(Redrive, DoesNotGrowWithEachRound) {
  Record current = poison();
  std::size_t headers = 0;
  for (std::uint64_t cluster = 10; cluster < 14; ++cluster) {
    const EventId id = dead_letter_id(Uuid{cluster, 0}, current);
    const auto row = redrive(dead_letter(current, id, "NOT_JSON", "", kNow), 1, kNow);
    ASSERT_TRUE(row);
    if (headers == 0) headers = row->headers.size();
    EXPECT_EQ(row->headers.size(), headers);
    EXPECT_EQ(row->headers.back().name, "traceparent");
    current = as_record(*row, Partition(0), Offset(static_cast<std::int64_t>(cluster)));
  }
}

TEST(Redrive, HeadersThatAreNotARedrivesHaveNoOrigin) {
  const Headers headers = redrive(letter(poison()).letter, 1, kNow)->headers;
  EXPECT_TRUE(redrive_origin(headers));
  for (std::size_t i = 0; i < kRedriveHeaders; ++i) {
    Headers bad = headers;
    bad[i].value = "-1";
    EXPECT_FALSE(redrive_origin(bad)) << i;
    bad.erase(bad.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(redrive_origin(bad)) << i;
  }
}

TEST(RedriveDecision, SendsWhatCanBeReadNowAndWasNotHandled) {
  EXPECT_EQ(decide_redrive(letter(good(), "REFUSED 22001"), {}), RedriveVerdict::kSend);
  EXPECT_EQ(decide_redrive(letter(poison()), {}), RedriveVerdict::kUnreadable);
  EXPECT_EQ(decide_redrive(letter(poison()), {false, true}), RedriveVerdict::kSend);
  EXPECT_EQ(decide_redrive(letter(record("{}", std::nullopt)), {}), RedriveVerdict::kUnreadable);
}

TEST(RedriveDecision, LeavesWhatWasHandledUnlessForced) {
  LetterFound found = letter(good(), "CONFLICTING_LINES");
  found.handled = ProcessedRow{created().id, Topic::kOrders, Partition(2), Offset(40), Handled::kApplied, kNow};
  EXPECT_EQ(decide_redrive(found, {}), RedriveVerdict::kHandled);
  EXPECT_EQ(decide_redrive(found, {true, false}), RedriveVerdict::kHandled);
  EXPECT_EQ(decide_redrive(found, {false, true}), RedriveVerdict::kSend);
}

TEST(RedriveDecision, SendsOnceUnlessItIsToldToSendAgain) {
  LetterFound found = letter(good(), "REFUSED 22001");
  found.redrives = {redriven(found, 1, /*sent=*/false)};
  for (const bool again : {false, true}) {
    EXPECT_EQ(decide_redrive(found, {again, true}), RedriveVerdict::kUnderWay);
  }
  found.redrives = {redriven(found, 1, /*sent=*/true)};
  EXPECT_EQ(decide_redrive(found, {}), RedriveVerdict::kSent);
  EXPECT_EQ(decide_redrive(found, {false, true}), RedriveVerdict::kSent) << "to force is not to repeat";
  EXPECT_EQ(decide_redrive(found, {true, false}), RedriveVerdict::kSend);
  EXPECT_EQ(next_redrive(found), 2);
}

TEST(RedriveDecision, EndsAfterSixteenTimesAndCountsThoseThatWereSwept) {
  LetterFound found = letter(good(), "REFUSED 22001");
  EXPECT_EQ(next_redrive(found), 1);
  found.redrives = {redriven(found, kRedrivesMax - 1, true)};  // those before it are gone
  EXPECT_EQ(next_redrive(found), kRedrivesMax);
  EXPECT_EQ(decide_redrive(found, {true, false}), RedriveVerdict::kSend);
  found.redrives = {redriven(found, kRedrivesMax, true)};
  EXPECT_EQ(decide_redrive(found, {true, true}), RedriveVerdict::kSpent);
}

TEST(RedriveDecision, ARowThatIsNoLetterIsNeverSent) {
  LetterFound found = letter(good());
  found.letter.headers.erase(found.letter.headers.begin());
  EXPECT_EQ(decide_redrive(found, {true, true}), RedriveVerdict::kNoLetter);
  EXPECT_FALSE(redrive(found.letter, 1, kNow));
  found = letter(good());
  found.letter.type = "OrderCreated";
  EXPECT_EQ(decide_redrive(found, {true, true}), RedriveVerdict::kNoLetter);
}

TEST(LetterFilter, SelectsByEachOfItsConditionsAndByAllOfThem) {
  const OutboxRow row = letter(good(), "REFUSED 22001").letter;
  EXPECT_TRUE(selects({}, row));
  LetterFilter all;
  all.ids = {EventId{Uuid{0, 0}}, row.id};
  all.topic = Topic::kOrders;
  all.reason = "REFUSED";
  all.key = row.key;
  all.text = "burger";
  all.since = kNow;
  all.until = Instant{8};
  EXPECT_TRUE(selects(all, row));
  const auto without = [&](auto change) {
    LetterFilter filter = all;
    change(filter);
    return selects(filter, row);
  };
  EXPECT_FALSE(without([](LetterFilter& f) { f.ids.pop_back(); }));
  EXPECT_FALSE(without([](LetterFilter& f) { f.topic = Topic::kInventory; }));
  EXPECT_FALSE(without([](LetterFilter& f) { f.reason = "REFUSED 23"; }));
  EXPECT_FALSE(without([](LetterFilter& f) { f.key = "another"; }));
  EXPECT_FALSE(without([](LetterFilter& f) { f.text = "pizza"; }));
  EXPECT_FALSE(without([](LetterFilter& f) { f.since = Instant{8}; }));
  EXPECT_FALSE(without([](LetterFilter& f) { f.until = kNow; }));
  OutboxRow other = row;
  other.type = "OrderCreated";
  EXPECT_FALSE(selects({}, other)) << "no dead letter";
}

}  // namespace
}  // namespace quickbite
