// Running another program to its end.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace quickbite::cli {

struct Program {
  std::vector<std::string> command;  // looked up in PATH
  std::string folder = ".";          // where it runs
  std::string log_path = "";         // what it says on stderr is appended here; "": with ours
  absl::Duration timeout = absl::InfiniteDuration();
  std::function<void()> tick = [] {};  // about ten times a second while it runs
};

struct Ended {
  int code = 0;            // its exit code; 128 and the signal that ended it, as shells count
  bool timed_out = false;  // it was killed for it
  std::string out;         // what it wrote to stdout
  absl::Duration took;
};

// Waits. The program and all that it started end with the timeout, and with this process. NotFound:
// there is no such program.
absl::StatusOr<Ended> run_program(const Program& program);

}  // namespace quickbite::cli
