#include "domain/machine/menu.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "domain/machine/host.h"

namespace quickbite {
namespace {

constexpr MenuPolicy kPolicy{milliseconds(500), 2, milliseconds(400), milliseconds(1000)};
const MenuTold kMenu{{{Sku("burger"), Quantity(5)}}, Instant{7}};
const MenuTold kLater{{{Sku("burger"), Quantity(4)}}, Instant{9}};

Instant at(std::int64_t ms) { return Instant{milliseconds(ms).us}; }

// Steps a machine, and keeps what it told.
class Scene {
 public:
  std::vector<std::string> told;  // "1 fresh 5", "2 stale 5", "3 none", "open", "closed"
  std::map<std::uint64_t, HttpAnswer> answers;

  // True where it asks Inventory.
  bool items(std::vector<Menu::Item> items, Instant now) { return take(machine_.step(Items<Menu>{std::move(items)}, now)); }
  bool one(std::uint64_t request, Instant now) { return items({{RequestId{request}, now}}, now); }
  bool tells(const MenuTold& menu, Instant now) { return take(machine_.step(Menu::Answer{menu}, now)); }
  bool is_away(Instant now) { return take(machine_.step(Menu::Answer{MenuAway{"refused"}}, now)); }

  std::vector<std::string> taken() { return std::exchange(told, {}); }

 private:
  bool take(Step<Menu>&& step) {
    for (Menu::Notice& notice : step.notices) {
      if (const auto* turned = std::get_if<Menu::Turned>(&notice)) {
        told.push_back(turned->state == BreakerState::kOpen ? "open: " + turned->why : "closed");
        continue;
      }
      auto& answered = std::get<Menu::Answered>(notice);
      told.push_back(std::to_string(answered.request.value) + " " + words(answered.answer));
      answers[answered.request.value] = std::move(answered.answer);
    }
    if (!step.effect) return false;
    EXPECT_EQ(std::get<AskMenu>(*step.effect).timeout, kPolicy.timeout);
    return true;
  }

  static std::string words(const HttpAnswer& answer) {
    if (answer.status == 503) return "none";
    EXPECT_EQ(answer.status, 200);
    const std::size_t from = answer.body.find("available\":") + 11;
    const bool stale = answer.body.find("\"stale\":true") != answer.body.npos;
    return (stale ? "stale " : "fresh ") + answer.body.substr(from, answer.body.find('}') - from);
  }

  Menu machine_{kPolicy, 0};
};

using Told = std::vector<std::string>;

TEST(Menu, AsksOnceForAllWhoWaitAndTellsThemAll) {
  Scene scene;
  EXPECT_TRUE(scene.items({{RequestId{1}, at(0)}, {RequestId{2}, at(0)}}, at(0)));
  EXPECT_EQ(scene.taken(), Told{});
  EXPECT_FALSE(scene.tells(kMenu, at(3)));
  EXPECT_EQ(scene.taken(), (Told{"1 fresh 5", "2 fresh 5"}));
}

TEST(Menu, WhoCameWhileACallWasUnderWaySharesItsAnswer) {
  Scene scene;
  scene.one(1, at(0));
  scene.tells(kMenu, at(3));
  scene.taken();
  EXPECT_FALSE(scene.items({{RequestId{2}, at(1)}, {RequestId{3}, at(3)}}, at(3)));
  EXPECT_EQ(scene.taken(), (Told{"2 fresh 5", "3 fresh 5"}));
}

TEST(Menu, WhoCameAfterTheAnswerIsAskedForAfresh) {
  Scene scene;
  scene.one(1, at(0));
  scene.tells(kMenu, at(3));
  scene.taken();
  EXPECT_TRUE(scene.items({{RequestId{2}, at(2)}, {RequestId{3}, at(4)}}, at(4)));
  EXPECT_EQ(scene.taken(), Told{"2 fresh 5"});
  scene.tells(kLater, at(5));
  EXPECT_EQ(scene.taken(), Told{"3 fresh 4"});
}

TEST(Menu, WhoCameWhileAFailingCallWasUnderWayDoesNotWaitForAnother) {
  Scene scene;
  scene.one(1, at(0));
  scene.tells(kMenu, at(1));
  scene.one(2, at(10));
  scene.is_away(at(510));
  EXPECT_FALSE(scene.items({{RequestId{3}, at(20)}}, at(510)));
  EXPECT_EQ(scene.taken(), (Told{"1 fresh 5", "2 stale 5", "3 stale 5"}));
}

TEST(Menu, WhenInventoryIsAwayTheLastMenuIsServedStaleAsOfWhenItWas) {
  Scene scene;
  scene.one(1, at(0));
  scene.tells(kMenu, at(1));
  EXPECT_TRUE(scene.one(2, at(60'000)));
  scene.is_away(at(60'500));
  EXPECT_EQ(scene.answers[2].body,
            "{\"items\":[{\"sku\":\"burger\",\"available\":5}],\"asOf\":\"1970-01-01T00:00:00.000007Z\",\"stale\":true}");
}

TEST(Menu, WhereThereNeverWasOneItSaysWhenToAskAgain) {
  Scene scene;
  scene.one(1, at(0));
  scene.is_away(at(1));
  EXPECT_EQ(scene.taken(), Told{"1 none"});
  EXPECT_EQ(header(scene.answers[1].headers, "Retry-After"), "1");
}

TEST(Menu, AfterSoManyFailuresNobodyAsksUntilThePauseIsOver) {
  Scene scene;
  scene.one(1, at(0));
  scene.tells(kMenu, at(0));
  EXPECT_TRUE(scene.one(2, at(10)));
  scene.is_away(at(11));
  EXPECT_TRUE(scene.one(3, at(12)));
  scene.is_away(at(13));
  EXPECT_EQ(scene.taken(), (Told{"1 fresh 5", "2 stale 5", "open: refused", "3 stale 5"}));
  EXPECT_FALSE(scene.one(4, at(14)));
  EXPECT_FALSE(scene.one(5, at(200)));
  EXPECT_EQ(scene.taken(), (Told{"4 stale 5", "5 stale 5"}));
  EXPECT_TRUE(scene.one(6, at(413))) << "the longest first pause is over";
}

TEST(Menu, AProbeThatIsAnsweredMakesItFreshAgainAndSaysSo) {
  Scene scene;
  for (int i = 1; i <= 2; ++i) {
    scene.one(i, at(i));
    scene.is_away(at(i));
  }
  EXPECT_TRUE(scene.one(3, at(1000)));
  scene.taken();
  scene.tells(kLater, at(1001));
  EXPECT_EQ(scene.taken(), (Told{"closed", "3 fresh 4"}));
  EXPECT_TRUE(scene.one(4, at(1002)));
}

TEST(Menu, AProbeInVainPausesForLonger) {
  Scene scene;
  for (int i = 1; i <= 2; ++i) {
    scene.one(i, at(i));
    scene.is_away(at(i));
  }
  EXPECT_TRUE(scene.one(3, at(1000)));
  scene.taken();
  scene.is_away(at(1000));
  EXPECT_EQ(scene.taken(), Told{"3 none"}) << "it was open before: nothing has turned";
  EXPECT_FALSE(scene.one(4, at(1000) + milliseconds(399)));
  EXPECT_TRUE(scene.one(5, at(1800)));
}

TEST(Menu, AMenuWithNothingOnItIsAMenu) {
  Scene scene;
  scene.one(1, at(0));
  scene.tells({{}, Instant{3}}, at(1));
  EXPECT_EQ(scene.answers[1].body, "{\"items\":[],\"asOf\":\"1970-01-01T00:00:00.000003Z\",\"stale\":false}");
}

// Under any interleaving of callers, answers and failures: everybody is answered exactly once, one call at a time is under way,
// nobody is told that a menu is fresh that was told before he came and whose call had ended, and nobody waits for more than two.
RC_GTEST_PROP(Menu, AnswersEverybodyOnceAndNeverCallsOldNewsFresh, (const std::vector<std::uint8_t>& acts)) {
  Host<Menu> host(Menu(kPolicy, 3), 1, 1000, 3);
  Instant now = at(0);
  std::uint64_t next = 0;
  std::int64_t calls = 0;
  Instant ended;
  std::map<std::uint64_t, std::pair<Instant, std::int64_t>> waiting;  // since when, after how many calls
  const auto follow = [&](Step<Menu> step) {
    for (;;) {
      for (const Menu::Notice& notice : step.notices) {
        const auto* answered = std::get_if<Menu::Answered>(&notice);
        if (answered == nullptr) continue;
        const auto found = waiting.find(answered->request.value);
        RC_ASSERT(found != waiting.end());
        RC_ASSERT(calls - found->second.second <= 2);
        if (answered->answer.body.find("\"stale\":false") != std::string::npos) RC_ASSERT(found->second.first <= ended);
        waiting.erase(found);
      }
      if (step.effect || !host.ready()) return;
      step = host.take(now);
    }
  };
  follow(host.start(now));
  for (const std::uint8_t act : acts) {
    now = now + milliseconds(1 + act % 50);
    if (act % 3 == 0 && host.in_flight()) {
      ++calls;
      ended = now;
      const AskMenuAnswer answer = act % 2 == 0 ? AskMenuAnswer(kMenu) : AskMenuAnswer(MenuAway{"away"});
      follow(*host.answer(host.effect_id(), answer, now));
    } else {
      waiting[++next] = {now, calls};
      RC_ASSERT(host.offer({RequestId{next}, now}));
      if (host.ready()) follow(host.take(now));
    }
  }
  if (host.in_flight()) {
    ++calls;
    ended = now;
    follow(*host.answer(host.effect_id(), AskMenuAnswer(kLater), now));
  }
  if (host.in_flight()) {
    ++calls;
    ended = now;
    follow(*host.answer(host.effect_id(), AskMenuAnswer(kLater), now));
  }
  RC_ASSERT(waiting.empty());
}

}  // namespace
}  // namespace quickbite
