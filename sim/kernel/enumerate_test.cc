#include "sim/kernel/enumerate.h"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace quickbite::sim {
namespace {

// One part that makes the choices it is told to, and sends what it got.
struct Chooser {
  using Part = std::vector<std::uint32_t>;                      // what was taken
  using Event = std::vector<std::vector<std::uint32_t>>;        // round by round: outcomes by what was taken in the round before
  struct Config {
    std::uint32_t price = 0;
  };
  struct Moment {
    std::uint32_t nth;
  };
  enum class Verdict : std::uint8_t { kNothing, kCheap, kDear };
  struct Delta {
    void clear() {}
    bool empty() const { return true; }
  };

  static void step(const Config&, Part& part, PartId, Event&& rounds, Env<Chooser>& env) {
    std::uint32_t before = 0;
    for (const auto& outcomes : rounds) {
      before = env.choose(Site{1}, 0, outcomes[before % outcomes.size()]);
      part.push_back(before);
    }
    for (std::uint32_t i = 0; i < 3 && rounds.empty(); ++i) {
      part.push_back(static_cast<std::uint32_t>(env.verdict({i})));
    }
  }
  static void possible(const Config&, const Moment&, std::vector<Possible<Chooser>>& out) {
    out.push_back({Verdict::kCheap, 0});
    out.push_back({Verdict::kDear, 1});
  }
};

std::vector<Chooser::Part> all(const Chooser::Event& rounds, const std::vector<std::uint32_t>& budgets) {
  const Chooser::Config config;
  exploring::Enumerator<Chooser> enumerator(config, budgets);
  std::vector<Chooser::Part> parts;
  enumerator.begin();
  do {
    Chooser::Part part;
    enumerator.run(part, 0, Chooser::Event(rounds));
    EXPECT_FALSE(enumerator.astray());
    parts.push_back(part);
  } while (enumerator.advance());
  return parts;
}

TEST(Enumerator, RunsAStepWithoutChoicesOnce) { EXPECT_EQ(all({{1}, {1}}, {}).size(), 1U); }

TEST(Enumerator, TakesEveryCombinationOnceAndTheBenignOneFirst) {
  const auto parts = all({{2}, {3}, {4}}, {});
  EXPECT_EQ(parts.front(), (Chooser::Part{0, 0, 0}));
  EXPECT_EQ(parts.size(), 24U);
  EXPECT_EQ(std::set(parts.begin(), parts.end()).size(), 24U);
}

TEST(Enumerator, FollowsChoicesThatDependOnEarlierOnes) {
  // After 0 there is one outcome, after 1 there are three.
  const std::vector<Chooser::Part> expected{{0, 0}, {1, 0}, {1, 1}, {1, 2}};
  EXPECT_EQ(all({{2}, {1, 3}}, {}), expected);
}

TEST(Enumerator, GivesNoMoreVerdictsThanTheBudgetsAllow) {
  EXPECT_EQ(all({}, {0, 0}).size(), 1U);
  EXPECT_EQ(all({}, {1, 0}).size(), 1 + 3U);
  EXPECT_EQ(all({}, {1, 1}).size(), 1 + 3 + 3 + 6U);
  EXPECT_EQ(all({}, {3, 3}).size(), 27U);
  for (const auto& part : all({}, {2, 1})) {
    EXPECT_LE(std::ranges::count(part, 1U), 2);
    EXPECT_LE(std::ranges::count(part, 2U), 1);
  }
}

TEST(Enumerator, GoesAPathAgain) {
  const Chooser::Config config;
  const std::vector<std::uint32_t> budgets{1, 1};
  exploring::Enumerator<Chooser> enumerator(config, budgets);
  enumerator.begin();
  for (int i = 0; i < 7; ++i) {
    Chooser::Part part;
    enumerator.run(part, 0, {});
    exploring::Enumerator<Chooser> again(config, budgets);
    again.follow(enumerator.path());
    Chooser::Part same;
    again.run(same, 0, {});
    EXPECT_EQ(part, same);
    EXPECT_EQ(again.told().size(), enumerator.told().size());
    EXPECT_FALSE(again.astray());
    enumerator.advance();
  }
}

TEST(Enumerator, NoticesAStepThatAsksSomethingElse) {
  const Chooser::Config config;
  const std::vector<std::uint32_t> budgets;
  exploring::Enumerator<Chooser> enumerator(config, budgets);
  Chooser::Part part;
  enumerator.begin();
  enumerator.run(part, 0, {{2}, {2}});
  EXPECT_FALSE(enumerator.astray());
  enumerator.run(part, 0, {{2}, {3}});
  EXPECT_TRUE(enumerator.astray());
}

}  // namespace
}  // namespace quickbite::sim
