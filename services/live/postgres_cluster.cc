#include "services/live/postgres_cluster.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "adapters/postgres/connection_string.h"
#include "domain/base/hash.h"
#include "services/live/postgres_files.h"

namespace quickbite::live {
namespace fs = std::filesystem;
namespace {

constexpr absl::Duration kFastShutdown = absl::Seconds(10);
constexpr absl::Duration kPoll = absl::Milliseconds(10);
constexpr int kLaunches = 20;              // tries, where a port was snatched or a dead server's children still end
constexpr std::size_t kSocketPathMax = 107;  // sockaddr_un

std::string trimmed_first_line(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// Where initdb and postgres run: relative paths would not survive the change of folder.
std::string absolute(const std::string& path) {
  std::error_code error;
  const fs::path out = fs::weakly_canonical(fs::absolute(path), error);
  return error ? path : out.string();
}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresCluster>> PostgresCluster::start(const PostgresOptions& options) {
  std::unique_ptr<PostgresCluster> cluster(new PostgresCluster(options));
  PostgresOptions& own = cluster->options_;
  own.folder = absolute(own.folder);
  if (own.binaries.empty()) {
    const absl::StatusOr<std::string> found = find_postgres_binaries();
    if (!found.ok()) return found.status();
    own.binaries = *found;
  }
  std::error_code error;
  fs::create_directories(own.folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", own.folder, ": ", error.message()));
  using Step = absl::Status (PostgresCluster::*)();
  for (const Step step : {&PostgresCluster::lock_folder, &PostgresCluster::choose_user,
                          &PostgresCluster::choose_data_directory, &PostgresCluster::stop_leftover,
                          &PostgresCluster::initialise, &PostgresCluster::launch}) {
    if (const absl::Status status = (cluster.get()->*step)(); !status.ok()) return status;
  }
  return cluster;
}

PostgresCluster::~PostgresCluster() {
  stop().IgnoreError();
  process_.reset();
  if (lock_fd_ >= 0) close(lock_fd_);
}

absl::Status PostgresCluster::stop() { return end(SIGINT, kFastShutdown); }

// A backend goes on for a moment when its postmaster is gone, and could still commit: a crash takes them all.
absl::Status PostgresCluster::kill() {
  if (process_ == nullptr) return absl::OkStatus();
  const std::vector<pid_t> backends = children_of(process_->pid());
  const absl::Status ended = end(SIGKILL, kFastShutdown);
  for (const pid_t backend : backends) ::kill(backend, SIGKILL);
  for (const pid_t backend : backends) {
    for (int look = 0; look < 200 && ::kill(backend, 0) == 0; ++look) absl::SleepFor(kPoll);
  }
  return ended;
}

absl::Status PostgresCluster::end(int signal, absl::Duration patience) {
  if (process_ == nullptr) return absl::OkStatus();
  process_->signal(signal);
  bool ended = process_->wait(patience).has_value();
  if (!ended) {
    process_->signal(SIGQUIT);  // "immediate": recovers at the next start
    ended = process_->wait(patience).has_value();
  }
  process_.reset();
  return ended ? absl::OkStatus() : absl::DeadlineExceededError("PostgreSQL did not stop and was killed");
}

absl::Status PostgresCluster::restart() {
  if (const absl::Status status = stop(); !status.ok()) return status;
  options_.port = port_;
  options_.port_exact = true;
  return launch();
}

bool PostgresCluster::running() { return process_ != nullptr && process_->running(); }

// Held as long as this object lives, and let go by the kernel however this process ends.
absl::Status PostgresCluster::lock_folder() {
  const std::string path = options_.folder + "/lock";
  lock_fd_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_fd_ < 0) return absl::UnavailableError(absl::StrCat("cannot open ", path, ": ", std::strerror(errno)));
  if (flock(lock_fd_, LOCK_EX | LOCK_NB) != 0) {
    return absl::AlreadyExistsError(
        absl::StrCat(options_.folder, " is in use by process ", trimmed_first_line(path)));
  }
  const std::string pid = absl::StrCat(getpid(), "\n");
  if (ftruncate(lock_fd_, 0) != 0 || write(lock_fd_, pid.data(), pid.size()) < 0) {
    return absl::UnavailableError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

absl::Status PostgresCluster::choose_user() {
  if (geteuid() != 0) return absl::OkStatus();
  const passwd* postgres = getpwnam("postgres");
  if (postgres == nullptr) {
    return absl::NotFoundError("PostgreSQL refuses to run as root, and there is no user postgres to run it as");
  }
  user_ = UserIds{postgres->pw_uid, postgres->pw_gid};
  return absl::OkStatus();
}

absl::Status PostgresCluster::choose_data_directory() {
  data_ = options_.folder + "/data";
  if (user_ && !may_enter(*user_, options_.folder)) {
    const std::string elsewhere =
        absl::StrFormat("/var/tmp/quickbite-postgres-%016x", hash_of(options_.folder));
    std::error_code error;
    if (!fs::is_symlink(data_, error)) fs::create_directory_symlink(elsewhere, data_, error);
    data_ = elsewhere;
  }
  return make_private_directory(data_, user_);
}

// A postmaster whose owner was killed gets a signal from the kernel; this is for where that came to nothing.
absl::Status PostgresCluster::stop_leftover() {
  const auto leftover = read_postmaster_pid(data_);
  if (!leftover) return absl::OkStatus();
  for (const auto& [signal, patience] : {std::pair(SIGINT, kFastShutdown), {SIGQUIT, kFastShutdown},
                                         {SIGKILL, absl::Seconds(1)}}) {
    const absl::Time deadline = absl::Now() + patience;
    if (is_postmaster_of(leftover->pid, data_)) ::kill(leftover->pid, signal);
    while (is_postmaster_of(leftover->pid, data_) && absl::Now() < deadline) absl::SleepFor(kPoll);
  }
  if (is_postmaster_of(leftover->pid, data_)) {
    return absl::AlreadyExistsError(
        absl::StrCat("a PostgreSQL (process ", leftover->pid, ") runs in ", data_, " and cannot be stopped"));
  }
  std::error_code error;
  fs::remove(data_ + "/postmaster.pid", error);  // its pid may be another process's by now, which PostgreSQL would believe
  return absl::OkStatus();
}

absl::Status PostgresCluster::initialise() {
  const std::string unfinished = options_.folder + "/initdb-unfinished";
  std::error_code error;
  if (fs::exists(unfinished, error)) {  // what an interrupted initdb left is worth nothing
    for (const auto& entry : fs::directory_iterator(data_, error)) fs::remove_all(entry.path(), error);
  }
  if (!fs::is_empty(data_, error)) return absl::OkStatus();
  std::ofstream(unfinished) << "data/ is half made\n";
  const std::int64_t log_start = size_of(log_path());
  const ProcessOptions initdb{{options_.binaries + "/initdb", "--pgdata=" + data_, "--username=postgres", "--auth=trust",
                               "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"},
                              "/",
                              log_path(),
                              user_,
                              SIGKILL};
  const absl::StatusOr<int> code = run_to_end(initdb, options_.ready_timeout);
  if (!code.ok()) return code.status();
  if (*code != 0) {
    return absl::UnavailableError(
        absl::StrCat("initdb failed; the end of ", log_path(), ":\n", tail_of(log_path(), log_start, 10)));
  }
  fs::remove(unfinished, error);
  return absl::OkStatus();
}

absl::Status PostgresCluster::launch() {
  absl::Status status;
  for (int i = 0; i < kLaunches; ++i) {
    status = launch_once();
    if (status.ok()) return status;
    const std::string log = log_since_start();
    const bool port_taken = absl::StrContains(log, "could not bind") || absl::StrContains(log, "could not create any TCP");
    const bool children_end = absl::StrContains(log, "pre-existing shared memory block");
    if (absl::StrContains(log, "incompatible with server")) {
      return absl::FailedPreconditionError(absl::StrCat(data_, " was made by another major version than ",
                                                        options_.binaries, ": remove ", options_.folder));
    }
    if (port_taken && options_.port_exact) {
      return absl::AlreadyExistsError(absl::StrCat("port ", port_, " of 127.0.0.1 is taken"));
    }
    if (!port_taken && !children_end) return status;
    if (children_end) absl::SleepFor(absl::Milliseconds(250));
  }
  return status;
}

absl::Status PostgresCluster::launch_once() {
  port_ = options_.port_exact ? options_.port : free_loopback_port(options_.port);
  if (port_ == 0) return absl::UnavailableError("no port of 127.0.0.1 is free");
  log_start_ = size_of(log_path());
  const std::vector<std::string> settings = {
      absl::StrCat("port=", port_), "listen_addresses=127.0.0.1",
      absl::StrCat("unix_socket_directories=", has_socket() ? data_ : ""),
      absl::StrCat("fsync=", options_.fsync ? "on" : "off"),
      // Room for two services with several replicas, tests and a benchmark; memory is only taken when used.
      "max_connections=200", "shared_buffers=128MB",
      // Checkpoints by time, not by volume, or a benchmark pays for the full pages after each.
      "max_wal_size=2GB", "checkpoint_timeout=15min", "log_line_prefix=%m [%p] %a ",
      "log_destination=stderr", "logging_collector=off"};
  ProcessOptions postgres{{options_.binaries + "/postgres", "-D", data_}, "/", log_path(), user_, SIGINT};
  for (const std::string& setting : settings) {
    postgres.command.push_back("-c");
    postgres.command.push_back(setting);
  }
  absl::StatusOr<std::unique_ptr<ServerProcess>> process = ServerProcess::start(postgres);
  if (!process.ok()) return process.status();
  process_ = *std::move(process);
  return await_ready();
}

absl::Status PostgresCluster::await_ready() {
  const absl::Time deadline = absl::Now() + options_.ready_timeout;
  while (absl::Now() < deadline) {
    const auto status = read_postmaster_pid(data_);
    if (status && status->pid == process_->pid() && status->ready) return absl::OkStatus();
    if (!process_->running()) {
      process_.reset();
      return absl::UnavailableError(
          absl::StrCat("PostgreSQL did not start; the end of ", log_path(), ":\n", log_since_start()));
    }
    absl::SleepFor(kPoll);
  }
  process_.reset();
  return absl::UnavailableError(absl::StrCat("PostgreSQL was not ready after ",
                                             absl::FormatDuration(options_.ready_timeout), "; the end of ", log_path(),
                                             ":\n", log_since_start()));
}

std::string PostgresCluster::log_since_start() const { return tail_of(log_path(), log_start_, 10); }

bool PostgresCluster::has_socket() const { return absl::StrCat(data_, "/.s.PGSQL.65535").size() <= kSocketPathMax; }

std::string PostgresCluster::connection(std::string_view database, std::string_view role) const {
  if (!has_socket()) return tcp_connection(database, role);
  std::string host = data_;
  for (std::size_t at = 0; (at = host.find_first_of("'\\", at)) != host.npos; at += 2) host.insert(at, "\\");
  return postgres::with_database(absl::StrCat("host='", host, "' port=", port_), database, role);
}

std::string PostgresCluster::tcp_connection(std::string_view database, std::string_view role) const {
  return postgres::with_database(absl::StrCat("host=127.0.0.1 port=", port_), database, role);
}

}  // namespace quickbite::live
