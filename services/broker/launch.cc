#include "services/broker/launch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "services/broker/control.h"
#include "services/broker/unix_socket.h"

namespace quickbite::broker {
namespace {

// Runs in the child, where only async-signal-safe functions may be called.
[[noreturn]] void become(const std::vector<char*>& arguments, int out, int log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  ::dup2(out, STDOUT_FILENO);
  if (log >= 0) ::dup2(log, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(arguments[0], arguments.data());
  ::_exit(127);
}

int exit_code(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

std::optional<int> wait_until(pid_t pid, absl::Time deadline) {
  for (;;) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) return exit_code(status);
    if (absl::Now() >= deadline) return std::nullopt;
    absl::SleepFor(absl::Milliseconds(2));
  }
}

}  // namespace

absl::StatusOr<LaunchedBroker> LaunchedBroker::launch(const LaunchOptions& options) {
  std::vector<std::string> words{options.executable, "--control", options.control_path,
                                 "--die-with-parent"};
  words.insert(words.end(), options.flags.begin(), options.flags.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe");
  const Fd out(ends[0]);
  Fd in(ends[1]);
  Fd log;
  if (!options.log_path.empty()) {
    log = Fd(::open(options.log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!log.open())
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot write ", options.log_path));
  }
  LaunchedBroker broker;
  broker.control_path_ = options.control_path;
  const pid_t parent = ::getpid();
  broker.pid_ = ::fork();
  if (broker.pid_ == 0) become(arguments, in.get(), log.get(), parent);
  if (broker.pid_ < 0) return absl::ErrnoToStatus(errno, "fork");
  in = Fd();
  if (absl::Status ready = broker.read_ready_line(out.get(), absl::Now() + options.ready_timeout);
      !ready.ok()) {
    return ready;
  }
  return broker;
}

absl::Status LaunchedBroker::read_ready_line(int fd, absl::Time deadline) {
  std::string line;
  while (line.empty() || line.back() != '\n') {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration())
      return absl::DeadlineExceededError("quickbite-broker was not ready in time");
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1) <= 0) continue;
    char byte = 0;
    if (::read(fd, &byte, 1) == 1) {
      line += byte;
      continue;
    }
    const std::optional<int> code = wait_until(pid_, deadline);
    if (!code) return absl::DeadlineExceededError("quickbite-broker closed its output and runs on");
    pid_ = -1;
    const std::string why =
        absl::StrCat("quickbite-broker ended with code ", *code, " before it was ready");
    return *code == 2 ? absl::AlreadyExistsError(why) : absl::UnavailableError(why);
  }
  line.pop_back();
  for (const absl::string_view word : absl::StrSplit(line, ' ')) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(word, absl::MaxSplits('=', 1));
    int port = 0;
    if (pair.first == "bootstrap") bootstrap_ = pair.second;
    if (pair.first == "incarnation") incarnation_ = pair.second;
    if (pair.first == "port" && absl::SimpleAtoi(pair.second, &port))
      port_ = static_cast<std::uint16_t>(port);
  }
  if (port_ == 0 || incarnation_.empty())
    return absl::UnavailableError(absl::StrCat("not a ready line: ", line));
  return absl::OkStatus();
}

LaunchedBroker& LaunchedBroker::operator=(LaunchedBroker&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(port_, other.port_);
  std::swap(bootstrap_, other.bootstrap_);
  std::swap(incarnation_, other.incarnation_);
  std::swap(control_path_, other.control_path_);
  return *this;
}

LaunchedBroker::~LaunchedBroker() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

absl::StatusOr<std::string> LaunchedBroker::control(std::string_view command) const {
  return broker_control(control_path_, command);
}

absl::StatusOr<int> LaunchedBroker::stop(int signal, absl::Duration timeout) {
  if (pid_ < 0) return absl::FailedPreconditionError("quickbite-broker has ended already");
  ::kill(pid_, signal);
  const std::optional<int> code = wait_until(pid_, absl::Now() + timeout);
  if (!code) return absl::DeadlineExceededError("quickbite-broker runs on");
  pid_ = -1;
  return *code;
}

}  // namespace quickbite::broker
