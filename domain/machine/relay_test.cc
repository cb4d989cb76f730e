#include "domain/machine/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace quickbite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Instant kStart{seconds(1000).us};
constexpr Lease kAlone{Epoch(7), kAllShards, 0, 0, seconds(3)};
constexpr Lease kShared{Epoch(7), 9, 0, 0, seconds(3)};

OutboxRow row(std::int64_t seq, std::string key, std::int32_t shard = 1) {
  OutboxRow row;
  row.seq = OutboxSeq(seq);
  row.key = std::move(key);
  row.shard = Shard(shard);
  return row;
}

Limits limits() {
  Limits limits;
  limits.outbox_batch = 3;
  limits.relay_poll = milliseconds(500);
  limits.relay_poll_shared = milliseconds(50);
  limits.relay_lease = seconds(9);
  return limits;
}

// A relay that is stepped by hand.
struct Stepped {
  Relay machine{limits(), Partitions{}, "us", 1};
  Instant now = kStart;
  Step<Relay> last;

  Stepped() { last = machine.step(Input<Relay>(std::in_place_type<Start>), now); }
  template <class A>
  void answer(A answer) {
    last = machine.step(Input<Relay>(std::in_place_index<2>, Relay::Answer(std::move(answer))), now);
  }
  template <class E>
  const E* effect() const {
    return last.effect ? std::get_if<E>(&*last.effect) : nullptr;
  }
  template <class N>
  const N* notice() const {
    for (const auto& notice : last.notices) {
      if (const auto* one = std::get_if<N>(&notice)) return one;
    }
    return nullptr;
  }
  void read(std::vector<OutboxRow> rows, std::optional<Lease> lease = std::nullopt) {
    if (effect<Wait>() != nullptr) answer(Waited{});
    answer(ReadOutboxAnswer(OutboxRead{std::move(rows), lease}));
  }
  void acked(std::size_t count) {
    Produced produced;
    produced.outcomes.assign(count, Acked{Partition(0), Offset(5)});
    answer(std::move(produced));
  }
};

TEST(Relay, BeginsByAskingForALease) {
  Stepped relay;
  ASSERT_NE(relay.effect<ReadOutbox>(), nullptr);
  const auto& renewal = relay.effect<ReadOutbox>()->renewal;
  ASSERT_TRUE(renewal);
  EXPECT_EQ(renewal->owner, "us");
  EXPECT_EQ(renewal->epoch, Epoch{});
  EXPECT_EQ(renewal->duration, seconds(9));
  EXPECT_FALSE(relay.machine.farewell());
}

TEST(Relay, RenewsOnAReadWhenThatIsDueAndNotBefore) {
  Stepped relay;
  relay.read({}, kAlone);
  ASSERT_NE(relay.notice<Lease>(), nullptr);
  relay.now = kStart + seconds(2);
  relay.answer(Waited{});
  ASSERT_NE(relay.effect<ReadOutbox>(), nullptr);
  EXPECT_FALSE(relay.effect<ReadOutbox>()->renewal);
  EXPECT_EQ(relay.effect<ReadOutbox>()->epoch, Epoch(7));
  relay.answer(ReadOutboxAnswer(OutboxRead{}));
  relay.now = kStart + seconds(3);
  relay.answer(Waited{});
  ASSERT_TRUE(relay.effect<ReadOutbox>()->renewal);
  EXPECT_EQ(relay.effect<ReadOutbox>()->renewal->epoch, Epoch(7));
}

TEST(Relay, AWaitEndsWhenTheLeaseIsToBeRenewed) {
  Stepped relay;
  relay.read({}, kAlone);
  EXPECT_EQ(relay.effect<Wait>()->until, kStart + milliseconds(500));
  relay.now = kStart + milliseconds(2900);
  relay.read({});
  EXPECT_EQ(relay.effect<Wait>()->until, kStart + seconds(3));
}

// Their wake-ups do not reach us.
TEST(Relay, LooksMoreOftenWhereOthersStoreItsRows) {
  Stepped relay;
  relay.read({}, kShared);
  EXPECT_EQ(relay.effect<Wait>()->until, kStart + milliseconds(50));
}

TEST(Relay, MarksUnderTheEpochThatItReadUnder) {
  Stepped relay;
  relay.read({row(1, "a", 4), row(2, "b", 2), row(3, "a", 4)}, kShared);
  ASSERT_NE(relay.effect<Produce>(), nullptr);
  EXPECT_EQ(relay.effect<Produce>()->messages.size(), 2u) << "one row of each key";
  relay.acked(2);
  const auto* mark = relay.effect<MarkOutbox>();
  ASSERT_NE(mark, nullptr);
  EXPECT_EQ(mark->epoch, Epoch(7));
  EXPECT_EQ(mark->fence, Fence::kEpoch);
  EXPECT_THAT(mark->shards, ElementsAre(Shard(2), Shard(4)));
  ASSERT_EQ(mark->sent.size(), 2u);
  EXPECT_EQ(mark->sent[1].seq, OutboxSeq(2));
  relay.answer(MarkAnswer(Marked{}));
  ASSERT_NE(relay.effect<ReadOutbox>(), nullptr) << "a's second row waits";
  EXPECT_EQ(relay.notice<Relay::Passed>()->sent, 2);
  EXPECT_EQ(relay.notice<Relay::Passed>()->lost, 0);
}

TEST(Relay, ToldThatShardsAreAnothersItRenewsAtOnce) {
  Stepped relay;
  relay.read({row(1, "a")}, kShared);
  relay.acked(1);
  relay.answer(MarkAnswer(Marked{1}));
  EXPECT_EQ(relay.notice<Relay::Passed>()->lost, 1);
  ASSERT_NE(relay.effect<Wait>(), nullptr);
  EXPECT_EQ(relay.effect<Wait>()->until, relay.now);
  relay.answer(Waited{});
  EXPECT_TRUE(relay.effect<ReadOutbox>()->renewal);
}

// It slept, or the database took long: by its own clock the lease may be over.
TEST(Relay, ProducesNothingOfWhatItReadUnderALeaseThatMayHaveEnded) {
  Stepped relay;
  relay.read({}, kShared);
  relay.answer(Waited{});
  relay.now = kStart + seconds(9);
  relay.answer(ReadOutboxAnswer(OutboxRead{{row(1, "a")}, std::nullopt}));
  ASSERT_NE(relay.effect<Wait>(), nullptr);
  relay.now = relay.effect<Wait>()->until;
  relay.answer(Waited{});
  ASSERT_TRUE(relay.effect<ReadOutbox>()->renewal);
  relay.answer(ReadOutboxAnswer(OutboxRead{{row(1, "a")}, kShared}));
  EXPECT_NE(relay.effect<Produce>(), nullptr);
}

// The database's answer to a renewal says when it was granted no better than: after it was asked for.
TEST(Relay, CountsTheLeaseFromWhenItAsked) {
  Stepped relay;
  relay.now = kStart + seconds(9);
  relay.answer(ReadOutboxAnswer(OutboxRead{{row(1, "a")}, kShared}));
  EXPECT_EQ(relay.effect<Produce>(), nullptr);
}

TEST(Relay, ARenewalThatFailedIsTriedAgain) {
  Stepped relay;
  relay.answer(ReadOutboxAnswer(Unavailable{}));
  ASSERT_NE(relay.effect<Wait>(), nullptr);
  EXPECT_FALSE(relay.effect<Wait>()->interruptible);
  relay.answer(Waited{});
  EXPECT_TRUE(relay.effect<ReadOutbox>()->renewal);
}

TEST(Relay, GivesItsShardsUpAtItsEnd) {
  Stepped relay;
  relay.read({}, kShared);
  const auto farewell = relay.machine.farewell();
  ASSERT_TRUE(farewell && farewell->renewal);
  EXPECT_EQ(farewell->renewal->duration, Duration{});
  EXPECT_EQ(farewell->renewal->epoch, Epoch(7));
  EXPECT_EQ(farewell->limit, 0);
}

TEST(Relay, WhatCannotBeDeliveredIsParkedUnderTheEpochToo) {
  Stepped relay;
  relay.read({row(1, "a", 3)}, kShared);
  relay.answer(Produced{{Undeliverable{"too large"}}});
  const auto* mark = relay.effect<MarkOutbox>();
  ASSERT_NE(mark, nullptr);
  EXPECT_THAT(mark->sent, IsEmpty());
  EXPECT_THAT(mark->parked, ElementsAre(OutboxSeq(1)));
  EXPECT_THAT(mark->shards, ElementsAre(Shard(3)));
}

}  // namespace
}  // namespace quickbite
