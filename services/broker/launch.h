// Starting an embedded broker as a child process: for tests, and for whoever brings a whole system
// up.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace quickbite::broker {

struct LaunchOptions {
  std::string executable;    // path of quickbite-broker
  std::string control_path;  // where its control socket will be; required
  std::string log_path;      // what it writes to stderr is appended here; "": this process's stderr
  std::vector<std::string> flags;  // further flags, such as "--port=9092"
  absl::Duration ready_timeout = absl::Seconds(10);
};

// A running quickbite-broker. It ends with this object, and with the thread that launched it (the
// kernel's parent-death signal belongs to a thread): launch from one that stays.
class LaunchedBroker {
 public:
  // Returns when the broker serves. AlreadyExists: it ended with code 2 (port or control path
  // taken, or a wrong flag; its stderr says which). Unavailable: it ended otherwise.
  // DeadlineExceeded: it was not ready in time.
  static absl::StatusOr<LaunchedBroker> launch(const LaunchOptions& options);

  LaunchedBroker(LaunchedBroker&& other) noexcept { *this = std::move(other); }
  LaunchedBroker& operator=(LaunchedBroker&& other) noexcept;
  ~LaunchedBroker();  // SIGKILL

  pid_t pid() const { return pid_; }
  std::uint16_t port() const { return port_; }
  const std::string& bootstrap() const { return bootstrap_; }      // "127.0.0.1:PORT"
  const std::string& incarnation() const { return incarnation_; }  // a UUID, new with every process

  // See services/broker/control.h.
  absl::StatusOr<std::string> control(std::string_view command) const;

  // Sends the signal and waits: the exit code, or 128 and the signal that ended it.
  // DeadlineExceeded: it runs on.
  absl::StatusOr<int> stop(int signal, absl::Duration timeout = absl::Seconds(5));

 private:
  LaunchedBroker() = default;
  absl::Status read_ready_line(int fd, absl::Time deadline);

  pid_t pid_ = -1;  // -1: none, or ended and waited for
  std::uint16_t port_ = 0;
  std::string bootstrap_;
  std::string incarnation_;
  std::string control_path_;
};

}  // namespace quickbite::broker
