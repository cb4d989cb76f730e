#include "domain/machine/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/machine/host.h"

namespace quickbite {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

OrderId id(int n) { return OrderId(Uuid{1, static_cast<std::uint64_t>(n)}); }

OrderRow row(int n, std::int64_t version = 1) {
  OrderRow order;
  order.id = id(n);
  order.user = UserId("u1");
  order.lines = {{Sku("burger"), Quantity(1)}};
  order.version = Version(version);
  return order;
}

Limits limits() {
  Limits limits;
  limits.waiters = 3;
  return limits;
}

// A Reader under a Host, as both worlds have it: requests go in, statuses come out by request.
struct Bench {
  Host<Reader> host{Reader(limits()), 1, 100, 100};
  Instant now = Instant{1'000'000};
  std::optional<Reader::Effect> effect;
  std::map<std::uint64_t, int> answers;

  Bench() { follow(host.start(now)); }

  void follow(Step<Reader>&& step) {
    for (Reader::Notice& notice : step.notices) {
      auto& answered = std::get<Reader::Answered>(notice);
      EXPECT_TRUE(answers.emplace(answered.request.value, answered.answer.status).second) << "answered twice";
    }
    effect = std::move(step.effect);
  }
  void offer(Reader::Item item) {
    ASSERT_TRUE(host.offer(std::move(item)));
    if (host.ready()) follow(host.take(now));
  }
  // Asks for order `n`; with a version to wait for another than that.
  void ask(std::uint64_t request, int n, std::int64_t known = 0, Duration wait = seconds(20)) {
    api::GetOrder get{id(n)};
    if (known > 0) {
      get.known = Version(known);
      get.wait = wait;
    }
    offer(Reader::Ask{RequestId{request}, get, now + get.wait});
  }
  const ReadOrders& reading() const { return std::get<ReadOrders>(*effect); }
  const Wait& waiting() const { return std::get<Wait>(*effect); }

  // The query under way ends: with these rows, or with none to be had.
  void rows(std::vector<OrderRow> found) {
    OrdersRead read;
    for (OrderRow& each : found) {
      const OrderId of = each.id;
      read.orders.insert(of, std::move(each));
    }
    read.pages.resize(reading().pages.size());
    for (const OrderId& trail : reading().trails) read.trails[trail];
    answer(ReadOrdersAnswer(std::move(read)));
  }
  void answer(Reader::Answer&& what) {
    auto step = host.answer(host.effect_id(), std::move(what), now);
    ASSERT_TRUE(step.has_value());
    follow(*std::move(step));
    if (host.ready()) follow(host.take(now));
  }
  void sleep_until(Instant at) {
    ASSERT_LE(waiting().until, at);
    now = at;
    answer(Waited{});
  }
};

TEST(Reader, GathersWhatIsWaitingIntoOneQuery) {
  Bench bench;
  bench.ask(1, 7);
  bench.ask(2, 3);  // arrives after the query began: it is not answered by it
  bench.ask(3, 3);
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(7)));
  bench.rows({row(7), row(3)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 200)));
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(3)));
  bench.rows({row(3)});
  EXPECT_EQ(bench.answers.size(), 3u);
  EXPECT_FALSE(bench.effect) << "idle";
}

TEST(Reader, AnswersAtOnceWhoeverDoesNotKnowTheVersion) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1, 2)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 200)));
  bench.ask(2, 2, 1);
  bench.rows({});
  EXPECT_EQ(bench.answers[2], 404);
}

TEST(Reader, KeepsALongPollUntilThereIsNews) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1)});
  EXPECT_THAT(bench.answers, IsEmpty());
  EXPECT_EQ(bench.waiting().until, bench.now + milliseconds(250)) << "the shared re-check";
  bench.sleep_until(bench.waiting().until);
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(1)));
  bench.rows({row(1)});
  bench.sleep_until(bench.waiting().until);
  bench.rows({row(1, 2)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 200)));
  EXPECT_FALSE(bench.effect);
}

TEST(Reader, AllLongPollsShareOneRecheck) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1)});
  bench.now = bench.now + milliseconds(100);
  bench.ask(2, 2, 1);
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(2))) << "not the time to look again for the other";
  bench.rows({row(2)});
  bench.ask(3, 1, 1);
  bench.rows({row(1)});
  EXPECT_EQ(bench.waiting().until, bench.now + milliseconds(150));
  bench.sleep_until(bench.waiting().until);
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(1), id(2)));
}

TEST(Reader, AHintWakesThoseWhomItConcerns) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1)});
  bench.ask(2, 2, 1);
  bench.rows({row(2)});
  bench.offer(OrdersChanged{{id(9), id(2), id(9)}});
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(2)));
  bench.rows({row(2, 2)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(2, 200)));
  bench.offer(OrdersChanged{{id(9)}});
  EXPECT_EQ(bench.host.machine().long_polls(), 1u);
  EXPECT_TRUE(std::holds_alternative<Wait>(*bench.effect)) << "nobody waits for that one";
}

TEST(Reader, AHintThatWasWrongChangesNothing) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1)});
  bench.offer(OrdersChanged{{id(1)}});
  bench.rows({row(1)});
  EXPECT_THAT(bench.answers, IsEmpty());
  EXPECT_EQ(bench.host.machine().long_polls(), 1u);
}

TEST(Reader, AtTheEndOfAWaitTheOrderIsReadOnceMore) {
  Bench bench;
  bench.ask(1, 1, 1, milliseconds(100));
  bench.ask(2, 2, 1, milliseconds(100));
  bench.rows({row(1)});
  bench.rows({row(2)});
  EXPECT_EQ(bench.waiting().until, bench.now + milliseconds(100));
  bench.sleep_until(bench.waiting().until);
  EXPECT_THAT(bench.reading().orders, ElementsAre(id(1), id(2)));
  bench.rows({row(1), row(2, 3)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 304), std::pair(2, 200)));
  EXPECT_FALSE(bench.effect);
}

TEST(Reader, RefusesMoreLongPollsThanItMayKeep) {
  Bench bench;
  for (int n = 1; n <= 4; ++n) {
    bench.ask(static_cast<std::uint64_t>(n), n, 1);
    bench.rows({row(n)});
  }
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(4, 503)));
  bench.ask(5, 5);
  bench.rows({row(5)});
  EXPECT_EQ(bench.answers[5], 200) << "who does not wait is served";
}

TEST(Reader, DoesNotWaitForADatabase) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1)});
  bench.ask(2, 2);
  bench.answer(ReadOrdersAnswer(Unavailable{}));
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(2, 503))) << "nobody looked for the other";
  bench.sleep_until(bench.waiting().until);
  bench.answer(ReadOrdersAnswer(Aborted{"40001"}));
  EXPECT_EQ(bench.answers[1], 503);
  EXPECT_FALSE(bench.effect);
}

TEST(Reader, LetsEverybodyGoWhenTheProcessEnds) {
  Bench bench;
  bench.ask(1, 1, 1);
  bench.rows({row(1)});
  bench.offer(Reader::LetGo{});
  bench.rows({row(1)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 304)));
  bench.ask(2, 2, 1);
  bench.rows({row(2)});
  EXPECT_EQ(bench.answers[2], 304) << "nobody waits any more";
}

TEST(Reader, TellsNobodyToWaitForAnothersOrder) {
  Bench bench;
  bench.offer(Reader::Ask{RequestId{1}, api::GetOrder{id(1), Version(1), seconds(20), UserId("u2")}, bench.now + seconds(20)});
  bench.rows({row(1)});
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 404)));
}

TEST(Reader, ReadsOneOrderMoreThanAPageShows) {
  Bench bench;
  bench.offer(Reader::Ask{RequestId{1}, api::ListOrders{UserId("u1"), 2}, {}});
  ASSERT_EQ(bench.reading().pages.size(), 1u);
  EXPECT_EQ(bench.reading().pages[0].limit, 3);
  OrdersRead read;
  read.pages = {{row(3), row(2), row(1)}};
  bench.answer(ReadOrdersAnswer(std::move(read)));
  EXPECT_THAT(bench.answers, ElementsAre(std::pair(1, 200)));
}

}  // namespace
}  // namespace quickbite
