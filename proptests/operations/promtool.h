// promtool, where this machine has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace quickbite {

// Its path: of QUICKBITE_PROMTOOL, on the PATH, or in build/promtool; nullopt: none.
std::optional<std::string> promtool();

struct Ran {
  int code = -1;
  std::string said;  // on both outputs
};
// Runs a shell command line.
Ran run_shell(const std::string& command);

}  // namespace quickbite
