#include "proptests/operations/promtool.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace quickbite {

Ran run_shell(const std::string& command) {
  Ran ran;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> bytes;
  for (std::size_t got; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) ran.said.append(bytes.data(), got);
  const int status = ::pclose(pipe);
  ran.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

std::optional<std::string> promtool() {
  const char* named = std::getenv("QUICKBITE_PROMTOOL");
  if (named != nullptr && *named != '\0') return named;
  const std::string unpacked = QUICKBITE_SOURCE_DIR "/build/promtool/promtool";
  if (::access(unpacked.c_str(), X_OK) == 0) return unpacked;
  if (run_shell("command -v promtool").code == 0) return "promtool";
  return std::nullopt;
}

}  // namespace quickbite
