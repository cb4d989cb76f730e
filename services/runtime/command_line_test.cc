#include "services/runtime/command_line.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/time/time.h"

ABSL_FLAG(int, test_port, 80, "a port");
ABSL_FLAG(std::string, test_name, "", "a name");
ABSL_FLAG(bool, test_loud, false, "whether it is loud");
ABSL_FLAG(absl::Duration, test_wait, absl::Seconds(1), "how long");

namespace quickbite::runtime {
namespace {

class CommandLineTest : public testing::Test {
 protected:
  std::optional<int> parse(std::vector<std::string> words) {
    std::vector<const char*> argv{"program"};
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const auto code = parse_command_line(static_cast<int>(argv.size()), argv.data(), program, [&](const char* name) {
      const auto at = environment.find(name);
      return at == environment.end() ? nullptr : at->second.c_str();
    });
    out = testing::internal::GetCapturedStdout();
    error = testing::internal::GetCapturedStderr();
    return code;
  }

  absl::FlagSaver saver;
  Program program{"usage", "program 1.2", {"services/runtime/command_line_test.cc"},
                  {{"test_port", "a port, from 1 to 65535", [] { return absl::GetFlag(FLAGS_test_port) > 0; }},
                   {"test_wait", "a duration, as 5s"}}};
  std::map<std::string, std::string> environment;
  std::string out;
  std::string error;
};

TEST_F(CommandLineTest, TakesFlagsInEveryForm) {
  EXPECT_EQ(parse({"--test-port=81", "--test_name", "x=y", "--test-loud", "--test-wait=3s"}), std::nullopt) << error;
  EXPECT_EQ(absl::GetFlag(FLAGS_test_port), 81);
  EXPECT_EQ(absl::GetFlag(FLAGS_test_name), "x=y");
  EXPECT_TRUE(absl::GetFlag(FLAGS_test_loud));
  EXPECT_EQ(absl::GetFlag(FLAGS_test_wait), absl::Seconds(3));
  EXPECT_EQ(parse({"--notest-loud"}), std::nullopt);
  EXPECT_FALSE(absl::GetFlag(FLAGS_test_loud));
  EXPECT_EQ(parse({"--test_loud=true", "--no-test-loud"}), std::nullopt);
  EXPECT_FALSE(absl::GetFlag(FLAGS_test_loud));
}

TEST_F(CommandLineTest, TheEnvironmentSetsWhatNoFlagDoes) {
  environment = {{"QUICKBITE_TEST_PORT", "82"}, {"QUICKBITE_TEST_NAME", "from afar"}, {"QUICKBITE_TEST_WAIT", ""}};
  EXPECT_EQ(parse({"--test-port=83"}), std::nullopt) << error;
  EXPECT_EQ(absl::GetFlag(FLAGS_test_port), 83);
  EXPECT_EQ(absl::GetFlag(FLAGS_test_name), "from afar");
  EXPECT_EQ(absl::GetFlag(FLAGS_test_wait), absl::Seconds(1));
}

TEST_F(CommandLineTest, SaysWhichKeyIsWrongAndWhatWasExpected) {
  EXPECT_EQ(parse({"--test-port=abc"}), 2);
  EXPECT_EQ(error, "--test-port cannot be 'abc'; expected a port, from 1 to 65535; --help lists the flags\n");
  EXPECT_EQ(parse({"--test-port=-5"}), 2);
  EXPECT_EQ(error, "--test-port cannot be '-5'; expected a port, from 1 to 65535; --help lists the flags\n");
  EXPECT_EQ(parse({"--test-wait"}), 2);
  EXPECT_EQ(error, "--test-wait needs a value; expected a duration, as 5s; --help lists the flags\n");
}

TEST_F(CommandLineTest, SaysWhichVariableIsWrong) {
  environment = {{"QUICKBITE_TEST_WAIT", "5 apples"}};
  EXPECT_EQ(parse({}), 2);
  EXPECT_EQ(error, "QUICKBITE_TEST_WAIT cannot be '5 apples'; expected a duration, as 5s; --help lists the flags\n");
  environment = {{"QUICKBITE_TEST_PORT", "0"}};
  EXPECT_EQ(parse({}), 2);
  EXPECT_EQ(error, "QUICKBITE_TEST_PORT cannot be '0'; expected a port, from 1 to 65535; --help lists the flags\n");
}

TEST_F(CommandLineTest, SaysWhatIsMissing) {
  program.rules = {{"test_name", "a name", [] { return !absl::GetFlag(FLAGS_test_name).empty(); }}};
  EXPECT_EQ(parse({}), 2);
  EXPECT_EQ(error, "--test-name (or QUICKBITE_TEST_NAME) is needed; expected a name; --help lists the flags\n");
}

TEST_F(CommandLineTest, KnowsNoOtherFlagsAndNoWords) {
  EXPECT_EQ(parse({"--test-prt=1"}), 2);
  EXPECT_EQ(error, "unknown flag --test-prt=1; --help lists the flags\n");
  EXPECT_EQ(parse({"--http-threads=2"}), 2);  // of this library, and not of this program
  EXPECT_EQ(parse({"start"}), 2);
  EXPECT_EQ(parse({"--no"}), 2);
  EXPECT_EQ(parse({"--"}), 2);
}

TEST_F(CommandLineTest, HelpNamesEveryFlagWithItsVariableAndDefault) {
  environment = {{"QUICKBITE_TEST_PORT", "nonsense"}};
  EXPECT_EQ(parse({"--test-name", "--help"}), 0);
  EXPECT_NE(out.find("--test-wait  (QUICKBITE_TEST_WAIT; default: 1s)\n      how long\n"), std::string::npos) << out;
  EXPECT_EQ(parse({"--version"}), 0);
  EXPECT_EQ(out, "program 1.2\n");
}

}  // namespace
}  // namespace quickbite::runtime
