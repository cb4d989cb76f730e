#include "domain/machine/redriver.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "domain/machine/test_stepped.h"
#include "domain/message/event.h"
#include "domain/port/dead_letter.h"

namespace quickbite {
namespace {

using M = Redriver<InventoryService>;
using L = InventoryLedger;

constexpr Instant kNow{seconds(1000).us};
constexpr Uuid kCluster{1, 2};

Event created(std::uint64_t n) { return event_of(OrderCreated{OrderId(Uuid{9, n}), UserId("u1"), {{Sku("burger"), Quantity(1)}}}); }

LetterFound letter(std::uint64_t n, bool readable = true) {
  Record record;
  record.message.topic = Topic::kOrders;
  record.message.key = to_string(OrderId(Uuid{9, n}).value);
  record.message.value = readable ? encode_event(created(n)) : Bytes("no JSON");
  record.offset = Offset(static_cast<std::int64_t>(n));
  LetterFound found;
  found.letter = dead_letter(record, dead_letter_id(kCluster, record), readable ? "REFUSED 22001" : "NOT_JSON", "", kNow);
  found.letter.seq = OutboxSeq(static_cast<std::int64_t>(n));
  return found;
}
LetterFound redriven(LetterFound found, bool sent) {
  Announcement row;
  row.id = redrive_id(found.letter.id, 1);
  if (sent) row.sent = SentAt{};
  found.redrives.push_back(row);
  return found;
}

struct Stepped : SteppedByHand<M> {
  Stepped(std::int64_t batch, RedriveRequest request) : SteppedByHand(M(limits(batch), 1), kNow, std::move(request)) {}
  static Limits limits(std::int64_t batch) {
    Limits limits;
    limits.batch = batch;
    return limits;
  }
  void found(std::vector<LetterFound> letters) { answer(FindLettersAnswer(LettersFound{std::move(letters)})); }
  void loaded(std::vector<EventId> handled = {}) {
    L::Rows rows;
    rows.now = kNow;
    rows.handled = std::move(handled);
    answer(LoadAnswer<L>(Loaded<L>{TxToken(5), std::move(rows)}));
  }
  std::vector<EventId> stored() const {
    std::vector<EventId> ids;
    const auto* store = effect<Store<L>>();
    if (store == nullptr) return ids;
    for (const OutboxRow& row : store->transactions.front().outbox) ids.push_back(row.id);
    return ids;
  }
  // "send handled …", of all pages so far.
  std::string verdicts() const {
    std::string out;
    for (const auto& notice : told) {
      const auto* page = std::get_if<M::Page>(&notice);
      for (std::size_t i = 0; page != nullptr && i < page->letters.size(); ++i) {
        if (!out.empty()) out += ' ';
        out += to_string(page->letters[i].verdict);
      }
    }
    return out;
  }
  const M::Done* done() const { return told.empty() ? nullptr : std::get_if<M::Done>(&told.back()); }
  bool wakes_relay() const {
    for (const auto& notice : told) {
      if (std::holds_alternative<OutboxFilled>(notice)) return true;
    }
    return false;
  }
};

RedriveRequest request(std::int64_t most = 100) {
  RedriveRequest request;
  request.most = most;
  return request;
}

TEST(Redriver, StoresTheRedrivesOfWhatCanBeReadAndTellsOfTheRest) {
  Stepped redriver(10, request());
  ASSERT_NE(redriver.effect<FindLetters>(), nullptr);
  EXPECT_EQ(redriver.effect<FindLetters>()->limit, 10);
  redriver.found({letter(1), letter(2, false), redriven(letter(3), true), letter(4)});
  ASSERT_NE(redriver.effect<Load<L>>(), nullptr);
  EXPECT_EQ(redriver.effect<Load<L>>()->keys.events.size(), 2u);
  redriver.loaded();
  EXPECT_EQ(redriver.stored(), (std::vector{redrive_id(letter(1).letter.id, 1), redrive_id(letter(4).letter.id, 1)}));
  redriver.answer(StoreAnswer(Stored{}));
  EXPECT_EQ(redriver.verdicts(), "send unreadable sent send");
  EXPECT_TRUE(redriver.wakes_relay());
  ASSERT_NE(redriver.done(), nullptr);
  EXPECT_FALSE(redriver.last.effect);
}

TEST(Redriver, GoesOnBehindAFullPageUntilThereAreNoMore) {
  Stepped redriver(2, request());
  redriver.found({letter(1), letter(2)});
  redriver.loaded();
  redriver.answer(StoreAnswer(Stored{}));
  ASSERT_NE(redriver.effect<FindLetters>(), nullptr);
  EXPECT_EQ(redriver.effect<FindLetters>()->after, OutboxSeq(2));
  redriver.found({});
  EXPECT_NE(redriver.done(), nullptr);
  EXPECT_EQ(redriver.verdicts(), "send send");
}

TEST(Redriver, SendsNoMoreThanItIsToldToAndSaysThatOthersMayBeLeft) {
  Stepped redriver(10, request(2));
  redriver.found({letter(1), letter(2, false), letter(3), letter(4)});
  redriver.loaded();
  EXPECT_EQ(redriver.stored().size(), 2u);
  redriver.answer(StoreAnswer(Stored{}));
  ASSERT_NE(redriver.done(), nullptr);
  EXPECT_TRUE(redriver.done()->full);
  EXPECT_EQ(redriver.verdicts(), "send unreadable send");
}

TEST(Redriver, ADryRunDecidesAndStoresNothing) {
  RedriveRequest dry = request();
  dry.dry = true;
  Stepped redriver(10, dry);
  redriver.found({letter(1), letter(2, false)});
  EXPECT_NE(redriver.done(), nullptr);
  EXPECT_EQ(redriver.verdicts(), "send unreadable");
  EXPECT_FALSE(redriver.wakes_relay());
}

TEST(Redriver, LeavesOutWhatWasHandledSinceItWasFound) {
  Stepped redriver(10, request());
  redriver.found({letter(1), letter(2)});
  redriver.loaded({created(1).id});
  EXPECT_EQ(redriver.stored(), std::vector{redrive_id(letter(2).letter.id, 1)});
  redriver.answer(StoreAnswer(Stored{}));
  EXPECT_EQ(redriver.verdicts(), "handled send");
}

TEST(Redriver, LooksAtThePageAnewAfterWhateverKeptItFromBeingStored) {
  for (const bool at_load : {true, false}) {
    Stepped redriver(10, request());
    redriver.found({letter(1)});
    if (at_load) {
      redriver.answer(LoadAnswer<L>(Unavailable{}));
    } else {
      redriver.loaded();
      redriver.answer(StoreAnswer(Aborted{"23505"}));
    }
    ASSERT_NE(redriver.effect<Wait>(), nullptr);
    EXPECT_TRUE(redriver.told.empty());
    redriver.answer(Waited{});
    ASSERT_NE(redriver.effect<FindLetters>(), nullptr);
    redriver.found({redriven(letter(1), false)});  // another operator was faster
    EXPECT_EQ(redriver.verdicts(), "under-way");
    EXPECT_NE(redriver.done(), nullptr);
  }
}

TEST(Redriver, ACommitInDoubtThatLandedCountsAsItsOwnAndOneThatDidNotIsDoneAgain) {
  for (const bool landed : {true, false}) {
    Stepped redriver(10, request(1));
    redriver.found({letter(1), letter(2)});
    redriver.loaded();
    redriver.answer(StoreAnswer(InDoubt{}));
    redriver.answer(Waited{});
    redriver.found({landed ? redriven(letter(1), false) : letter(1), letter(2)});
    if (!landed) {
      redriver.loaded();
      EXPECT_EQ(redriver.stored(), std::vector{redrive_id(letter(1).letter.id, 1)});
      redriver.answer(StoreAnswer(Stored{}));
    }
    EXPECT_EQ(redriver.verdicts(), "send");
    ASSERT_NE(redriver.done(), nullptr) << "no more than one was asked for";
    EXPECT_TRUE(redriver.done()->full);
  }
}

TEST(Redriver, TellsWhatTheDatabaseRefusesAndEnds) {
  Stepped redriver(10, request());
  redriver.found({letter(1)});
  redriver.loaded();
  redriver.answer(StoreAnswer(Refused{"54000"}));
  ASSERT_NE(redriver.done(), nullptr);
  EXPECT_EQ(redriver.done()->refused, "54000");
  EXPECT_EQ(redriver.verdicts(), "");
}

}  // namespace
}  // namespace quickbite
