#include "services/runtime/command_line.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/reflection.h"
#include "absl/time/time.h"

ABSL_DECLARE_FLAG(bool, print_config);
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

  // Its path; it goes with the test.
  std::string file(const std::string& text) {
    char name[] = "/tmp/quickbite-command-line-XXXXXX";
    ::close(::mkstemp(name));
    std::ofstream(name) << text;
    files.push_back(name);
    return name;
  }
  ~CommandLineTest() override {
    for (const std::string& name : files) ::unlink(name.c_str());
  }

  absl::FlagSaver saver;
  std::vector<std::string> files;
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

TEST_F(CommandLineTest, TheFileSetsWhatNeitherAFlagNorTheEnvironmentDoes) {
  const std::string path = file("test-port: 84\ntest_name: of the file\ntest-wait: 9s\ntest-loud: true\n");
  environment = {{"QUICKBITE_TEST_NAME", "from afar"}, {"QUICKBITE_TEST_PORT", "85"}};
  EXPECT_EQ(parse({"--test-port=86", "--config", path}), std::nullopt) << error;
  EXPECT_EQ(absl::GetFlag(FLAGS_test_port), 86);
  EXPECT_EQ(absl::GetFlag(FLAGS_test_name), "from afar");
  EXPECT_EQ(absl::GetFlag(FLAGS_test_wait), absl::Seconds(9));
  EXPECT_TRUE(absl::GetFlag(FLAGS_test_loud));
}

TEST_F(CommandLineTest, TheEnvironmentMayNameTheFileAndAFlagAnother) {
  environment = {{"QUICKBITE_CONFIG", file("test-port: 84\n")}};
  EXPECT_EQ(parse({}), std::nullopt) << error;
  EXPECT_EQ(absl::GetFlag(FLAGS_test_port), 84);
  EXPECT_EQ(parse({"--config=" + file("test-port: 87\n")}), std::nullopt) << error;
  EXPECT_EQ(absl::GetFlag(FLAGS_test_port), 87);
}

TEST_F(CommandLineTest, SaysWhereInTheFileWhichKeyIsWrong) {
  const std::string wrong = file("test-name: x\ntest-port: abc\n");
  EXPECT_EQ(parse({"--config=" + wrong}), 2);
  EXPECT_EQ(error, wrong + ":2:1: test-port cannot be 'abc'; expected a port, from 1 to 65535; --help lists the flags\n");
  const std::string out_of_range = file("test-port: 0\n");
  EXPECT_EQ(parse({"--config=" + out_of_range}), 2);
  EXPECT_EQ(error, out_of_range + ":1:1: test-port cannot be '0'; expected a port, from 1 to 65535; --help lists the flags\n");
  const std::string unknown = file("\n  test-prt: 1\n");
  EXPECT_EQ(parse({"--config=" + unknown}), 2);
  EXPECT_EQ(error, unknown + ":2:3: unknown setting test-prt; --help lists the flags\n");
  for (const char* own : {"config: x\n", "print-config: true\n"}) EXPECT_EQ(parse({"--config=" + file(own)}), 2) << own;
  const std::string torn = file("test-port: [1\n");
  EXPECT_EQ(parse({"--config=" + torn}), 2);
  EXPECT_EQ(error.rfind("--config: " + torn + ":2:", 0), 0u) << error;
  environment = {{"QUICKBITE_CONFIG", "/nowhere.yaml"}};
  EXPECT_EQ(parse({}), 2);
  EXPECT_EQ(error, "QUICKBITE_CONFIG: /nowhere.yaml: cannot be read; --help lists the flags\n");
}

TEST_F(CommandLineTest, PrintsEverySettingWithWhatItIsFromAndNoSecret) {
  program.rules.push_back({"test_name", "a name", nullptr, [](const std::string&) { return "***"; }});
  const std::string path = file("test-wait: 9s\n");
  environment = {{"QUICKBITE_TEST_NAME", "geheim"}};
  EXPECT_EQ(parse({"--print-config", "--test-port=88", "--config=" + path}), 0) << error;
  EXPECT_EQ(out,
            "# program 1.2: every setting, and what it is from. Secrets are masked.\n"
            "test-loud: false  # default\n"
            "test-name: \"***\"  # QUICKBITE_TEST_NAME\n"
            "test-port: 88  # --test-port\n"
            "test-wait: 9s  # " + path + ":1:1: test-wait\n");
}

TEST_F(CommandLineTest, WhatIsPrintedIsAFileThatSetsTheSame) {
  EXPECT_EQ(parse({"--print-config", "--test-port=88", "--test-name", "a \"b\"\\\n: # 'c'", "--test-loud"}), 0);
  const std::string path = file(out);
  absl::SetFlag(&FLAGS_test_port, 1);
  absl::SetFlag(&FLAGS_test_name, "");
  absl::SetFlag(&FLAGS_test_loud, false);
  absl::SetFlag(&FLAGS_print_config, false);
  EXPECT_EQ(parse({"--config=" + path}), std::nullopt) << error;
  EXPECT_EQ(absl::GetFlag(FLAGS_test_port), 88);
  EXPECT_EQ(absl::GetFlag(FLAGS_test_name), "a \"b\"\\\n: # 'c'");
  EXPECT_TRUE(absl::GetFlag(FLAGS_test_loud));
}

TEST_F(CommandLineTest, PrintsAlsoWhatCannotBeAndSaysSo) {
  program.rules = {{"test_name", "a name", [] { return !absl::GetFlag(FLAGS_test_name).empty(); }}};
  EXPECT_EQ(parse({"--print-config"}), 2);
  EXPECT_NE(out.find("test-name: \"\"  # default\n"), std::string::npos) << out;
  EXPECT_EQ(error, "--test-name (or QUICKBITE_TEST_NAME) is needed; expected a name; --help lists the flags\n");
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
