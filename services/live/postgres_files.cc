#include "services/live/postgres_files.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace quickbite::live {
namespace fs = std::filesystem;
namespace {

bool may_search(const UserIds& user, const std::string& directory) {
  struct stat status;
  if (stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  if (status.st_uid == user.uid) return (status.st_mode & S_IXUSR) != 0;
  if (status.st_gid == user.gid) return (status.st_mode & S_IXGRP) != 0;
  return (status.st_mode & S_IXOTH) != 0;
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}


std::uint16_t bound_port(std::uint16_t wanted) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return 0;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));  // as the server will: a port in TIME_WAIT is free
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(wanted);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(fd, any, size) == 0 && listen(fd, 1) == 0 && getsockname(fd, any, &size) == 0;
  close(fd);
  return bound ? ntohs(address.sin_port) : 0;
}

}  // namespace

bool may_enter(const UserIds& user, const std::string& directory) {
  std::error_code error;
  const fs::path path = fs::canonical(directory, error);
  if (error) return false;
  fs::path above;
  for (const fs::path& part : path) {
    above /= part;
    if (!may_search(user, above.string())) return false;
  }
  return true;
}

absl::Status make_private_directory(const std::string& directory, const std::optional<UserIds>& user) {
  const uid_t owner = user ? user->uid : geteuid();
  if (mkdir(directory.c_str(), 0700) == 0) {
    if (!user || chown(directory.c_str(), user->uid, user->gid) == 0) return absl::OkStatus();
  } else if (errno == EEXIST) {
    struct stat status;
    if (lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == owner) {
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        absl::StrCat(directory, " is there already and is not a folder of user ", owner, ": remove it"));
  }
  return absl::UnavailableError(absl::StrCat("cannot make ", directory, ": ", std::strerror(errno)));
}

std::optional<PostmasterPid> read_postmaster_pid(const std::string& data) {
  const std::vector<std::string> lines = absl::StrSplit(contents(data + "/postmaster.pid"), '\n');
  PostmasterPid out;
  if (!absl::SimpleAtoi(lines[0], &out.pid) || out.pid <= 0) return std::nullopt;
  out.ready = lines.size() >= 8 && absl::StartsWith(lines[7], "ready");
  return out;
}

bool is_postmaster_of(pid_t pid, const std::string& data) {
  const std::string process = absl::StrCat("/proc/", pid);
  std::string name = contents(process + "/comm");
  if (!absl::StartsWith(name, "postgres")) return false;
  struct stat cwd;
  struct stat folder;
  return stat((process + "/cwd").c_str(), &cwd) == 0 && stat(data.c_str(), &folder) == 0 &&
         cwd.st_dev == folder.st_dev && cwd.st_ino == folder.st_ino;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/task/", pid, "/children"));
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

std::uint16_t free_loopback_port(std::uint16_t wanted) {
  if (const std::uint16_t port = wanted == 0 ? 0 : bound_port(wanted); port != 0) return port;
  // Below those that the kernel gives to outgoing connections, any of which could have it while its server is started anew; and
  // for two processes that look at once not the same.
  constexpr std::uint32_t kLowest = 15'000, kCount = 15'000, kOfAProcess = 97, kTries = 200;
  static std::atomic<std::uint32_t> asked{0};
  for (std::uint32_t i = 0; i < kTries; ++i) {
    const std::uint32_t nth = static_cast<std::uint32_t>(getpid()) * kOfAProcess + asked++;
    if (const std::uint16_t port = bound_port(static_cast<std::uint16_t>(kLowest + nth % kCount)); port != 0) return port;
  }
  return bound_port(0);
}

std::string tail_of(const std::string& path, std::int64_t offset, int lines) {
  const std::string all = contents(path);
  if (offset < 0 || static_cast<std::size_t>(offset) > all.size()) return {};
  std::string out = all.substr(static_cast<std::size_t>(offset));
  std::size_t at = out.size();
  for (int i = 0; i <= lines && at != out.npos && at > 0; ++i) at = out.rfind('\n', at - 1);
  return at == out.npos || at == 0 ? out : out.substr(at + 1);
}

std::int64_t size_of(const std::string& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(size);
}

}  // namespace quickbite::live
