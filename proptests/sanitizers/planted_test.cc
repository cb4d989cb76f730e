// Each sanitizer that the build has sees what is planted for it, and nothing where there is nothing.
#include <gtest/gtest.h>

#include <climits>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace quickbite {
namespace {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define QUICKBITE_THREADS_ARE_WATCHED
#endif
#elif defined(__SANITIZE_THREAD__)
#define QUICKBITE_THREADS_ARE_WATCHED
#endif

#ifdef QUICKBITE_THREADS_ARE_WATCHED

template <class Work>
void at_once(Work work) {
  std::thread one(work), two(work);
  one.join();
  two.join();
}

// Ends the process as a clean one ends, unless ThreadSanitizer has seen something by then.
template <class Story>
[[noreturn]] void end_after(Story story) {
  story();
  std::exit(0);
}

constexpr int kRaced = 66;  // ThreadSanitizer's own exit code

class PlantedRace : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(PlantedRace, TwoThreadsThatCountWithoutALockAreReported) {
  EXPECT_EXIT(end_after([] {
                int count = 0;
                at_once([&count] { ++count; });
              }),
              testing::ExitedWithCode(kRaced), "data race");
}

TEST_F(PlantedRace, ALockThatOneOfThemForgetsIsReported) {
  EXPECT_EXIT(end_after([] {
                int count = 0;
                absl::Mutex mutex;
                std::thread careful([&] {
                  const absl::MutexLock lock(&mutex);
                  ++count;
                });
                ++count;
                careful.join();
              }),
              testing::ExitedWithCode(kRaced), "data race");
}

TEST_F(PlantedRace, TwoLocksTakenInEitherOrderAreReported) {
  EXPECT_EXIT(end_after([] {
                std::mutex one, two;
                for (const bool turned : {false, true}) {
                  std::thread([&] {
                    const std::lock_guard first(turned ? two : one);
                    const std::lock_guard second(turned ? one : two);
                  }).join();
                }
              }),
              testing::ExitedWithCode(kRaced), "lock-order-inversion");
}

TEST_F(PlantedRace, WhatAnAbseilMutexGuardsIsNone) {
  EXPECT_EXIT(end_after([] {
                int count = 0;
                absl::Mutex mutex;
                at_once([&] {
                  for (int i = 0; i < 1000; ++i) {
                    if (i % 3 == 0 && mutex.TryLock()) {
                      ++count;
                      mutex.Unlock();
                    }
                    const absl::MutexLock lock(&mutex);
                    ++count;
                  }
                });
                const absl::ReaderMutexLock lock(&mutex);
                if (count < 2000) std::abort();
              }),
              testing::ExitedWithCode(0), "^$");
}

TEST_F(PlantedRace, AHandoverByConditionOrNotificationIsNone) {
  EXPECT_EXIT(end_after([] {
                std::optional<std::vector<int>> parcel;
                int answer = 0;
                absl::Mutex mutex;
                absl::CondVar changed;
                absl::Notification done;
                std::thread taker([&] {
                  const auto there = [&parcel] { return parcel.has_value(); };
                  absl::MutexLock lock(&mutex);
                  mutex.Await(absl::Condition(&there));
                  parcel.reset();
                  changed.SignalAll();
                  while (!parcel) changed.WaitWithTimeout(&mutex, absl::Seconds(5));
                  answer = static_cast<int>(parcel->size());
                  done.Notify();
                });
                for (const std::size_t size : {1, 2}) {
                  absl::MutexLock lock(&mutex);
                  while (parcel) changed.Wait(&mutex);
                  parcel.emplace(size);
                  changed.SignalAll();
                }
                done.WaitForNotification();
                if (answer != 2) std::abort();
                taker.join();
                absl::Notification late;
                std::thread early([&] {
                  answer = 3;
                  late.Notify();
                });
                absl::SleepFor(absl::Milliseconds(50));  // so that the wait finds it notified
                late.WaitForNotification();
                if (answer != 3) std::abort();
                early.join();
              }),
              testing::ExitedWithCode(0), "^$");
}

#else

TEST(PlantedBug, ReadingWhatWasFreedIsReported) {
  EXPECT_DEATH(
      {
        volatile char* gone = static_cast<char*>(std::malloc(1));
        std::free(const_cast<char*>(gone));
        if (gone[0] != 0) std::exit(0);
        std::exit(0);
      },
      "heap-use-after-free");
}

TEST(PlantedBug, ASumThatDoesNotFitIsReported) {
  EXPECT_DEATH(
      {
        volatile int most = INT_MAX;
        most = most + 1;
        std::exit(0);
      },
      "signed integer overflow");
}

TEST(PlantedBug, WhatNobodyFreesIsReported) {
  EXPECT_EXIT(
      {
        std::thread([] { static_cast<volatile char*>(std::malloc(4711))[0] = 1; }).join();  // on no stack that is left
        std::exit(0);
      },
      [](int status) { return status != 0; }, "LeakSanitizer");
}

#endif

}  // namespace
}  // namespace quickbite
