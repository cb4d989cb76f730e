#include "services/cli/process.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace quickbite::cli {
namespace {

Ended run(const Program& program) {
  absl::StatusOr<Ended> ended = run_program(program);
  EXPECT_TRUE(ended.ok()) << ended.status();
  return ended.ok() ? *ended : Ended{};
}

TEST(RunProgram, TheCodeAndWhatWasWrittenComeBack) {
  const Ended ended = run({.command = {"sh", "-c", "echo hello; exit 7"}});
  EXPECT_EQ(ended.code, 7);
  EXPECT_EQ(ended.out, "hello\n");
  EXPECT_FALSE(ended.timed_out);
}

TEST(RunProgram, ASignalIsCountedAsShellsDo) {
  EXPECT_EQ(run({.command = {"sh", "-c", "kill -SEGV $$"}}).code, 128 + 11);
}

TEST(RunProgram, ItRunsInItsFolderAndItsComplaintsGoToTheLog) {
  const std::string folder = std::filesystem::temp_directory_path() / "quickbite_run_program_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const Ended ended = run(
      {.command = {"sh", "-c", "pwd; echo oh >&2"}, .folder = folder, .log_path = folder + "/log"});
  EXPECT_EQ(ended.out, folder + "\n");
  std::ostringstream log;
  log << std::ifstream(folder + "/log").rdbuf();
  EXPECT_EQ(log.str(), "oh\n");
  std::filesystem::remove_all(folder);
}

TEST(RunProgram, WithTheTimeoutItAndWhatItStartedEnd) {
  const Ended ended =
      run({.command = {"sh", "-c", "sleep 60 & sleep 60"}, .timeout = absl::Milliseconds(200)});
  EXPECT_TRUE(ended.timed_out);
  EXPECT_EQ(ended.code, 128 + 9);
  EXPECT_LT(ended.took, absl::Seconds(10));
}

TEST(RunProgram, AProgramThatIsNotThereIsAnError) {
  EXPECT_TRUE(absl::IsNotFound(run_program({.command = {"no-such-program-of-ours"}}).status()));
}

}  // namespace
}  // namespace quickbite::cli
