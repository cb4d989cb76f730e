#include "sim/kernel/run.h"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/toy_bank.h"

namespace quickbite::sim {
namespace {

using toy::Luck;
using toy::Options;
using Bank = toy::Bank<>;

struct Ran {
  std::uint64_t hash = 0;
  std::uint64_t events = 0;
  std::optional<Finding> finding;
  std::optional<Finding> at_rest;
  std::bitset<kFactsMax> covered;
  std::vector<std::string> lines;
  bool polite = false;
};

Ran run_bank(const Options& config, std::uint64_t seed, bool calm, std::uint32_t ppm) {
  Luck luck{ppm};
  Run<Bank, Luck> run(config, Bank::parts(config), seed, calm, luck);
  for (auto& each : Bank::initial(config)) {
    run.schedule(each.to, each.event, Instant{} + (each.lane == Lane::kChannel ? milliseconds(1) : milliseconds(60)));
  }
  Ran ran;
  run.watch([&](Instant at, PartId to, const Bank::Event& event) {
    ran.lines.push_back(std::to_string(at.us) + " " + Bank::describe(config, to, event));
  });
  while (!run.finding() && run.events() < 10'000 && run.step()) {
  }
  ran.hash = run.trace_hash();
  ran.events = run.events();
  ran.finding = run.finding();
  ran.at_rest = Bank::check_rest(config, run.parts());
  ran.covered = run.covered();
  ran.polite = std::get<toy::Process>(run.world()[toy::kProcess]).polite;
  return ran;
}

constexpr std::uint32_t kOftenPpm = 100'000;

TEST(Run, FindsTheSeededBugWithinSomeSeeds) {
  std::uint32_t found = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Ran ran = run_bank({.clients = 3, .store_dedupes = false}, seed, false, kOftenPpm);
    found += ran.finding && ran.finding->property == "once" ? 1 : 0;
  }
  EXPECT_GT(found, 0U);
}

TEST(Run, FindsNothingWhereAllIsWell) {
  std::bitset<kFactsMax> covered;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const Ran ran = run_bank({.clients = 3}, seed, false, kOftenPpm);
    EXPECT_FALSE(ran.finding);
    EXPECT_FALSE(ran.at_rest) << ran.at_rest->what;
    covered |= ran.covered;
  }
  EXPECT_TRUE(covered.test(toy::kFactCrashed));
  EXPECT_TRUE(covered.test(toy::kFactBookedAgain));
}

TEST(Run, IsDecidedByItsSeed) {
  std::uint32_t differ = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Ran one = run_bank({.clients = 3}, seed, false, kOftenPpm);
    const Ran two = run_bank({.clients = 3}, seed, false, kOftenPpm);
    EXPECT_EQ(one.hash, two.hash);
    EXPECT_EQ(one.lines, two.lines);
    differ += one.hash != run_bank({.clients = 3}, seed + 1, false, kOftenPpm).hash ? 1 : 0;
  }
  EXPECT_GT(differ, 45U);
}

TEST(Run, DoesNotChangeWhenADrawIsAddedElsewhere) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const Ran plain = run_bank({.clients = 3}, seed, false, kOftenPpm);
    const Ran polite = run_bank({.clients = 3, .has_manners = true}, seed, false, kOftenPpm);
    EXPECT_EQ(plain.hash, polite.hash);
  }
}

TEST(Run, TakesTheFirstOutcomeOfEverythingWhenCalm) {
  const std::vector<std::string> expected{"1000 client 2 asks", "1000 book for 2", "1000 booked for 2", "2000 done, to 2",
                                          "60000 client 2 grows impatient"};
  EXPECT_EQ(run_bank({}, 1, true, 0).lines, expected);
  EXPECT_EQ(run_bank({}, 2, true, 0).lines, expected);
  std::uint32_t polite = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    EXPECT_FALSE(run_bank({.has_manners = true}, seed, true, 0).polite);
    polite += run_bank({.has_manners = true}, seed, false, 0).polite ? 1 : 0;
  }
  EXPECT_GT(polite, 0U);
}

// A relay that passes a number on at once as long as it is positive, and a note that is sent before.
struct Chain {
  using Part = std::vector<int>;
  using Event = int;
  struct Config {};
  struct Moment {};
  enum class Verdict : std::uint8_t { kNothing };
  struct Delta {
    int steps = 0;
    void clear() { steps = 0; }
    bool empty() const { return steps == 0; }
  };
  static void step(const Config&, Part& part, PartId self, Event&& event, Env<Chain>& env) {
    part.push_back(event);
    ++env.delta().steps;
    if (event <= 0) return;
    env.send(1 - self, -event, Lane::kChannel, env.now());
    env.send(1 - self, event - 1, Lane::kNow, env.now());
    env.send(self, event - 2, Lane::kNow, env.now());
  }
  // Finds fault with the first step of part 0.
  static std::optional<Finding> check(const Config&, Parts<Chain> parts, const Delta& delta) {
    if (parts[0].empty()) return std::nullopt;
    return Finding{"steps", std::to_string(delta.steps)};
  }
  static std::uint64_t digest(const Event& event) { return static_cast<std::uint64_t>(event); }
};

struct NoTrouble {
  Chain::Verdict verdict(const Chain::Moment&, const Draws&, Instant) { return {}; }
};

using ChainRun = Run<Chain, NoTrouble>;

TEST(Run, DeliversWhatIsSentAtOnceWithinTheStepAndInTheOrderSent) {
  NoTrouble oracle;
  const Chain::Config config;
  ChainRun run(config, std::vector<Chain::Part>(2), 1, false, oracle);
  run.schedule(0, 2, Instant{5});
  run.schedule(1, -7, Instant{4});
  run.step();
  EXPECT_EQ(run.world()[1], std::vector<int>{-7});
  run.step();
  // 2 to 0; then 1 to 1 and 0 to 0; then, of the 1, 0 to 0 and -1 to 1. The notes wait.
  EXPECT_EQ(run.world()[0], (std::vector<int>{2, 0, 0}));
  EXPECT_EQ(run.world()[1], (std::vector<int>{-7, 1, -1}));
  run.step();
  run.step();
  EXPECT_EQ(run.world()[0], (std::vector<int>{2, 0, 0, -1}));
  EXPECT_EQ(run.world()[1], (std::vector<int>{-7, 1, -1, -2}));
  EXPECT_FALSE(run.step());
  EXPECT_EQ(run.events(), 8U);
}

TEST(Run, ChecksAStepAsAWholeAndByItself) {
  NoTrouble oracle;
  const Chain::Config config;
  ChainRun run(config, std::vector<Chain::Part>(2), 1, false, oracle);
  run.schedule(1, -7, Instant{4});
  run.schedule(0, 2, Instant{5});
  run.step();
  EXPECT_FALSE(run.finding());
  run.step();
  EXPECT_EQ(run.finding()->what, "5");
}

}  // namespace
}  // namespace quickbite::sim
