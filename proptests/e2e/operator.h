// The quickbite command as an operator of the one running system uses it.
#pragma once

#include <rapidjson/document.h>

#include <string>
#include <string_view>
#include <vector>

namespace quickbite {

struct Said {
  int code = -1;
  std::string out;
  std::string err;
};

// Runs the command, without a terminal, with the system's addresses in its environment.
Said quickbite(std::vector<std::string> arguments);

// The same with --json: what is on stdout, which must be one object.
rapidjson::Document quickbite_json(std::vector<std::string> arguments, int code = 0);

// What operators' commands have written down so far.
std::string operator_log();

}  // namespace quickbite
