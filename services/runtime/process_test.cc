#include "services/runtime/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "domain/base/check.h"

namespace quickbite::runtime {
namespace {

using namespace std::chrono_literals;

TEST(CheckDeathTest, AFailedCheckSaysWhereAndAborts) {
  StopSignal stop;
  EXPECT_EXIT(CHECK(1 + 1 == 3), testing::KilledBySignal(SIGABRT), "CHECK failed: 1 \\+ 1 == 3, at .*process_test.cc");
}

TEST(StopSignal, IsWaitedForAndRemembered) {
  StopSignal stop;
  EXPECT_FALSE(stop.wait(1ms));
  ::raise(SIGTERM);
  EXPECT_TRUE(stop.wait(5s));
  EXPECT_TRUE(stop.wait(0ms));
}

// The process ends with 0 at the deadline, or with a second signal before it.
TEST(StopSignalDeathTest, EndsTheProcessWhereItDoesNotEndItself) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        StopSignal stop;
        stop.end_by(std::chrono::steady_clock::now() + 10ms);
        for (;;) ::pause();
      },
      testing::ExitedWithCode(0), "");
  EXPECT_EXIT(
      {
        StopSignal stop;
        ::kill(::getpid(), SIGINT);
        stop.wait(5s);
        stop.end_by(std::chrono::steady_clock::now() + 1h);
        ::kill(::getpid(), SIGINT);
        for (;;) ::pause();
      },
      testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace quickbite::runtime
