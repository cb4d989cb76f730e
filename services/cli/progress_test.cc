#include "services/cli/progress.h"

#include <gtest/gtest.h>

#include <sstream>

namespace quickbite::cli {
namespace {

// A clock that goes when it is told to.
struct Watched {
  std::ostringstream out;
  absl::Time now = absl::UnixEpoch();
  Progress progress;

  explicit Watched(std::uint64_t total, bool terminal)
      : progress("seeds", total, {&out, terminal, [this] { return now; }}) {}
  void at(absl::Duration time, std::uint64_t done) {
    now = absl::UnixEpoch() + time;
    progress.update(done);
  }
};

TEST(Progress, WhatIsOverWithinASecondShowsNothing) {
  Watched watched(1000, true);
  watched.at(absl::Milliseconds(999), 999);
  watched.progress.finish();
  EXPECT_EQ(watched.out.str(), "");
}

TEST(Progress, OnATerminalOneLineTellsHowFarHowFastAndHowLong) {
  Watched watched(20'000, true);
  watched.at(absl::Seconds(2), 5000);
  EXPECT_EQ(watched.out.str(), "\r\033[K5,000 of 20,000 seeds, 2,500/s, 6.0 s to go");
  watched.progress.finish();
  EXPECT_TRUE(watched.out.str().ends_with("to go\r\033[K")) << "the line is taken away";
}

TEST(Progress, OnATerminalItIsWrittenAtMostTenTimesASecond) {
  Watched watched(0, true);
  for (int ms = 1000; ms < 2000; ++ms) watched.at(absl::Milliseconds(ms), 1);
  std::size_t lines = 0;
  for (const char c : watched.out.str()) lines += c == '\r' ? 1 : 0;
  EXPECT_EQ(lines, 10);
}

TEST(Progress, ElsewhereThereIsAPlainLineEveryTenSeconds) {
  Watched watched(0, false);
  for (int s = 1; s <= 25; ++s) watched.at(absl::Seconds(s), static_cast<std::uint64_t>(s) * 100);
  EXPECT_EQ(watched.out.str(), "1,000 seeds, 100/s\n2,000 seeds, 100/s\n");
  watched.progress.finish();
  EXPECT_EQ(watched.out.str(), "1,000 seeds, 100/s\n2,000 seeds, 100/s\n");
}

TEST(Progress, WhatIsBeingDoneFollows) {
  Watched watched(6, false);
  watched.now += absl::Seconds(10);
  watched.progress.update(0, "mutant 3: building");
  EXPECT_EQ(watched.out.str(), "0 of 6 seeds; mutant 3: building\n");
}

TEST(Progress, WhatHasNotBegunHasNoEnd) {
  Watched watched(10, true);
  watched.at(absl::Seconds(5), 0);
  EXPECT_EQ(watched.out.str(), "\r\033[K0 of 10 seeds");
}

}  // namespace
}  // namespace quickbite::cli
