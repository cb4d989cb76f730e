// The command as people and scripts meet it: exit codes, what is on stdout, what on stderr.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "services/cli/command.h"
#include "services/cli/process.h"

namespace quickbite::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class QuickbiteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() /
              ("quickbite_cli_test." +
               std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  struct Said {
    int code = 0;
    std::string out;
    std::string err;
  };
  Said quickbite(const std::vector<std::string>& arguments) {
    Program program;
    program.command = {QUICKBITE_COMMAND};
    program.command.insert(program.command.end(), arguments.begin(), arguments.end());
    program.log_path = folder_ / "stderr";
    fs::remove(folder_ / "stderr");
    const absl::StatusOr<Ended> ended = run_program(program);
    EXPECT_TRUE(ended.ok()) << ended.status();
    std::ostringstream err;
    err << std::ifstream(folder_ / "stderr").rdbuf();
    return ended.ok() ? Said{ended->code, ended->out, err.str()} : Said{-1, "", ""};
  }

  std::string scenario(const std::string& name, const std::string& text) {
    const fs::path path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }

  static rapidjson::Document json_of(const std::string& text) {
    rapidjson::Document json;
    json.Parse(text.c_str());
    EXPECT_FALSE(json.HasParseError()) << text;
    EXPECT_TRUE(json.IsObject());
    return json;
  }

  fs::path folder_;
};

constexpr const char* kHolds = R"(stock burger 5
at 0ms client u1 orders burger 2 key k1 as o1
finally o1 CONFIRMED
)";

TEST_F(QuickbiteTest, HelpAndVersionAreEverywhereAndEndWellOnStdout) {
  for (const char* flag : {"--help", "--version"}) {
    const Said said = quickbite({flag});
    EXPECT_EQ(said.code, 0) << flag;
    EXPECT_THAT(said.out,
                HasSubstr(flag == std::string("--help") ? "Usage: quickbite" : "quickbite "))
        << flag;
    for (const Command& command : commands()) {
      const Said of_command = quickbite({std::string(command.name), flag});
      EXPECT_EQ(of_command.code, 0) << command.name << " " << flag;
      EXPECT_THAT(of_command.out, Not(IsEmpty())) << command.name;
      EXPECT_THAT(of_command.err, IsEmpty()) << command.name;
      EXPECT_EQ(of_command.out.find("Exit codes"), of_command.out.rfind("Exit codes")) << command.name << " says it twice";
    }
  }
}

TEST_F(QuickbiteTest, WhatItDoesNotUnderstandIsWrongUsage) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"dance"},
                                             {"--dance"},
                                             {"sim", "--seeds"},
                                             {"sim", "--seeds", "0"},
                                             {"sim", "--seeds", "-1"},
                                             {"sim", "--seeds", "x"},
                                             {"sim", "--time", "soon"},
                                             {"sim", "--jobs", "0"},
                                             {"sim", "--trace"},
                                             {"sim", "--shrink"},
                                             {"sim", "--shrink", "--seed", "1", "--seeds", "2"},
                                             {"replay"},
                                             {"explore", "--orders", "9"},
                                             {"bench"},
                                             {"bench", "dance"},
                                             {"mutants", "--only", "4294967295"},
                                             {"migrate"}}) {
    const Said said = quickbite(words);
    EXPECT_EQ(said.code, 2) << ::testing::PrintToString(words);
    EXPECT_THAT(said.out, IsEmpty()) << ::testing::PrintToString(words);
    EXPECT_THAT(said.err, Not(IsEmpty())) << ::testing::PrintToString(words);
  }
}

TEST_F(QuickbiteTest, AScenarioThatCannotBeReadIsToldWithItsPlace) {
  const std::string path = scenario("x.scenario", "stock burger five\n");
  const Said said = quickbite({"replay", path});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err, path + ":1:14: expected a quantity from 0 to 1000000000, found 'five'\n");
  EXPECT_EQ(quickbite({"replay", (folder_ / "none.scenario").string()}).code, 2);
  EXPECT_EQ(quickbite({"replay", folder_.string() + "/none"}).code, 2);
}

TEST_F(QuickbiteTest, AFolderStandsForItsScenarios) {
  scenario("a.scenario", kHolds);
  scenario("b.scenario", kHolds);
  const Said said = quickbite({"replay", folder_});
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_THAT(said.out, HasSubstr("2 held, 0 failed"));
}

TEST_F(QuickbiteTest, AnExpectationThatIsNotMetIsToldWithItsLineAndWhatIsThere) {
  const std::string path =
      scenario("x.scenario", std::string(kHolds) + "finally stock burger available 1 reserved 4\n");
  const Said said = quickbite({"replay", path});
  EXPECT_EQ(said.code, 10);
  EXPECT_THAT(said.out, HasSubstr("FAILED  " + path + ":4: "));
  EXPECT_THAT(said.out, HasSubstr("available 3 reserved 2"));
}

TEST_F(QuickbiteTest, ARuleThatNeverStrikesIsBadInput) {
  const std::string path =
      scenario("x.scenario", std::string(kHolds) + "when intake store before (nth 9): crash\n");
  const Said said = quickbite({"replay", path});
  EXPECT_EQ(said.code, 2);
  EXPECT_THAT(said.out, HasSubstr(path + ":4: when intake store before (nth 9): crash"));
}

TEST_F(QuickbiteTest, ATraceTellsEveryStep) {
  const Said said = quickbite({"replay", "--trace", scenario("x.scenario", kHolds)});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("POST /v1/orders"));
}

TEST_F(QuickbiteTest, JsonIsOneObjectAndNothingElse) {
  const Said replayed = quickbite({"replay", "--json", "--trace", scenario("x.scenario", kHolds)});
  const auto replay = json_of(replayed.out);
  EXPECT_TRUE(replay["scenarios"][0]["held"].GetBool());
  EXPECT_GT(replay["scenarios"][0]["trace"].Size(), 10);

  const auto sim = json_of(quickbite({"sim", "--seeds", "20", "--json"}).out);
  EXPECT_EQ(sim["runs"].GetUint64(), 20);
  EXPECT_EQ(sim["findings"].Size(), 0);
  EXPECT_GT(sim["events"].GetUint64(), 1000);

  const auto bench =
      json_of(quickbite({"bench", "sim", "--seeds", "2", "--seconds", "0.01", "--json"}).out);
  for (const char* name : {"runs_per_s_cold", "runs_per_s_warm", "events_per_run"})
    EXPECT_GT(bench[name].GetDouble(), 0) << name;
}

TEST_F(QuickbiteTest, HashesAreTheSameInAnyProcessAndBySeed) {
  const Said alone = quickbite({"sim", "--seeds", "40", "--jobs", "1", "--hash"});
  EXPECT_EQ(alone.code, 0);
  EXPECT_THAT(alone.out, StartsWith("1 "));
  EXPECT_EQ(std::ranges::count(alone.out, '\n'), 40);
  EXPECT_EQ(quickbite({"sim", "--seeds", "40", "--jobs", "3", "--hash"}).out, alone.out);
  const std::string seventh = quickbite({"sim", "--seed", "7", "--hash"}).out;
  EXPECT_THAT(alone.out, HasSubstr("\n" + seventh));
}

TEST_F(QuickbiteTest, ASweepTellsItsTablesAndOneSeedWhatItDrew) {
  const Said sweep = quickbite({"sim", "--seeds", "30"});
  EXPECT_EQ(sweep.code, 0);
  for (const char* text :
       {"Crashes", "inventory-delivery", "Sometimes", "Drawn", "All properties held."}) {
    EXPECT_THAT(sweep.out, HasSubstr(text));
  }
  const Said one = quickbite({"sim", "--seed", "3", "--trace"});
  EXPECT_EQ(one.code, 0);
  EXPECT_THAT(one.out, StartsWith("seed 3: replicas orders"));
}

TEST_F(QuickbiteTest, ASeedThatHoldsHasNothingToShrink) {
  const Said said = quickbite({"sim", "--seed", "3", "--shrink"});
  EXPECT_EQ(said.code, 0);
  EXPECT_THAT(said.out, HasSubstr("nothing to shrink"));
  EXPECT_EQ(json_of(quickbite({"sim", "--seed", "3", "--shrink", "--json"}).out)["property"].GetString(), std::string());
}

TEST_F(QuickbiteTest, SmallBoundsAreExploredToTheEnd) {
  const Said said = quickbite({"explore", "--orders", "1", "--crashes", "0", "--duplicates", "0",
                               "--timers", "0", "--json"});
  EXPECT_EQ(said.code, 0) << said.err;
  const auto json = json_of(said.out);
  EXPECT_TRUE(json["finished"].GetBool());
  for (const char* name : {"states_unique", "transitions", "bytes_per_state"})
    EXPECT_GT(json[name].GetUint64(), 0) << name;
  EXPECT_GT(json["states_per_s"].GetDouble(), 0);
}

TEST_F(QuickbiteTest, ABoundThatStopsAnExplorationIsNamed) {
  const Said said = quickbite({"explore", "--states", "500", "--json"});
  EXPECT_EQ(said.code, 0) << said.err;
  const auto json = json_of(said.out);
  EXPECT_FALSE(json["finished"].GetBool());
  EXPECT_STREQ(json["stopped"].GetString(), "the number of states");
}

TEST_F(QuickbiteTest, ADatabaseThatIsNotThereIsAFailureWithAReason) {
  const Said said =
      quickbite({"migrate", "--orders", "host=127.0.0.1 port=1 dbname=x connect_timeout=2"});
  EXPECT_EQ(said.code, 1);
  EXPECT_THAT(said.err, StartsWith("quickbite: migrating orders"));
}

}  // namespace
}  // namespace quickbite::cli
