#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "services/live/postgres_cluster.h"

namespace quickbite::live {
namespace fs = std::filesystem;
namespace {

bool has_server(const std::string& folder) {
  return access((folder + "/postgres").c_str(), X_OK) == 0 && access((folder + "/initdb").c_str(), X_OK) == 0;
}

// Debian keeps the servers of all major versions side by side, off the PATH.
std::string newest_of_debian() {
  std::string newest;
  int newest_version = -1;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    int version = 0;
    const std::string bin = (entry.path() / "bin").string();
    if (!absl::SimpleAtoi(entry.path().filename().string(), &version)) continue;
    if (version > newest_version && has_server(bin)) {
      newest = bin;
      newest_version = version;
    }
  }
  return newest;
}

// Where a link on the PATH leads, initdb stands beside it.
std::string on_the_path() {
  const char* path = std::getenv("PATH");
  const std::vector<std::string> folders = absl::StrSplit(path == nullptr ? "" : path, ':');
  for (const std::string& folder : folders) {
    std::error_code error;
    const fs::path server = fs::canonical(fs::path(folder) / "postgres", error);
    if (!error && has_server(server.parent_path().string())) return server.parent_path().string();
  }
  return {};
}

std::string of_pg_config() {
  for (const char* program : {"/usr/bin/pg_config", "/usr/local/bin/pg_config"}) {
    if (access(program, X_OK) != 0) continue;
    char answer[] = "/tmp/quickbite-pg-config-XXXXXX";
    const int fd = mkstemp(answer);
    if (fd < 0) continue;
    close(fd);
    const absl::StatusOr<int> code = run_to_end({{program, "--bindir"}, "/", answer, {}, SIGKILL}, absl::Seconds(5));
    std::string folder;
    std::getline(std::ifstream(answer), folder);
    unlink(answer);
    if (code.ok() && *code == 0 && has_server(folder)) return folder;
  }
  return {};
}

}  // namespace

absl::StatusOr<std::string> find_postgres_binaries() {
  for (const auto find : {newest_of_debian, on_the_path, of_pg_config}) {
    if (const std::string folder = find(); !folder.empty()) return folder;
  }
  return absl::NotFoundError(
      "no PostgreSQL server is installed: neither in /usr/lib/postgresql/*/bin, nor on the PATH, nor where pg_config says. "
      "On Debian: apt-get install postgresql");
}

}  // namespace quickbite::live
