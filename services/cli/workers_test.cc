#include "services/cli/workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/time/clock.h"

namespace quickbite::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Deed = std::function<void(std::uint64_t item, Outbox& out)>;

class DeedWorker final : public Worker {
 public:
  explicit DeedWorker(Deed deed) : deed_(std::move(deed)) {}
  void work(std::uint64_t item, Outbox& out) override {
    deed_(item, out);
    ++since_flush_;
  }
  void flush(Outbox& out) override {
    out.send("flushed " + std::to_string(since_flush_));
    since_flush_ = 0;
  }

 private:
  Deed deed_;
  int since_flush_ = 0;
};

struct Result {
  std::uint64_t done = 0;
  std::vector<std::uint64_t> items;  // that were told of, sorted
  std::uint64_t flushed = 0;
  std::vector<Casualty> casualties;
};

// `deed` may end its process; an item that survives is told.
Result run(const Work& work, const Deed& deed) {
  Result result;
  Employer employer;
  employer.hire = [&] {
    return std::make_unique<DeedWorker>([&](std::uint64_t item, Outbox& out) {
      deed(item, out);
      out.send("item " + std::to_string(item));
    });
  };
  employer.received = [&](std::string_view message) {
    const std::uint64_t number = std::stoull(std::string(message.substr(message.find(' '))));
    if (message.starts_with("item"))
      result.items.push_back(number);
    else
      result.flushed += number;
  };
  employer.lost = [&](const Casualty& casualty) { result.casualties.push_back(casualty); };
  result.done = run_workers(work, employer);
  std::ranges::sort(result.items);
  return result;
}

Work work_of(std::uint64_t first, std::uint64_t count) {
  Work work;
  work.first = first;
  work.count = count;
  work.chunk = 4;
  work.jobs = 3;
  return work;
}

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t end) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = first; i < end; ++i) numbers.push_back(i);
  return numbers;
}

TEST(Workers, EveryItemIsDoneExactlyOnceAndEveryChunkFlushed) {
  const Result result = run(work_of(5, 50), [](std::uint64_t, Outbox&) {});
  EXPECT_EQ(result.items, range(5, 55));
  EXPECT_EQ(result.done, 50);
  EXPECT_EQ(result.flushed, 50);
  EXPECT_THAT(result.casualties, IsEmpty());
}

TEST(Workers, TheLastItemThatThereIsCanBeDone) {
  const Result result = run(work_of(UINT64_MAX - 2, 2), [](std::uint64_t, Outbox&) {});
  EXPECT_THAT(result.items, ElementsAre(UINT64_MAX - 2, UINT64_MAX - 1));
}

TEST(Workers, AMessageLargerThanAPipeArrivesWhole) {
  Result result;
  std::vector<std::size_t> sizes;
  Employer employer;
  employer.hire = [] {
    return std::make_unique<DeedWorker>(
        [](std::uint64_t, Outbox& out) { out.send(std::string(300'000, 'x')); });
  };
  employer.received = [&](std::string_view message) {
    if (message.starts_with("x")) sizes.push_back(message.size());
  };
  employer.lost = [](const Casualty&) {};
  run_workers(work_of(0, 6), employer);
  EXPECT_THAT(sizes, ElementsAre(300'000, 300'000, 300'000, 300'000, 300'000, 300'000));
}

TEST(Workers, AnItemThatEndsItsWorkerIsTheOnlyOneLost) {
  Work work = work_of(0, 40);
  work.stop_at_casualty = false;
  const Result result = run(work, [](std::uint64_t item, Outbox&) {
    if (item == 13) {
      ::signal(SIGSEGV, SIG_DFL);  // a sanitizer would make it an exit
      ::raise(SIGSEGV);
    }
    if (item == 22) ::_exit(7);
  });
  std::vector<std::uint64_t> expected = range(0, 40);
  std::erase_if(expected, [](std::uint64_t item) { return item == 13 || item == 22; });
  EXPECT_EQ(result.items, expected);
  EXPECT_EQ(result.done, 40);
  std::map<std::uint64_t, std::string> how;
  for (const Casualty& casualty : result.casualties) how[casualty.item] = casualty.how;
  EXPECT_EQ(how, (std::map<std::uint64_t, std::string>{{13, "ended by SIGSEGV"},
                                                       {22, "ended by itself with code 7"}}));
}

TEST(Workers, ACheckThatFailsIsToldInItsOwnWords) {
  const Result result = run(work_of(0, 1), [](std::uint64_t, Outbox&) {
    keep_last_words("stock >= 0", "stock.cc", 12);
    std::abort();
  });
  ASSERT_EQ(result.casualties.size(), 1);
  EXPECT_EQ(result.casualties[0].how, "CHECK(stock >= 0) failed at stock.cc:12");
  EXPECT_FALSE(keep_last_words("x", "y", 1)) << "this process is no worker";
}

TEST(Workers, AnItemWithoutAnEndIsEnded) {
  Work work = work_of(0, 12);
  work.budget = absl::Milliseconds(300);
  work.stop_at_casualty = false;
  const Result result = run(work, [](std::uint64_t item, Outbox&) {
    while (item == 3) ::pause();
  });
  ASSERT_EQ(result.casualties.size(), 1);
  EXPECT_EQ(result.casualties[0].item, 3);
  EXPECT_TRUE(result.casualties[0].hung);
  EXPECT_EQ(result.casualties[0].how, "no end within 300 ms");
  EXPECT_EQ(result.items.size(), 11);
}

TEST(Workers, AfterAStopEverythingBeforeItIsDoneAndNotMuchAfterIt) {
  const Result result = run(work_of(0, 100'000), [](std::uint64_t item, Outbox& out) {
    if (item == 30) out.stop_after(item);
  });
  EXPECT_LT(result.items.size(), 10'000);
  for (std::uint64_t item = 0; item <= 30; ++item)
    EXPECT_TRUE(std::ranges::binary_search(result.items, item)) << item;
}

TEST(Workers, ACasualtyStopsTheWorkWhereThatIsWanted) {
  const Result result = run(work_of(0, 100'000), [](std::uint64_t item, Outbox&) {
    if (item == 10) std::abort();
    ::usleep(50);  // or the other workers would have done most of it before anybody sees the casualty
  });
  EXPECT_LT(result.items.size(), 10'000);
  EXPECT_EQ(result.casualties.size(), 1);
}

TEST(Workers, NoChunkIsBegunWhenTheTimeIsUp) {
  Work work = work_of(0, 1'000'000'000);
  work.until = absl::Now() + absl::Milliseconds(200);
  const Result result = run(work, [](std::uint64_t, Outbox&) { ::usleep(1000); });
  EXPECT_GT(result.done, 0);
  EXPECT_LT(result.done, 10'000);
}

}  // namespace
}  // namespace quickbite::cli
