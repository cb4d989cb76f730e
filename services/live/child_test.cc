#include "services/live/child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "absl/time/clock.h"

namespace quickbite::live {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ChildTest : public testing::Test {
 protected:
  ChildTest() {
    std::string pattern = (fs::temp_directory_path() / "quickbite-child-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~ChildTest() override {
    std::error_code error;
    fs::remove_all(folder_, error);
  }

  ChildOptions shell(const std::string& script) const {
    ChildOptions options;
    options.name = "Nobody";
    options.command = {"/bin/sh", "-c", script};
    options.log_path = folder_ + "/log";
    options.ready = [this] {
      return fs::exists(folder_ + "/ready") ? absl::OkStatus() : absl::UnavailableError("it has not said so");
    };
    options.ready_timeout = absl::Seconds(20);
    return options;
  }
  std::string touch() const { return "touch " + folder_ + "/ready; "; }

  std::string folder_;
  Interrupt interrupt_;
};

TEST_F(ChildTest, IsReadyWhenItSaysSo) {
  Child child(shell(touch() + "exec sleep 60"));
  EXPECT_FALSE(child.running());
  ASSERT_TRUE(child.start(interrupt_).ok());
  EXPECT_TRUE(child.running());
  EXPECT_EQ(::kill(child.pid(), 0), 0);
}

TEST_F(ChildTest, OneThatEndsIsToldWithItsLastWords) {
  Child child(shell("echo no such database >&2; exit 3"));
  const absl::Status started = child.start(interrupt_);
  EXPECT_TRUE(absl::IsUnavailable(started));
  EXPECT_THAT(std::string(started.message()), HasSubstr("Nobody ended before it was ready"));
  EXPECT_THAT(std::string(started.message()), HasSubstr("no such database"));
}

TEST_F(ChildTest, OneThatDoesNotBecomeReadyIsToldWithWhy) {
  ChildOptions options = shell("echo still thinking; exec sleep 60");
  options.ready_timeout = absl::Milliseconds(200);
  Child child(options);
  const absl::Status started = child.start(interrupt_);
  EXPECT_TRUE(absl::IsUnavailable(started));
  EXPECT_THAT(std::string(started.message()), HasSubstr("it has not said so"));
  EXPECT_THAT(std::string(started.message()), HasSubstr("still thinking"));
}

TEST_F(ChildTest, TellsNothingOfAnEarlierLife) {
  Child first(shell("echo the first life; exit 1"));
  EXPECT_FALSE(first.start(interrupt_).ok());
  Child second(shell("echo the second life; exit 1"));
  const std::string said(second.start(interrupt_).message());
  EXPECT_THAT(said, HasSubstr("the second life"));
  EXPECT_EQ(said.find("the first life"), said.npos);
}

TEST_F(ChildTest, IsGivenUpWhenTheUserWantsNoMore) {
  interrupt_.raise();
  Child child(shell("exec sleep 60"));
  EXPECT_TRUE(absl::IsCancelled(child.start(interrupt_)));
}

TEST_F(ChildTest, StopsWithItsOwnCode) {
  Child child(shell("trap 'exit 7' TERM; " + touch() + "while :; do sleep 0.05; done"));
  ASSERT_TRUE(child.start(interrupt_).ok());
  child.pause();
  EXPECT_EQ(child.stop().value_or(-1), 7) << "also where it was paused";
  EXPECT_FALSE(child.running());
  EXPECT_EQ(child.stop().value_or(-1), 0) << "nothing is left to stop";
}

TEST_F(ChildTest, IsKilledWhereItDoesNotStop) {
  Child child(shell("trap '' TERM; " + touch() + "while :; do sleep 0.05; done"));
  ASSERT_TRUE(child.start(interrupt_).ok());
  const pid_t pid = child.pid();
  EXPECT_TRUE(absl::IsDeadlineExceeded(child.stop(absl::Milliseconds(100)).status()));
  EXPECT_NE(::kill(pid, 0), 0);
}

TEST_F(ChildTest, CanBeStartedAgainAfterItWasKilled) {
  Child child(shell(touch() + "exec sleep 60"));
  ASSERT_TRUE(child.start(interrupt_).ok());
  const pid_t first = child.pid();
  child.kill();
  EXPECT_FALSE(child.running());
  EXPECT_NE(::kill(first, 0), 0);
  ASSERT_TRUE(child.start(interrupt_).ok());
  EXPECT_NE(child.pid(), first);
}

TEST_F(ChildTest, IsToldWhatIsNotForEverybodysEyes) {
  ChildOptions options = shell("echo it is $SECRET, and HOME is ${HOME:-not there}; exit 1");
  options.environment = {"SECRET=open sesame"};
  Child child(options);
  EXPECT_THAT(std::string(child.start(interrupt_).message()), HasSubstr("it is open sesame, and HOME is not there"));
}

TEST_F(ChildTest, EndsWithAnOwnerThatIsKilled) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t owner = ::fork();
  ASSERT_GE(owner, 0);
  if (owner == 0) {
    Child child(shell(touch() + "exec sleep 60"));
    const pid_t pid = child.start(interrupt_).ok() ? child.pid() : -1;
    if (::write(ends[1], &pid, sizeof(pid)) == sizeof(pid)) ::pause();
    ::_exit(1);
  }
  pid_t child = -1;
  ASSERT_EQ(::read(ends[0], &child, sizeof(child)), static_cast<ssize_t>(sizeof(child)));
  ASSERT_GT(child, 0);
  ::kill(owner, SIGKILL);
  ::waitpid(owner, nullptr, 0);
  const absl::Status gone = await(interrupt_, absl::Seconds(10), [&] {
    return ::kill(child, 0) != 0 ? absl::OkStatus() : absl::UnavailableError("it lives on");
  });
  EXPECT_TRUE(gone.ok()) << gone;
}

}  // namespace
}  // namespace quickbite::live
