#include "adapters/metrics/process_numbers.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace quickbite::metrics {
namespace {

// The fields of /proc/self/stat from the third on: the second, the program's name, may hold anything but is in parentheses.
std::vector<double> stat_fields() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  std::vector<double> fields;
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return fields;
  std::istringstream rest(text.substr(end + 1));
  char state = 0;
  rest >> state;
  fields.push_back(0);
  std::copy(std::istream_iterator<double>(rest), std::istream_iterator<double>(), std::back_inserter(fields));
  return fields;
}

// By its number in proc(5), from 3; 0 where it could not be read.
double field(const std::vector<double>& fields, std::size_t number) {
  return number - 3 < fields.size() ? fields[number - 3] : 0;
}

double boot_time() {
  std::ifstream file("/proc/stat");
  std::string word;
  double seconds = 0;
  while (file >> word) {
    if (word == "btime" && file >> seconds) break;
  }
  return seconds;
}

double open_files() {
  std::error_code error;
  double count = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", error), end; !error && at != end; at.increment(error)) ++count;
  return std::max(count - 1, 0.0);  // the folder itself was open
}

}  // namespace

void add_process_numbers(Registry& registry) {
  const Counter cpu = registry.counter("process_cpu_seconds_total", "User and system CPU time spent.");
  const Gauge resident = registry.gauge("process_resident_memory_bytes", "Resident memory.");
  const Gauge virtual_size = registry.gauge("process_virtual_memory_bytes", "Virtual memory.");
  const Gauge files = registry.gauge("process_open_fds", "Open file descriptors.");
  const Gauge threads = registry.gauge("process_threads", "Threads.");
  const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));

  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  registry.gauge("process_max_fds", "Open file descriptors, at most.").set(static_cast<double>(limit.rlim_cur));
  registry.gauge("process_start_time_seconds", "When the process began, in seconds since the Unix epoch.")
      .set(boot_time() + field(stat_fields(), 22) / ticks);

  double told = 0;  // CPU seconds
  registry.on_scrape([=]() mutable {
    const std::vector<double> fields = stat_fields();
    const double spent = (field(fields, 14) + field(fields, 15)) / ticks;
    cpu.add(std::max(spent - told, 0.0));
    told = std::max(spent, told);
    threads.set(field(fields, 20));
    virtual_size.set(field(fields, 23));
    resident.set(field(fields, 24) * page);
    files.set(open_files());
  });
}

}  // namespace quickbite::metrics
