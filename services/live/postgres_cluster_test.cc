#include "services/live/postgres_cluster.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/postgres/migrate.h"
#include "gtest/gtest.h"
#include "services/live/postgres_files.h"

namespace quickbite::live {
namespace {

namespace fs = std::filesystem;

// A folder under the system's temporary one, which every user may enter; gone when the test ends.
struct TemporaryFolder {
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "quickbite-cluster-XXXXXX").string();
    path = mkdtemp(pattern.data());
    chmod(path.c_str(), 0755);
  }
  ~TemporaryFolder() { fs::remove_all(path); }
  std::string path;
};

// One folder for all cases: initdb takes a second.
const std::string& shared_folder() {
  static const TemporaryFolder folder;
  return folder.path;
}

std::unique_ptr<PostgresCluster> started(PostgresOptions options = {}) {
  options.fsync = false;
  if (options.folder.empty()) options.folder = shared_folder();
  auto cluster = PostgresCluster::start(options);
  EXPECT_TRUE(cluster.ok()) << cluster.status();
  return cluster.ok() ? *std::move(cluster) : nullptr;
}

bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) absl::SleepFor(absl::Milliseconds(10));
  return condition();
}

bool serves(const std::string& connection) { return postgres::schema_version(connection).ok(); }

TEST(PostgresCluster, ServesOnItsSocketAndOnLoopback) {
  const auto cluster = started();
  ASSERT_NE(cluster, nullptr);
  EXPECT_TRUE(cluster->running());
  EXPECT_TRUE(serves(cluster->superuser_connection()));
  EXPECT_NE(cluster->superuser_connection().find(cluster->data_directory()), std::string::npos);
  EXPECT_TRUE(serves(cluster->tcp_connection("postgres", "postgres")));
  EXPECT_FALSE(serves(cluster->connection("postgres", "nobody")));
}

TEST(PostgresCluster, KeepsItsDataAndPortOverStopAndKill) {
  const auto cluster = started();
  ASSERT_NE(cluster, nullptr);
  ASSERT_TRUE(postgres::bootstrap(cluster->superuser_connection()).ok());
  const auto owner = [&] { return cluster->connection("quickbite_orders", postgres::kOwnerRole); };
  ASSERT_TRUE(postgres::migrate(owner(), postgres::Service::kOrders).ok());
  const std::uint16_t port = cluster->port();
  for (const auto end : {&PostgresCluster::stop, &PostgresCluster::kill}) {
    EXPECT_TRUE((cluster.get()->*end)().ok());
    EXPECT_FALSE(cluster->running());
    EXPECT_FALSE(serves(owner()));
    const absl::Status restarted = cluster->restart();
    ASSERT_TRUE(restarted.ok()) << restarted;
    EXPECT_EQ(cluster->port(), port);
    const auto version = postgres::schema_version(owner());
    EXPECT_TRUE(version.ok() && *version >= 1) << version.status();
  }
}

TEST(PostgresCluster, RefusesAFolderThatAnotherUses) {
  const auto cluster = started();
  ASSERT_NE(cluster, nullptr);
  const auto second = PostgresCluster::start({.folder = shared_folder()});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_NE(second.status().message().find(absl::StrCat(getpid())), std::string::npos) << second.status();
  EXPECT_TRUE(serves(cluster->superuser_connection()));
}

TEST(PostgresCluster, TakesAnotherPortWhereTheOneAskedForIsTaken) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(fd, 1), 0);
  ASSERT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::uint16_t taken = ntohs(address.sin_port);

  const auto exact = PostgresCluster::start({.folder = shared_folder(), .port = taken, .port_exact = true});
  EXPECT_EQ(exact.status().code(), absl::StatusCode::kAlreadyExists) << exact.status();

  const auto cluster = started({.folder = shared_folder(), .port = taken});
  ASSERT_NE(cluster, nullptr);
  EXPECT_NE(cluster->port(), taken);
  EXPECT_TRUE(serves(cluster->tcp_connection("postgres", "postgres")));
  close(fd);
}

TEST(PostgresCluster, StopsAPostmasterThatOutlivedItsOwner) {
  std::string data;
  {
    const auto cluster = started();
    ASSERT_NE(cluster, nullptr);
    data = cluster->data_directory();
  }
  struct stat owner;
  ASSERT_EQ(stat(data.c_str(), &owner), 0);
  std::optional<UserIds> user;
  if (geteuid() == 0) user = UserIds{owner.st_uid, owner.st_gid};
  auto leftover = ServerProcess::start({{*find_postgres_binaries() + "/postgres", "-D", data, "-c", "listen_addresses=",
                                         "-c", "unix_socket_directories=" + data},
                                        "/", "", user, 0});
  ASSERT_TRUE(leftover.ok()) << leftover.status();
  ASSERT_TRUE(eventually([&] {
    const auto pid = read_postmaster_pid(data);
    return pid && pid->ready;
  }));
  const auto cluster = started();
  ASSERT_NE(cluster, nullptr);
  EXPECT_TRUE(serves(cluster->superuser_connection()));
  EXPECT_FALSE((*leftover)->running());
}

TEST(PostgresCluster, LeavesAStrangerAloneWhosePidAStalePostmasterPidNames) {
  std::string data;
  {
    const auto cluster = started();
    ASSERT_NE(cluster, nullptr);
    data = cluster->data_directory();
  }
  auto stranger = ServerProcess::start({{"/bin/sleep", "60"}, "", "", {}, SIGKILL});
  ASSERT_TRUE(stranger.ok());
  std::ofstream(data + "/postmaster.pid") << (*stranger)->pid() << "\n" << data << "\n";
  const auto cluster = started();
  ASSERT_NE(cluster, nullptr);
  EXPECT_TRUE(serves(cluster->superuser_connection()));
  EXPECT_TRUE((*stranger)->running());
}

TEST(PostgresCluster, EndsWithAnOwnerThatIsKilled) {
  int pipe_fds[2];
  ASSERT_EQ(pipe(pipe_fds), 0);
  const pid_t owner = fork();
  ASSERT_GE(owner, 0);
  if (owner == 0) {
    const auto cluster = started();
    const pid_t pid = cluster == nullptr ? -1 : cluster->pid();
    if (write(pipe_fds[1], &pid, sizeof(pid)) == sizeof(pid)) pause();
    _exit(1);
  }
  pid_t postmaster = -1;
  ASSERT_EQ(read(pipe_fds[0], &postmaster, sizeof(postmaster)), static_cast<ssize_t>(sizeof(postmaster)));
  ASSERT_GT(postmaster, 0);
  ASSERT_EQ(::kill(owner, SIGKILL), 0);
  waitpid(owner, nullptr, 0);
  EXPECT_TRUE(eventually([&] { return ::kill(postmaster, 0) != 0; }));
  EXPECT_NE(started(), nullptr);
  close(pipe_fds[0]);
  close(pipe_fds[1]);
}

TEST(PostgresCluster, KeepsItsDataElsewhereWhereTheUserPostgresCannotGo) {
  if (geteuid() != 0) GTEST_SKIP() << "only root runs PostgreSQL as another user";
  const TemporaryFolder home;
  chmod(home.path.c_str(), 0700);
  std::string data;
  {
    const auto cluster = started({.folder = home.path + "/cluster"});
    ASSERT_NE(cluster, nullptr);
    data = cluster->data_directory();
    EXPECT_TRUE(serves(cluster->superuser_connection()));
    EXPECT_EQ(fs::read_symlink(home.path + "/cluster/data").string(), data);
  }
  fs::remove_all(data);
}

TEST(PostgresCluster, SaysWhyItDidNotStart) {
  const TemporaryFolder folder;
  { ASSERT_NE(started({.folder = folder.path}), nullptr); }
  std::ofstream(folder.path + "/data/postgresql.conf", std::ios::app) << "no_such_setting = 1\n";
  const auto broken = PostgresCluster::start({.folder = folder.path});
  EXPECT_EQ(broken.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_NE(broken.status().message().find("no_such_setting"), std::string::npos) << broken.status();
}

TEST(PostgresCluster, MakesAgainWhatAnInterruptedInitdbLeft) {
  const TemporaryFolder folder;
  std::ofstream(folder.path + "/initdb-unfinished") << "x\n";
  fs::create_directory(folder.path + "/data");
  std::ofstream(folder.path + "/data/PG_VERSION") << "15\n";
  struct stat owner;
  if (geteuid() == 0 && stat((shared_folder() + "/data").c_str(), &owner) == 0) {
    ASSERT_EQ(chown((folder.path + "/data").c_str(), owner.st_uid, owner.st_gid), 0);
  }
  const auto cluster = started({.folder = folder.path});
  ASSERT_NE(cluster, nullptr);
  EXPECT_TRUE(serves(cluster->superuser_connection()));
}

}  // namespace
}  // namespace quickbite::live
