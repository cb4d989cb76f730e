#include "services/live/process_times.h"

#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"

namespace quickbite::live {

absl::Duration cpu_time(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string line;
  std::getline(file, line);
  // The second field, the name, may hold anything; it ends with the last parenthesis.
  const std::size_t name_end = line.rfind(')');
  if (name_end == line.npos) return absl::ZeroDuration();
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  constexpr int kBeforeUtime = 11;  // fields 3 to 13
  for (int i = 0; i < kBeforeUtime; ++i) fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  fields >> user >> system;
  return absl::Seconds(1) * (user + system) / ::sysconf(_SC_CLK_TCK);
}

}  // namespace quickbite::live
