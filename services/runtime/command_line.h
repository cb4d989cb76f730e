// The settings of a program: Abseil flags, each of which is an environment variable too, and a key of the settings file:
// --http-port is QUICKBITE_HTTP_PORT, and http-port in the file that --config (or QUICKBITE_CONFIG) names.
//
// The flag wins over the variable, the variable over the file (adapters/yaml/settings_file.h), the file over the default; a
// variable that is empty counts as not set. --print-config prints what came of that, and what each value is from.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace quickbite::runtime {

// What a flag's value has to be, beyond its type: `expected` ends the sentence "expected …".
struct Rule {
  std::string_view flag;  // as declared, with underscores
  std::string_view expected;
  std::function<bool()> holds = nullptr;  // none: any value of the type
  std::function<std::string(const std::string&)> shown = nullptr;  // the value without its secrets; none: it holds none
};

struct Program {
  std::string_view usage;                // printed by --help, above the flags
  std::string_view version;              // printed by --version
  std::vector<std::string_view> folders;  // "services/orders/": whose flags --help lists and the environment sets
  std::vector<Rule> rules;
};

// Sets the flags, or says with which code to leave, having printed why: 0 for --help, --version and --print-config, 2 for a
// flag, variable or key that is unknown or has a value that it cannot have, naming it and what was expected; of the file's, also
// its line and column. Takes --name=value, --name value, and --name or
// --noname for bool flags, '-' or '_' in names. `environment` finds a variable; null where there is none.
std::optional<int> parse_command_line(int argc, const char* const* argv, const Program& program,
                                      const std::function<const char*(const char*)>& environment);

// "http_port" → "QUICKBITE_HTTP_PORT".
std::string variable_of(std::string_view flag);

}  // namespace quickbite::runtime
