// The rules of this folder, applied to the tree and to what was built of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "proptests/architecture/layers.h"
#include "proptests/architecture/paths.h"
#include "proptests/architecture/symbols.h"
#include "proptests/architecture/text.h"
#include "proptests/architecture/tree.h"
#include "proptests/architecture/words.h"

namespace quickbite::architecture {
namespace {

const std::string kRoot = QUICKBITE_SOURCE_DIR;
const std::string kBuild = QUICKBITE_BINARY_DIR;

std::string told(const Findings& findings) {
  std::ostringstream out;
  for (const Finding& finding : findings) out << finding << '\n';
  return out.str();
}

bool is_code(const std::string& path) {
  return path.ends_with(".h") || path.ends_with(".cc");
}

bool is_of_a_layer(const std::string& path) {
  return is_code(path) && (path.starts_with("domain/") || path.starts_with("sim/") ||
                           path.starts_with("adapters/") || path.starts_with("services/") ||
                           path.starts_with("proptests/"));
}

using Rule = std::function<Findings(const std::string& path, const std::string& text)>;

Findings over_files(const std::function<bool(const std::string&)>& concerns, const Rule& rule) {
  Findings all;
  for (const std::string& path : files_below(kRoot)) {
    if (concerns(path))
      std::ranges::move(rule(path, read_file(kRoot + "/" + path)), std::back_inserter(all));
  }
  return all;
}

std::vector<std::string> from_root(const std::vector<std::string>& paths) {
  std::vector<std::string> relative;
  for (const std::string& path : paths) {
    relative.push_back(std::filesystem::path(path).lexically_relative(kRoot).string());
  }
  std::ranges::sort(relative);
  return relative;
}

std::vector<std::string> files_where(const std::function<bool(const std::string&)>& wanted) {
  std::vector<std::string> files = files_below(kRoot);
  std::erase_if(files, [&](const std::string& path) { return !wanted(path); });
  return files;
}

TEST(Architecture, TheTreeIsThere) {
  EXPECT_GT(files_where(is_of_a_layer).size(), 10u) << "the rules would pass for want of files";
}

TEST(Architecture, NoFileIncludesAgainstTheArrows) {
  const Findings findings = over_files(is_of_a_layer, include_findings);
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, NoTargetLinksAgainstTheArrows) {
  const std::string targets = read_file(kBuild + "/registered_targets.txt");
  ASSERT_FALSE(targets.empty());
  const Findings findings = link_findings(targets);
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, PureFoldersSayNothingImpure) {
  const Findings findings = over_files(is_code, word_findings);
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, PureLibrariesCallNothingOfTheSystem) {
  if (QUICKBITE_SANITIZED) GTEST_SKIP() << "a sanitizer brings symbols of its own";
  if (QUICKBITE_PROFILED) GTEST_SKIP() << "by a profile it is counted, or inlined across files";
  const auto libraries = list_in(kBuild + "/pure_libraries.txt");
  ASSERT_FALSE(libraries.empty());
  for (const std::string& library : libraries) {
    const CommandResult nm = run({"nm", "-C", "-u", library});
    ASSERT_EQ(nm.status, 0) << nm.output;
    const Findings findings = symbol_findings(library, nm.output);
    EXPECT_TRUE(findings.empty()) << told(findings);
  }
}

TEST(Architecture, PureLibrariesHoldNoMutableGlobals) {
  if (QUICKBITE_SANITIZED) GTEST_SKIP() << "a sanitizer brings objects of its own";
  if (QUICKBITE_PROFILED) GTEST_SKIP() << "by a profile it is counted, or inlined across files";
  for (const std::string& library : list_in(kBuild + "/pure_libraries.txt")) {
    const CommandResult objdump = run({"objdump", "-t", "-C", library});
    ASSERT_EQ(objdump.status, 0) << objdump.output;
    const Findings findings = object_findings(library, objdump.output);
    EXPECT_TRUE(findings.empty()) << told(findings);
  }
}

// One copy of the logic: what the simulator and the explorer step is the object code that production links. No other archive
// holds a copy of its own (inlined into it, or instantiated once more), and all who step a machine call the one there is.
TEST(Architecture, EveryMachineStepsInOneObjectThatBothWorldsLink) {
  if (QUICKBITE_SANITIZED) GTEST_SKIP() << "a sanitizer brings symbols of its own";
  if (QUICKBITE_PROFILED) GTEST_SKIP() << "by a profile it is counted, or inlined across files";
  const std::string library = "libquickbite_machine.a";
  MachineSteps archives;
  MachineSteps programs;
  for (const std::string& path : list_in(kBuild + "/built_code.txt")) {
    const CommandResult nm = run({"nm", "-C", path});
    ASSERT_EQ(nm.status, 0) << nm.output;
    add_steps(std::filesystem::path(path).filename().string(), nm.output, path.ends_with(".a") ? archives : programs);
  }
  const std::map<std::string, std::string> production = {{"Delivery<quickbite::InventoryService>", "quickbite-inventory"},
                                                         {"Delivery<quickbite::OrdersService>", "quickbite-orders"},
                                                         {"Intake", "quickbite-orders"},
                                                         {"Menu", "quickbite-orders"},
                                                         {"Reader", "quickbite-orders"},
                                                         {"Relay", "quickbite-orders"},
                                                         {"Sweeper<quickbite::InventoryService>", "quickbite-inventory"},
                                                         {"Sweeper<quickbite::OrdersService>", "quickbite-orders"}};
  for (const auto& [machine, program] : production) {
    EXPECT_EQ(archives.held_by[machine], std::set{library}) << machine;
    EXPECT_TRUE(archives.called_by[machine].contains("libquickbite_world.a")) << machine << " is not simulated by a call";
    EXPECT_TRUE(programs.held_by[machine].contains(program)) << machine;
    EXPECT_TRUE(programs.held_by[machine].contains("quickbite")) << machine;
  }
  // The operators' machines run in the command; their simulation is a test of the model's (sim/model/redrive_test.cc).
  const std::set<std::string> operators = {"Redriver<quickbite::InventoryService>", "Redriver<quickbite::OrdersService>",
                                           "Republisher"};
  for (const std::string& machine : operators) {
    EXPECT_EQ(archives.held_by[machine], std::set{library}) << machine;
    EXPECT_TRUE(archives.called_by[machine].contains("libquickbite_cli.a")) << machine;
    EXPECT_TRUE(programs.held_by[machine].contains("quickbite")) << machine;
  }
  EXPECT_EQ(archives.held_by.size(), production.size() + operators.size()) << "a machine that this test does not know";
}

// That every header of the tree does is shown by the build itself (CMakeLists.txt here); this shows
// that the compiler would notice.
TEST(Architecture, AHeaderThatDoesNotCompileAloneIsAnError) {
  const auto compile = [](const std::string& header) {
    return run({QUICKBITE_COMPILER, "-std=c++20", "-fsyntax-only", "-x", "c++",
                kRoot + "/proptests/architecture/samples/" + header});
  };
  EXPECT_EQ(compile("alone.h").status, 0) << compile("alone.h").output;
  EXPECT_NE(compile("not_alone.h").status, 0);
}

TEST(Architecture, EveryTestFileIsRun) {
  const Findings findings = registration_findings(
      files_where(is_test), from_root(list_in(kBuild + "/registered_test_sources.txt")));
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, EveryScenarioIsRun) {
  const auto is_scenario = [](const std::string& path) { return path.ends_with(".scenario"); };
  const Findings findings = registration_findings(
      files_where(is_scenario), from_root(list_in(kBuild + "/registered_scenarios.txt")));
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, FoldersAreNouns) {
  const auto any = [](const std::string&) { return true; };
  const Findings findings = over_files(
      any, [](const std::string& path, const std::string&) { return folder_findings(path); });
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, NothingMentionsOneMachineOrARegistry) {
  const auto any = [](const std::string& path) { return path != "LICENSE"; };
  const Findings findings = over_files(any, [](const std::string& path, const std::string& text) {
    return is_text(text) ? mention_findings(path, text) : Findings{};
  });
  EXPECT_TRUE(findings.empty()) << told(findings);
}

TEST(Architecture, LongFilesAreNamed) {
  for (const Finding& warning : over_files(is_code, length_warnings)) {
    std::cout << "warning: " << warning << '\n';
  }
}

}  // namespace
}  // namespace quickbite::architecture
