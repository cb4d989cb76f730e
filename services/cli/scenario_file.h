// Scenario files: reading them from disk, and saying where in one a rule or an expectation stands.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/plan/plan.h"

namespace quickbite::cli {

struct ScenarioFile {
  std::string path;
  std::string text;
  sim::Plan plan;
};

// A file that cannot be read or understood: one line for a person, "path: why" or
// "path:line:column: expected …".
struct Unreadable {
  std::string what;
};

std::variant<ScenarioFile, Unreadable> read_scenario(const std::string& path);

// Each path that is a folder stands for the scenarios in it, sorted by name; every other path for
// itself.
std::vector<std::string> expand_folders(const std::vector<std::string>& paths);

// The line, from 1, of the index-th statement (from 0) that begins with `word`: "when", "finally";
// 0 where there is none.
int line_of(std::string_view text, std::string_view word, std::size_t index);

}  // namespace quickbite::cli
