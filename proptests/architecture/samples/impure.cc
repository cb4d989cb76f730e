// A sample of what the pure libraries may not hold: the architecture test must find every line of
// it.
#include <cstdlib>
#include <ctime>
#include <string>

namespace quickbite::architecture::samples {

int mutable_counter = 1;
int mutable_zero;
thread_local int mutable_of_thread = 1;

const std::string& guarded() {
  static const std::string kText(static_cast<std::size_t>(std::rand()), 'x');
  return kText;
}

long clock_and_environment() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec + (std::getenv("HOME") != nullptr ? 1 : 0);
}

}  // namespace quickbite::architecture::samples
