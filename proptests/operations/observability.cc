#include "proptests/operations/observability.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

namespace quickbite {

std::string read_whole(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string observability_file(const std::string& name) {
  return read_whole(QUICKBITE_SOURCE_DIR "/deploy/observability/" + name);
}

std::string section_of_operations(const std::string& title) {
  const std::string docs = read_whole(QUICKBITE_SOURCE_DIR "/docs/operations.md");
  const std::size_t begin = docs.find("\n## " + title + "\n");
  EXPECT_NE(begin, std::string::npos) << title;
  return begin == std::string::npos ? "" : docs.substr(begin, docs.find("\n## ", begin + 1) - begin);
}

std::set<std::string> metrics_named_in(const std::string& text) {
  static const std::regex name("\\b(?:quickbite|process)_[a-z][a-z_]*[a-z]\\b");
  return {std::sregex_token_iterator(text.begin(), text.end(), name), std::sregex_token_iterator()};
}

}  // namespace quickbite
