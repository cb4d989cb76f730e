// Reading C++ text as far as the architecture rules need it: lines, words, includes, code without
// comments.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quickbite::architecture {

// Lines without their ends; views into the text.
std::vector<std::string_view> lines_of(std::string_view text);

// Words between blanks; views into the line.
std::vector<std::string_view> words_of(std::string_view line);

// The first component of a path: "sim" of "sim/kernel/trace.h".
std::string_view top_of(std::string_view path);

// x_test.cc, and its like in other languages.
bool is_test(std::string_view path);
// test_x.h or test_x.cc: what tests share, and no library has.
bool is_shared_by_tests(std::string_view path);

struct Included {
  std::string_view path;
  bool quoted = false;
};
std::optional<Included> included_by(std::string_view line);

// The text with comments and the insides of string and character literals turned to blanks; lines
// stay where they were.
std::string code_of(std::string_view text);

// A name as the code writes it ("std::chrono::system_clock", "float"), keywords included.
struct Name {
  std::string text;
  int line = 0;
  bool called = false;  // a parenthesis follows
  bool member = false;  // a dot or an arrow stands before it
};
std::vector<Name> names_of(std::string_view code);

}  // namespace quickbite::architecture
