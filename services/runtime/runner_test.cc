#include "services/runtime/runner.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

namespace quickbite::runtime {
namespace {

using namespace std::chrono_literals;

// Adds up what it is given, in batches. 0 makes it wait 10 s, in a way that items end; -1 in a way that they do not, for 100 ms.
// After a sum of 100 it reads.
struct Adder {
  struct Add {
    std::vector<int> numbers;
  };
  struct Sum {
    int sum;
  };
  using Item = int;
  using Effect = std::variant<Add, Wait, ReadOutbox>;
  using Answer = std::variant<Sum, Waited, ReadOutboxAnswer>;
  using Notice = std::variant<int, std::string>;

  Step<Adder> step(Input<Adder>&& input, Instant now) {
    if (std::holds_alternative<Start>(input)) return {};
    if (auto* items = std::get_if<Items<Adder>>(&input)) {
      if (items->items[0] == 0) return {{std::string("waiting")}, Wait{now + seconds(10), true}};
      if (items->items[0] == -1) return {{std::string("waiting")}, Wait{now + milliseconds(100), false}};
      return {{}, Add{items->items}};
    }
    const Answer& answer = std::get<Answer>(input);
    if (std::holds_alternative<Waited>(answer)) return {{std::string("waited")}, std::nullopt};
    if (std::holds_alternative<ReadOutboxAnswer>(answer)) return {{std::string("read")}, std::nullopt};
    const int sum = std::get<Sum>(answer).sum;
    if (sum == 100) return {{sum}, ReadOutbox{1}};
    return {{sum}, std::nullopt};
  }
};

// Lets a test hold the machine within an effect.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return permits_ > 0; });
    --permits_;
  }
  void open(int permits = 1'000'000) {
    const std::lock_guard lock(mutex_);
    permits_ += permits;
    changed_.notify_all();
  }
  // Until the machine has come to its effect number `count`.
  void wait_inside(int count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 5s, [&] { return inside_ >= count; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  int permits_ = 0;
};

struct Perform {
  Gate* gate;
  std::atomic<int>* performed;
  Adder::Sum operator()(Adder::Add&& add) const {
    gate->pass();
    ++*performed;
    int sum = 0;
    for (const int number : add.numbers) sum += number;
    return {sum};
  }
  ReadOutboxAnswer operator()(ReadOutbox&&) const {
    gate->pass();
    return OutboxRead{};
  }
};

class RunnerTest : public testing::Test {
 protected:
  using TestRunner = Runner<Adder, Perform>;

  std::unique_ptr<TestRunner> runner(std::int64_t queue = 10, std::int64_t batch = 3) {
    Limits limits;
    limits.queue = queue;
    limits.batch = batch;
    auto made = std::make_unique<TestRunner>("adder", Adder{}, limits, &steady_unix_now, Perform{&gate, &performed},
                                             [this](std::vector<Adder::Notice>&& notices) {
                                               const std::lock_guard lock(mutex_);
                                               for (Adder::Notice& notice : notices) told_.push_back(std::move(notice));
                                               changed_.notify_all();
                                             });
    made->start();
    return made;
  }

  void expect_told(std::vector<Adder::Notice> expected) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 5s, [&] { return told_.size() >= expected.size(); });
    EXPECT_EQ(told_, expected);
  }

  Gate gate;
  std::atomic<int> performed{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Adder::Notice> told_;
};

TEST_F(RunnerTest, WhatCameMeanwhileIsABatch) {
  auto adder = runner();
  EXPECT_TRUE(adder->offer(1));
  gate.wait_inside(1);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(adder->offer(10));
  gate.open();
  expect_told({1, 30, 10});  // batch is 3
}

TEST_F(RunnerTest, AFullInboxRefusesAtOnceAndTakesAgainLater) {
  auto adder = runner(/*queue=*/4);
  EXPECT_TRUE(adder->offer(1));
  gate.wait_inside(1);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(adder->offer(1));
  EXPECT_FALSE(adder->offer(1));
  EXPECT_FALSE(adder->offer(1));
  gate.open();
  expect_told({1, 3, 1});
  EXPECT_TRUE(adder->offer(5));
  expect_told({1, 3, 1, 5});
}

TEST_F(RunnerTest, WhatTheMachineHasNotTakenYetCountsAsWaiting) {
  auto adder = runner(/*queue=*/4, /*batch=*/1);
  EXPECT_TRUE(adder->offer(1));
  gate.wait_inside(1);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(adder->offer(1));
  gate.open(1);
  gate.wait_inside(2);  // one of the four is taken
  EXPECT_TRUE(adder->offer(1));
  EXPECT_FALSE(adder->offer(1));
  gate.open();
  expect_told({1, 1, 1, 1, 1, 1});
}

TEST_F(RunnerTest, ItemsEndAWaitThatMayBeInterrupted) {
  gate.open();
  auto adder = runner();
  adder->offer(0);
  expect_told({std::string("waiting")});
  adder->offer(7);
  expect_told({std::string("waiting"), 7});
}

TEST_F(RunnerTest, ItemsDoNotEndAWaitThatMayNot) {
  gate.open();
  auto adder = runner();
  const auto begin = std::chrono::steady_clock::now();
  adder->offer(-1);
  expect_told({std::string("waiting")});
  adder->offer(7);
  expect_told({std::string("waiting"), std::string("waited"), 7});
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 95ms);
}

TEST_F(RunnerTest, StopsWhileIdleAndWhileWaiting) {
  gate.open();
  auto adder = runner();
  adder->offer(0);
  expect_told({std::string("waiting")});
  const auto begin = std::chrono::steady_clock::now();
  adder->stop();
  EXPECT_TRUE(adder->wait_stopped(begin + 5s));
  runner()->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(RunnerTest, FinishesWhatItBeganBeforeItStops) {
  auto adder = runner();
  adder->offer(4);
  gate.wait_inside(1);
  adder->stop();
  EXPECT_FALSE(adder->wait_stopped(std::chrono::steady_clock::now() + 20ms));
  gate.open();
  adder->join();
  expect_told({4});
  EXPECT_EQ(performed, 1);
  EXPECT_TRUE(adder->wait_stopped(std::chrono::steady_clock::now()));
}

TEST_F(RunnerTest, BeginsNothingOnceItIsToStop) {
  auto adder = runner();
  adder->offer(100);
  gate.wait_inside(1);
  adder->offer(1);
  adder->stop();
  gate.open();
  adder->join();
  expect_told({100});  // and neither the read that follows nor the item
}

// Counts wakes.
struct Sleeper {
  using Item = Wake;
  using Effect = std::variant<ReadOutbox, Wait>;
  using Answer = std::variant<ReadOutboxAnswer, Waited>;
  using Notice = int;
  Step<Sleeper> step(Input<Sleeper>&& input, Instant now) {
    if (const auto* items = std::get_if<Items<Sleeper>>(&input)) return {{int(items->items.size())}, ReadOutbox{1}};
    return {{}, Wait{now + seconds(100), true}};
  }
};

TEST_F(RunnerTest, ManyWakesAreOne) {
  const auto perform = [this](ReadOutbox&&) {
    gate.pass();
    return ReadOutboxAnswer(OutboxRead{});
  };
  std::mutex mutex;
  std::vector<int> told;
  Runner<Sleeper, decltype(perform)> sleeper("sleeper", Sleeper{}, Limits{}, &steady_unix_now, perform,
                                             [&](std::vector<int>&& notices) {
                                               const std::lock_guard lock(mutex);
                                               told.insert(told.end(), notices.begin(), notices.end());
                                             });
  sleeper.start();
  sleeper.wake();
  gate.wait_inside(1);
  for (int i = 0; i < 100; ++i) sleeper.wake();
  gate.open();
  gate.wait_inside(2);
  sleeper.stop();
  sleeper.join();
  EXPECT_EQ(told, (std::vector<int>{1, 1}));
}

// Has something to ask for at its end.
struct Polite : Sleeper {
  using Item = Wake;
  Step<Polite> step(Input<Polite>&&, Instant now) { return {{}, Wait{now + seconds(100), true}}; }
  std::optional<ReadOutbox> farewell() const { return ReadOutbox{42, {}, std::nullopt}; }
};

TEST_F(RunnerTest, AMachineThatRestsForGoodSaysFarewellFirst) {
  std::vector<std::int64_t> asked;
  const auto perform = [&](ReadOutbox&& read) {
    asked.push_back(read.limit);
    return ReadOutboxAnswer(Unavailable{});
  };
  Runner<Polite, decltype(perform)> polite("polite", Polite{}, Limits{}, &steady_unix_now, perform, [](std::vector<int>&&) {});
  polite.start();
  polite.stop();
  EXPECT_TRUE(polite.wait_stopped(std::chrono::steady_clock::now() + 10s));
  EXPECT_EQ(asked, std::vector<std::int64_t>{42});
}

TEST(Clock, NeverGoesBackAndIsNearTheRealTime) {
  const Instant first = steady_unix_now();
  EXPECT_LE(first, steady_unix_now());
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(double(first.us), double(std::chrono::duration_cast<std::chrono::microseconds>(wall).count()), 2e6);
}

}  // namespace
}  // namespace quickbite::runtime
