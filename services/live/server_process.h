// A server of somebody else's as our child process: it never outlives us, and it can run as another user than root.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace quickbite::live {

struct UserIds {
  uid_t uid;
  gid_t gid;
};

struct ProcessOptions {
  std::vector<std::string> command;     // an absolute path, then its arguments
  std::string directory;                // where it runs; "" is "/"
  std::string log_path;                 // what it writes to stdout and stderr is appended here; "" drops it
  std::optional<UserIds> user;          // whom to become; only root can
  int death_signal = SIGTERM;           // what it gets when we end without having stopped it
  std::vector<std::string> environment = {};  // "NAME=value", beside PATH, LC_ALL and TZ; nothing of ours is passed on
};

// Runs in a session of its own, so Ctrl-C in a terminal reaches us and not it: we decide when it stops.
class ServerProcess {
 public:
  // Unavailable: it could not be started; the message says why.
  static absl::StatusOr<std::unique_ptr<ServerProcess>> start(const ProcessOptions& options);

  ~ServerProcess();  // SIGKILL, unless it has ended
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);

  // The exit code, or 128 and the signal that ended it; nullopt where it still runs after `timeout`.
  std::optional<int> wait(absl::Duration timeout);

 private:
  ServerProcess() = default;
  void keep(const ProcessOptions& options);

  absl::Mutex mutex_;
  pid_t pid_ = -1;  // set once, before start() returns
  bool started_ = false;
  int start_error_ = 0;
  std::optional<int> exit_code_;
  // Starts the process and stays until it has ended: the kernel's parent-death signal comes when the *thread* that started a
  // process ends, and the caller's thread may well end before its process does.
  std::thread keeper_;
};

// Runs a command to its end. Its exit code; DeadlineExceeded where it had to be killed.
absl::StatusOr<int> run_to_end(const ProcessOptions& options, absl::Duration timeout);

}  // namespace quickbite::live
