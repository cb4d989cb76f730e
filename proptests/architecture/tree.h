// The repository as the rules see it: its files, and what a command says.
#pragma once

#include <string>
#include <vector>

namespace quickbite::architecture {

// Every file below the root, by its path from there, sorted; without build/, .git and other hidden
// folders (.ci and .github count).
std::vector<std::string> files_below(const std::string& root);

// The whole file; empty when it cannot be read.
std::string read_file(const std::string& path);

// Whether the text is text: it holds no NUL byte.
bool is_text(const std::string& text);

// The lines of a file that are not empty.
std::vector<std::string> list_in(const std::string& path);

struct CommandResult {
  int status = -1;
  std::string output;  // standard output and error, as they came
};
// Runs a program found on PATH with these arguments, without a shell.
CommandResult run(const std::vector<std::string>& command);

}  // namespace quickbite::architecture
