#include "services/cli/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace quickbite::cli {
namespace {

constexpr int kTickMs = 100;

struct Pipe {
  int read = -1;
  int write = -1;
  static absl::StatusOr<Pipe> open() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe2");
    return Pipe{ends[0], ends[1]};
  }
};

// In the child: becomes the program, or tells through `failure` why it cannot.
[[noreturn]] void become(const Program& program, pid_t parent, int out, int failure) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  ::setpgid(0, 0);
  ::dup2(out, STDOUT_FILENO);
  if (!program.log_path.empty()) {
    const int log =
        ::open(program.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (log >= 0) ::dup2(log, STDERR_FILENO);
  }
  std::vector<char*> arguments;
  for (const std::string& word : program.command)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (::chdir(program.folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
  const int error = errno;
  [[maybe_unused]] const ssize_t ignored = ::write(failure, &error, sizeof error);
  ::_exit(127);
}

// Reads what the program writes until it has closed its stdout, or the time is up.
void collect(const Program& program, int fd, pid_t pid, absl::Time begun, Ended& ended) {
  for (;;) {
    pollfd polled{fd, POLLIN, 0};
    const int ready = ::poll(&polled, 1, kTickMs);
    program.tick();
    if (absl::Now() - begun > program.timeout && !ended.timed_out) {
      ended.timed_out = true;
      ::kill(-pid, SIGKILL);
    }
    if (ready <= 0) continue;
    std::array<char, 1 << 14> bytes;
    const ssize_t size = ::read(fd, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    ended.out.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

absl::StatusOr<Ended> run_program(const Program& program) {
  absl::StatusOr<Pipe> out = Pipe::open();
  if (!out.ok()) return out.status();
  absl::StatusOr<Pipe> failure = Pipe::open();
  if (!failure.ok()) return failure.status();
  const absl::Time begun = absl::Now();
  const pid_t parent = ::getpid();
  std::fflush(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return absl::ErrnoToStatus(errno, "fork");
  if (pid == 0) become(program, parent, out->write, failure->write);
  ::setpgid(pid, pid);  // either of the two is first
  ::close(out->write);
  ::close(failure->write);
  int error = 0;
  const bool failed = ::read(failure->read, &error, sizeof error) == sizeof error;
  ::close(failure->read);
  Ended ended;
  if (!failed) collect(program, out->read, pid, begun, ended);
  ::close(out->read);
  ended.code = wait_for(pid);
  ended.took = absl::Now() - begun;
  if (failed) return absl::ErrnoToStatus(error, absl::StrCat("cannot run ", program.command[0]));
  return ended;
}

}  // namespace quickbite::cli
