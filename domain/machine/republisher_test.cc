#include "domain/machine/republisher.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "domain/machine/test_stepped.h"

namespace quickbite {
namespace {

using M = Republisher;

constexpr Instant kNow{seconds(1000).us};
constexpr Instant kUntil{seconds(900).us};

struct Stepped : SteppedByHand<M> {
  Stepped(std::int64_t batch, RepublishRequest request) : SteppedByHand(M(limits(batch), 1), kNow, std::move(request)) {}
  static Limits limits(std::int64_t batch) {
    Limits limits;
    limits.outbox_batch = batch;
    return limits;
  }
  void resent(std::int64_t rows) { answer(ResendAnswer(Resent{rows, kUntil})); }
  const Resend* resend() const { return effect<Resend>(); }
  bool waits() const { return last.effect && std::holds_alternative<Wait>(*last.effect); }
  std::int64_t rows() const {
    std::int64_t rows = 0;
    for (const auto& notice : told) {
      if (const auto* batch = std::get_if<M::Batch>(&notice)) rows += batch->rows;
    }
    return rows;
  }
  bool wakes_relay() const {
    for (const auto& notice : told) {
      if (std::holds_alternative<OutboxFilled>(notice)) return true;
    }
    return false;
  }
  const M::Done* done() const { return told.empty() ? nullptr : std::get_if<M::Done>(&told.back()); }
};

RepublishRequest request(std::int64_t most = 100, bool dry = false) { return {{{}, Topic::kOrders, {}}, {}, dry, most}; }

TEST(Republisher, GoesOnInBatchesUntilNothingIsLeftOfBeforeItBegan) {
  Stepped republisher(10, request());
  ASSERT_NE(republisher.resend(), nullptr);
  EXPECT_FALSE(republisher.resend()->until);
  EXPECT_EQ(republisher.resend()->limit, 10);
  republisher.resent(10);
  ASSERT_NE(republisher.resend(), nullptr);
  EXPECT_EQ(republisher.resend()->until, kUntil) << "or it would send again what it has had sent again, for ever";
  republisher.resent(3);
  ASSERT_NE(republisher.done(), nullptr);
  EXPECT_FALSE(republisher.done()->full);
  EXPECT_EQ(republisher.rows(), 13);
  EXPECT_TRUE(republisher.wakes_relay());
}

TEST(Republisher, HasNoMoreSentThanItIsToldTo) {
  Stepped republisher(10, request(13));
  republisher.resent(10);
  EXPECT_EQ(republisher.resend()->limit, 3);
  republisher.resent(3);
  ASSERT_NE(republisher.done(), nullptr);
  EXPECT_TRUE(republisher.done()->full);
}

TEST(Republisher, GoesOnWithWhatWasSentBeforeAnEarlierOneBegan) {
  RepublishRequest again = request();
  again.until = Instant{7};
  Stepped republisher(10, again);
  EXPECT_EQ(republisher.resend()->until, Instant{7});
  republisher.answer(ResendAnswer(Resent{0, Instant{7}}));
  ASSERT_NE(republisher.done(), nullptr);
  EXPECT_EQ(republisher.done()->until, Instant{7});
}

TEST(Republisher, ADryRunCountsOnce) {
  Stepped republisher(10, request(100, true));
  EXPECT_TRUE(republisher.resend()->dry);
  EXPECT_EQ(republisher.resend()->limit, 100);
  republisher.resent(42);
  ASSERT_NE(republisher.done(), nullptr);
  EXPECT_EQ(republisher.rows(), 42);
  EXPECT_FALSE(republisher.wakes_relay());
}

TEST(Republisher, DoesTheSameAgainAfterWhateverCameBetweenAndHalvesWhatIsRefused) {
  Stepped republisher(4, request());
  for (const ResendAnswer& answer : {ResendAnswer(Unavailable{}), ResendAnswer(Aborted{"40001"}), ResendAnswer(InDoubt{})}) {
    republisher.answer(answer);
    ASSERT_TRUE(republisher.waits());
    republisher.answer(Waited{});
    ASSERT_NE(republisher.resend(), nullptr);
    EXPECT_EQ(republisher.resend()->limit, 4);
  }
  for (const std::int64_t limit : {2, 1}) {
    republisher.answer(ResendAnswer(Refused{"57014"}));
    republisher.answer(Waited{});
    EXPECT_EQ(republisher.resend()->limit, limit);
  }
  republisher.answer(ResendAnswer(Refused{"57014"}));
  ASSERT_NE(republisher.done(), nullptr);
  EXPECT_EQ(republisher.done()->refused, "57014");
}

}  // namespace
}  // namespace quickbite
