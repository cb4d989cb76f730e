// A subcommand of quickbite: its name, a line about it, and how it declares its flags.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "services/cli/exit_code.h"

namespace CLI {
class App;
}

namespace quickbite::cli {

// What is to be done once the command line has been read.
using Action = std::function<ExitCode()>;

struct Command {
  std::string_view name;
  std::string_view summary;  // one line, for --help
  Action (*declare)(
      CLI::App& flags);  // adds the command's flags; the action may be called after they are parsed
};

// Every command that there is, in the order of --help: commands.cc.
std::span<const Command> commands();

// Reads the command line and does what it says. Help and version go to stdout with code 0; what
// cannot be understood to stderr with code 2.
ExitCode run_command_line(int argc, const char* const* argv);

}  // namespace quickbite::cli
