// The command line of a program with Abseil flags and further words, with the exit codes that
// QuickBite promises: 0 for --help and --version, 2 for a flag that is unknown or has a value that
// it cannot have (absl::ParseCommandLine exits with 1 for both).
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace quickbite::broker {

struct ProgramText {
  std::string_view usage;    // printed by --help, above the flags
  std::string_view version;  // printed by --version
  std::string_view file;     // __FILE__ of the program, whose flags --help lists
};

struct Exit {
  int code;
};

// Sets the flags and returns the words that are none, or says to leave with a code after having
// printed why. Takes --name=value, --name value, --name and --noname for bool flags, '-' for '_' in
// a name, and -- as the end of the flags.
std::variant<std::vector<std::string>, Exit> parse_command_line(int argc, char** argv,
                                                                const ProgramText& text);

}  // namespace quickbite::broker
