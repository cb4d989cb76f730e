#include "services/live/server_process.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace quickbite::live {
namespace {

// All that the child needs, made before the fork: after it only async-signal-safe calls are allowed.
struct Prepared {
  explicit Prepared(const ProcessOptions& given) : options(given) {
    environment.insert(environment.end(), options.environment.begin(), options.environment.end());
    for (const std::string& word : options.command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    for (const std::string& word : environment) envp.push_back(const_cast<char*>(word.c_str()));
    envp.push_back(nullptr);
    const char* log = options.log_path.empty() ? "/dev/null" : options.log_path.c_str();
    log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (pipe2(error_pipe, O_CLOEXEC) != 0) error_pipe[0] = error_pipe[1] = -1;
  }
  ~Prepared() {
    for (const int fd : {log_fd, null_fd, error_pipe[0], error_pipe[1]}) {
      if (fd >= 0) close(fd);
    }
  }
  bool complete() const { return log_fd >= 0 && null_fd >= 0 && error_pipe[0] >= 0; }

  const ProcessOptions& options;
  std::vector<std::string> environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"};
  std::vector<char*> argv;
  std::vector<char*> envp;
  int log_fd = -1;
  int null_fd = -1;
  int error_pipe[2] = {-1, -1};  // closes when exec succeeds; else carries errno
};

bool become(const UserIds& user) {
  return setgroups(0, nullptr) == 0 && setgid(user.gid) == 0 && setuid(user.uid) == 0;
}

bool prepare_child(const Prepared& prepared, pid_t parent) {
  const ProcessOptions& options = prepared.options;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD}) ::signal(number, SIG_DFL);
  setsid();
  if (dup2(prepared.null_fd, 0) < 0 || dup2(prepared.log_fd, 1) < 0 || dup2(prepared.log_fd, 2) < 0) return false;
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);  // not every library of ours marks its sockets so
  if (chdir(options.directory.empty() ? "/" : options.directory.c_str()) != 0) return false;
  if (options.user && !become(*options.user)) return false;
  // After the change of user, which would clear it.
  if (prctl(PR_SET_PDEATHSIG, options.death_signal) != 0) return false;
  if (getppid() != parent) _exit(126);
  return true;
}

[[noreturn]] void run_child(const Prepared& prepared, pid_t parent) {
  if (prepare_child(prepared, parent)) execve(prepared.argv[0], prepared.argv.data(), prepared.envp.data());
  const int error = errno;
  (void)!write(prepared.error_pipe[1], &error, sizeof(error));
  _exit(127);
}

// 0, or why exec did not happen.
int exec_error(Prepared& prepared) {
  close(std::exchange(prepared.error_pipe[1], -1));
  int error = 0;
  ssize_t got = 0;
  while ((got = read(prepared.error_pipe[0], &error, sizeof(error))) < 0 && errno == EINTR) {
  }
  return got == sizeof(error) ? error : 0;
}

int exit_code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

absl::StatusOr<std::unique_ptr<ServerProcess>> ServerProcess::start(const ProcessOptions& options) {
  std::unique_ptr<ServerProcess> process(new ServerProcess());
  process->keeper_ = std::thread([&process = *process, options] { process.keep(options); });
  absl::MutexLock lock(&process->mutex_);
  process->mutex_.Await(absl::Condition(&process->started_));
  if (process->start_error_ == 0) return process;
  return absl::UnavailableError(absl::StrCat("cannot run ", absl::StrJoin(options.command, " "), ": ",
                                             std::strerror(process->start_error_)));
}

void ServerProcess::keep(const ProcessOptions& options) {
  Prepared prepared(options);
  const pid_t parent = getpid();
  const pid_t child = prepared.complete() ? fork() : -1;
  if (child == 0) run_child(prepared, parent);
  const int error = child < 0 ? errno : exec_error(prepared);
  {
    absl::MutexLock lock(&mutex_);
    pid_ = child;
    start_error_ = error;
    started_ = true;
    if (child < 0) exit_code_ = 127;
  }
  if (child < 0) return;
  // First without reaping: as long as nobody knows that it has ended, its pid must not become another's.
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
  }
  absl::MutexLock lock(&mutex_);
  int status = 0;
  waitpid(child, &status, 0);
  exit_code_ = exit_code_of(status);
}

ServerProcess::~ServerProcess() {
  signal(SIGKILL);
  if (keeper_.joinable()) keeper_.join();
}

bool ServerProcess::running() {
  absl::MutexLock lock(&mutex_);
  return !exit_code_.has_value();
}

void ServerProcess::signal(int number) {
  absl::MutexLock lock(&mutex_);
  if (!exit_code_ && pid_ > 0) kill(pid_, number);
}

std::optional<int> ServerProcess::wait(absl::Duration timeout) {
  absl::MutexLock lock(&mutex_);
  const auto ended = [this] { return exit_code_.has_value(); };
  mutex_.AwaitWithTimeout(absl::Condition(&ended), timeout);
  return exit_code_;
}

absl::StatusOr<int> run_to_end(const ProcessOptions& options, absl::Duration timeout) {
  absl::StatusOr<std::unique_ptr<ServerProcess>> process = ServerProcess::start(options);
  if (!process.ok()) return process.status();
  const std::optional<int> code = (*process)->wait(timeout);
  if (code) return *code;
  return absl::DeadlineExceededError(
      absl::StrCat(options.command.front(), " had not ended after ", absl::FormatDuration(timeout)));
}

}  // namespace quickbite::live
