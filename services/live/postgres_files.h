// The files of a private PostgreSQL: who may reach them, and what its postmaster.pid says.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/live/server_process.h"

namespace quickbite::live {

// True where `user` may enter `directory` and every folder above it.
bool may_enter(const UserIds& user, const std::string& directory);

// Makes `directory`, mode 0700, owned by `user` (by us, where there is none). One that is there already must be no link and
// belong to that user.
absl::Status make_private_directory(const std::string& directory, const std::optional<UserIds>& user);

struct PostmasterPid {
  pid_t pid = -1;
  bool ready = false;
};
// What DATA/postmaster.pid says (PostgreSQL's src/include/utils/pidfile.h: line 1 the pid, line 8 the status).
std::optional<PostmasterPid> read_postmaster_pid(const std::string& data);

// True where process `pid` is a postgres that runs in the folder `data`: a postmaster's working directory is its data's.
bool is_postmaster_of(pid_t pid, const std::string& data);

// The processes that `pid` started and that have not been waited for (proc(5), /proc/PID/task/TID/children).
std::vector<pid_t> children_of(pid_t pid);

// A TCP port of loopback that nobody listens on: `wanted` if that is free, else any. 0 where there is none.
std::uint16_t free_loopback_port(std::uint16_t wanted);
inline constexpr int kPortAttempts = 3;  // to start at a port that was found free: somebody else may have taken it since

// What `path` holds from `offset` on, at most its last `lines` lines.
std::string tail_of(const std::string& path, std::int64_t offset, int lines);
std::int64_t size_of(const std::string& path);

}  // namespace quickbite::live
