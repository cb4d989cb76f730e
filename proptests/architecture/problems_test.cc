// The problem documents that the code can answer with, and those that docs/api.md tells of, are the same.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <string>

#include "proptests/architecture/text.h"
#include "proptests/architecture/tree.h"

namespace quickbite::architecture {
namespace {

using Problems = std::map<std::string, std::set<std::string>>;  // statuses by type

// Calls of problem("type", 400, …) and problem_of_field.
void add_from_code(const std::string& text, Problems& problems) {
  static const std::regex call(R"re(\bproblem(?:_of_field)?\(\s*"([a-z-]+)",\s*([0-9]{3}))re");
  for (std::sregex_iterator at(text.begin(), text.end(), call), end; at != end; ++at) problems[(*at)[1]].insert((*at)[2]);
}

Problems in_docs(const std::string& text) {
  static const std::regex row(R"re(\| `([a-z-]+)` \| ([0-9]{3}) \|)re");
  Problems problems;
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) problems[(*at)[1]].insert((*at)[2]);
  return problems;
}

TEST(Problems, AreToldInTheDocsAsTheCodeHasThem) {
  const std::string root = QUICKBITE_SOURCE_DIR;
  Problems problems;
  for (const std::string& path : files_below(root)) {
    const bool code = path.starts_with("domain/") || path.starts_with("adapters/") || path.starts_with("services/orders/") ||
                      path.starts_with("services/runtime/");
    if (code && path.ends_with(".cc") && !path.ends_with("_test.cc")) add_from_code(read_file(root + "/" + path), problems);
  }
  ASSERT_GT(problems.size(), 20u) << "they are looked for where they are";
  EXPECT_EQ(problems, in_docs(read_file(root + "/docs/api.md")));
}

}  // namespace
}  // namespace quickbite::architecture
