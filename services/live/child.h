// Child: one of our own servers as a process of ours, that is known to be ready, and that can be
// ended, killed, stopped for a while and started again.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/live/patience.h"
#include "services/live/server_process.h"

namespace quickbite::live {

struct ChildOptions {
  std::string name;                  // "Orders", for a person
  std::vector<std::string> command;  // an absolute path, then its arguments
  std::vector<std::string> environment;  // "NAME=value": what it should not say to every user
  std::string log_path;              // what it says is appended here
  // Ok where it serves; else why not yet. Asked until it is.
  std::function<absl::Status()> ready;
  absl::Duration ready_timeout = absl::Seconds(30);
};

class Child {
 public:
  explicit Child(ChildOptions options) : options_(std::move(options)) {}
  ~Child() { kill(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Begins the process, without waiting for anything.
  absl::Status launch();
  // Waits until it is ready. Unavailable: it ended, or was not ready in time; the message ends with
  // the last lines of its log. Cancelled: interrupted. The process runs on unless it ended.
  absl::Status await_ready(const Interrupt& interrupt);
  // launch, then await_ready.
  absl::Status start(const Interrupt& interrupt);

  // SIGTERM, and its exit code; DeadlineExceeded where it had to be killed after `patience`. One
  // that does not run has ended with 0.
  absl::StatusOr<int> stop(absl::Duration patience = absl::Seconds(15));
  // SIGKILL: as if it had crashed.
  void kill();
  // SIGSTOP and SIGCONT.
  void pause() { signal(SIGSTOP); }
  void resume() { signal(SIGCONT); }
  void signal(int number);

  bool running() { return process_ != nullptr && process_->running(); }
  pid_t pid() const { return process_ == nullptr ? -1 : process_->pid(); }
  const std::string& name() const { return options_.name; }
  const std::string& log_path() const { return options_.log_path; }
  const std::vector<std::string>& command() const { return options_.command; }
  // What it said since it was last launched, at most its last lines.
  std::string log_tail(int lines = 10) const;

 private:
  absl::Status failure(std::string_view what) const;

  ChildOptions options_;
  std::int64_t log_start_ = 0;  // the log's size when the present process was started
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace quickbite::live
