#include "services/cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "services/cli/exit_code.h"

namespace quickbite::cli {
namespace {

TEST(Terminal, NumbersHaveACommaAtEveryThousand) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
}

TEST(Terminal, TimesAreShownInTheUnitThatAPersonWouldUse) {
  EXPECT_EQ(for_people(absl::Milliseconds(8)), "8 ms");
  EXPECT_EQ(for_people(absl::Milliseconds(4210)), "4.2 s");
  EXPECT_EQ(for_people(absl::Seconds(59)), "59 s");
  EXPECT_EQ(for_people(absl::Seconds(200)), "3 min 20 s");
  EXPECT_EQ(for_people(absl::Minutes(65)), "1 h 5 min");
}

TEST(Terminal, WhatIsNoTerminalIsNotPainted) {
  const int fd = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(Paint(fd)(Colour::kRed, "broken"), "broken");
  ::close(fd);
}

TEST(ExitCode, OfSeveralFindingsTheGravestDecides) {
  EXPECT_EQ(worse(ExitCode::kSafety, ExitCode::kCrash), ExitCode::kCrash);
  EXPECT_EQ(worse(ExitCode::kLiveness, ExitCode::kSafety), ExitCode::kSafety);
  EXPECT_EQ(worse(ExitCode::kHeld, ExitCode::kUsage), ExitCode::kUsage);
  EXPECT_EQ(worse(ExitCode::kHeld, ExitCode::kHeld), ExitCode::kHeld);
}

}  // namespace
}  // namespace quickbite::cli
