// quickbite: one command for everything that is not a server.
#include <cstdio>
#include <cstdlib>

#include "services/cli/command.h"
#include "services/cli/workers.h"

// A worker's employer tells of it; anybody else tells it themselves.
extern "C" void quickbite_check_failed(const char* condition, const char* file, int line) {
  if (!quickbite::cli::keep_last_words(condition, file, line)) {
    std::fprintf(stderr, "quickbite: CHECK(%s) failed at %s:%d\n", condition, file, line);
  }
  std::abort();
}

int main(int argc, char** argv) {
  return static_cast<int>(quickbite::cli::run_command_line(argc, argv));
}
