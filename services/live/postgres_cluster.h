// A private PostgreSQL: initdb and a postmaster of our own in a folder of ours, for development, tests and `quickbite up`.
//
// It listens on loopback, and on a Unix socket in its data directory where the path is short enough; it trusts whoever can
// connect. As root it runs as the user postgres (PostgreSQL refuses root). It ends with this object or this process, however
// that ends; one that outlived a killed process is stopped by the next start in the same folder.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/live/server_process.h"

namespace quickbite::live {

struct PostgresOptions {
  std::string folder{};       // made where missing; holds data/, postgres.log and lock
  std::uint16_t port = 0;     // 0: any that is free
  bool port_exact = false;    // a port that is taken is an error, not a reason to take another
  bool fsync = true;          // false loses data when the machine (not the process) crashes
  std::string binaries{};     // where initdb and postgres are; "": found by find_postgres_binaries
  absl::Duration ready_timeout = absl::Seconds(60);  // of initdb, and of the start
};

// The folder of the newest server: /usr/lib/postgresql/*/bin, the folder of `postgres` on the PATH, `pg_config --bindir`.
// NotFound says what to install.
absl::StatusOr<std::string> find_postgres_binaries();

class PostgresCluster {
 public:
  // Returns when it accepts connections: about a second the first time, 0.2 s afterwards.
  //   AlreadyExists       the folder is in use by another process that lives, or the port is taken and `port_exact`
  //   NotFound            no PostgreSQL is installed, or there is no user postgres to run it as
  //   FailedPrecondition  the data is of another major version; the message says what to remove
  //   Unavailable         it did not start; the message ends with the last lines of its log
  static absl::StatusOr<std::unique_ptr<PostgresCluster>> start(const PostgresOptions& options);

  ~PostgresCluster();  // stop()
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // Ends sessions and shuts down in order (SIGINT, "fast"); kill() as if it had crashed (SIGKILL: its recovery is tried too).
  absl::Status stop();
  absl::Status kill();
  // After stop() or kill(): the same data on the same port.
  absl::Status restart();
  bool running();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_ == nullptr ? -1 : process_->pid(); }
  const std::string& binaries() const { return options_.binaries; }
  // Not folder/data where the user postgres cannot reach that (a clone under /root): then folder/data is a link to it.
  const std::string& data_directory() const { return data_; }
  std::string log_path() const { return options_.folder + "/postgres.log"; }

  // libpq's connection string: by the Unix socket where there is one, else by loopback.
  std::string connection(std::string_view database, std::string_view role) const;
  std::string tcp_connection(std::string_view database, std::string_view role) const;
  std::string superuser_connection() const { return connection("postgres", "postgres"); }

 private:
  explicit PostgresCluster(PostgresOptions options) : options_(std::move(options)) {}

  absl::Status lock_folder();
  absl::Status choose_user();
  absl::Status choose_data_directory();
  absl::Status initialise();
  absl::Status stop_leftover();
  absl::Status launch();
  absl::Status launch_once();
  absl::Status await_ready();
  absl::Status end(int signal, absl::Duration patience);
  bool has_socket() const;
  std::string log_since_start() const;

  PostgresOptions options_;
  std::optional<UserIds> user_;
  std::string data_;
  std::uint16_t port_ = 0;
  int lock_fd_ = -1;
  std::int64_t log_start_ = 0;  // the log's size when the present process was started
  std::unique_ptr<ServerProcess> process_;
};

}  // namespace quickbite::live
