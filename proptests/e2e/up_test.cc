// `quickbite up` as a user starts, asks and ends it. What matters besides its output: that nothing is left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "services/live/data_folder.h"
#include "services/live/http_client.h"
#include "services/live/json.h"
#include "services/live/patience.h"
#include "services/live/postgres_files.h"
#include "services/live/programs.h"
#include "services/live/server_process.h"

namespace quickbite {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::Duration kPatience = absl::Seconds(90);

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class Up : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "quickbite-up-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
    ::chmod(root_.c_str(), 0755);  // for the user postgres
    data_ = root_ + "/data";
    // As ./quickbite builds it, where there is Node.
    fs::create_directories(root_ + "/app");
    std::ofstream(root_ + "/app/index.html") << "<p>app</p>";
    std::ofstream(root_ + "/app/pages.txt") << "/status\n";
  }
  void TearDown() override {
    if (HasFailure()) std::cerr << "What it said and logged is in " << root_ << "\n" << output() << "\n";
    std::error_code error;
    if (!HasFailure()) fs::remove_all(root_, error);
  }

  std::unique_ptr<live::ServerProcess> start(std::vector<std::string> flags) {
    const auto program = live::find_program("quickbite");
    EXPECT_TRUE(program.ok()) << program.status();
    live::ProcessOptions options;
    options.command = {program.value_or(""), "up", "--data-dir", data_, "--app", root_ + "/app"};
    options.command.insert(options.command.end(), flags.begin(), flags.end());
    options.log_path = root_ + "/output";
    options.death_signal = SIGKILL;
    if (const char* jars = std::getenv("QUICKBITE_KAFKA_JARS"); jars != nullptr) {
      options.environment = {absl::StrCat("QUICKBITE_KAFKA_JARS=", jars)};
    }
    auto process = live::ServerProcess::start(options);
    EXPECT_TRUE(process.ok()) << process.status();
    return process.ok() ? *std::move(process) : nullptr;
  }

  std::optional<int> run(const std::vector<std::string>& flags) {
    fs::remove(root_ + "/output");
    return start(flags)->wait(kPatience);
  }

  std::string output() const { return read_file(root_ + "/output"); }

  void comes_to_say(const std::string& text) {
    const absl::Status said = live::await(live::Interrupt(), kPatience, [&] {
      return output().find(text) != std::string::npos ? absl::OkStatus() : absl::NotFoundError(text);
    });
    EXPECT_TRUE(said.ok()) << said << output();
  }

  // What a running one serves, once it does.
  live::Serving serving() {
    std::optional<live::Serving> serving;
    const absl::Status there = live::await(live::Interrupt(), kPatience, [&]() -> absl::Status {
      serving = live::DataFolder::look(data_);
      return serving && !serving->api.empty() ? absl::OkStatus() : absl::NotFoundError("it does not serve");
    });
    EXPECT_TRUE(there.ok()) << there << output();
    return serving.value_or(live::Serving{});
  }

  // The processes that name the data directory in their command line, or run in it.
  std::vector<std::string> left_behind() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::error_code error;
      const std::string command = read_file(entry.path() / "cmdline");
      const std::string folder = fs::read_symlink(entry.path() / "cwd", error).string();
      if (command.find(data_) != command.npos || folder.find(data_) != folder.npos) found.push_back(command);
    }
    return found;
  }

  void expect_nothing_left() {
    live::await(live::Interrupt(), absl::Seconds(20), [&] {
      return left_behind().empty() ? absl::OkStatus() : absl::UnavailableError("still there");
    }).IgnoreError();
    EXPECT_THAT(left_behind(), IsEmpty());
  }

  std::string root_;
  std::string data_;
};

std::uint16_t port_of(const std::string& url) {
  int port = 0;
  const std::size_t at = url.rfind(':');
  EXPECT_TRUE(absl::SimpleAtoi(url.substr(at + 1, url.find('/', at) - at - 1), &port)) << url;
  return static_cast<std::uint16_t>(port);
}

// A port that this test listens on: any, or that one, unless somebody else does.
class Taken {
 public:
  explicit Taken(std::uint16_t port = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int reuse = 1;  // what only lingers of closed connections takes nobody's port
    EXPECT_EQ(::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse)), 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(fd_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(fd_, 1) != 0) return;
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~Taken() { ::close(fd_); }
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  bool held() const { return port_ != 0; }
  std::string text() const { return std::to_string(port_); }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

TEST_F(Up, SweepsStartsPlaysAndEnds) {
  EXPECT_EQ(run({"--exit", "--seeds", "50"}), 0);
  const std::string said = output();
  for (const char* expected : {"50 of 50 seeds", "all properties held", "Crashes", "Sometimes", "S1  Stock is never negative",
                               "Kafka is stopped while people order", "Inventory is killed in the middle of its work",
                               "Something that is not JSON arrives", "4 of 4 stories held"}) {
    EXPECT_THAT(said, HasSubstr(expected));
  }
  EXPECT_EQ(said.find("\033["), said.npos) << "colour, although this is no terminal";
  expect_nothing_left();
}

TEST_F(Up, TellsWhatItServesAndEndsWithCtrlC) {
  const auto up = start({"--no-sweep", "--no-stories"});
  const live::Serving serving = this->serving();
  EXPECT_EQ(serving.pid, up->pid());
  EXPECT_EQ(serving.processes.size(), 4U);
  for (const auto& process : serving.processes) {
    EXPECT_EQ(::kill(process.pid, 0), 0) << process.name;
    EXPECT_TRUE(fs::exists(process.log)) << process.log;
  }
  const auto placed = live::HttpClient(port_of(serving.api)).post("/v1/orders", R"({"userId":"you","sku":"burger","quantity":2})");
  ASSERT_TRUE(placed.ok()) << placed.status();
  EXPECT_EQ(placed->status, 201) << placed->body;
  // The app, whose status page is told by `up` itself.
  EXPECT_EQ(serving.app, serving.api + "/");
  EXPECT_EQ(serving.status, serving.api + "/status");
  comes_to_say("Order with your thumb: " + serving.app);
  const auto page = live::HttpClient(port_of(serving.status)).get("/status");
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->body, "<p>app</p>");
  const auto where = live::HttpClient(port_of(serving.api)).get("/app.json");
  ASSERT_TRUE(where.ok()) << where.status();
  const auto json = live::HttpClient(port_of(live::json_member(where->body, "status"))).get("/status.json");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(live::parse_serving(json->body), serving);

  // Asked from outside, and by a second one.
  EXPECT_EQ(run({"--status"}), 0);
  EXPECT_THAT(output(), HasSubstr(serving.api));
  EXPECT_EQ(run({"--status", "--json"}), 0);
  EXPECT_EQ(live::parse_serving(output()), serving);
  EXPECT_EQ(run({"--exit", "--no-sweep"}), 2);
  EXPECT_THAT(output(), HasSubstr(absl::StrCat("in use by process ", up->pid())));

  up->signal(SIGINT);
  EXPECT_EQ(up->wait(kPatience), 0);
  expect_nothing_left();
  EXPECT_FALSE(live::HttpClient(port_of(serving.api)).get("/readyz").ok());
  EXPECT_EQ(run({"--status"}), 1);
  EXPECT_THAT(output(), HasSubstr("No `quickbite up` runs"));
}

TEST_F(Up, WithoutTheAppItSaysSoAndServesTheRest) {
  fs::remove(root_ + "/app/index.html");
  const auto up = start({"--no-sweep", "--no-stories"});
  const live::Serving serving = this->serving();
  EXPECT_EQ(serving.app, "");
  comes_to_say("is not built");
  EXPECT_EQ(live::HttpClient(port_of(serving.api)).get("/")->status, 404);
  const auto json = live::HttpClient(port_of(serving.status)).get("/status.json");
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_THAT(serving.status, HasSubstr("/status.json"));
  EXPECT_EQ(live::parse_serving(json->body), serving);
  up->signal(SIGINT);
  EXPECT_EQ(up->wait(kPatience), 0);
}

TEST_F(Up, KilledLeavesNothingThatTheNextCannotCleanUp) {
  {
    const auto up = start({"--no-sweep", "--no-stories"});
    serving();
    up->signal(SIGKILL);
    EXPECT_EQ(up->wait(kPatience), 128 + SIGKILL);
  }
  EXPECT_FALSE(live::DataFolder::look(data_).has_value());
  // At once, while what the killed one had started may still be ending.
  EXPECT_EQ(run({"--exit", "--no-sweep", "--no-stories"}), 0) << output();
  expect_nothing_left();
}

TEST_F(Up, InterruptedWhileItStartsItLeavesNothing) {
  const auto up = start({"--no-sweep"});
  const absl::Status begun = live::await(live::Interrupt(), kPatience, [&] {
    return output().find("databases quickbite_orders") != std::string::npos ? absl::OkStatus() : absl::NotFoundError("");
  });
  EXPECT_TRUE(begun.ok()) << output();
  up->signal(SIGTERM);
  EXPECT_EQ(up->wait(kPatience), 1);
  EXPECT_THAT(output(), HasSubstr("interrupted"));
  expect_nothing_left();
}

TEST_F(Up, APortThatWasAskedForAndIsTakenIsAnError) {
  const Taken taken;
  ASSERT_TRUE(taken.held());
  for (const std::string flag : {"--http-port", "--postgres-port", "--kafka-port", "--status-port"}) {
    EXPECT_EQ(run({"--exit", "--no-sweep", "--no-stories", flag, taken.text()}), 2) << flag << output();
    EXPECT_THAT(output(), HasSubstr(absl::StrCat("port ", taken.text(), " of 127.0.0.1 is taken"))) << flag;
  }
  expect_nothing_left();
}

TEST_F(Up, PortsCanBeChosenAndOthersAreTakenWhereTheUsualOnesAre) {
  const std::string chosen = std::to_string(live::free_loopback_port(0));
  // Somebody else's listening on 8080 serves as well; where he ended before `up` looked, it is done once more.
  for (int times = 0; times < 5; ++times) {
    const Taken usual(8080);
    EXPECT_EQ(run({"--exit", "--no-sweep", "--no-stories", "--postgres-port", chosen}), 0) << output();
    if (usual.held() || output().find("(8080 is taken)") != std::string::npos) break;
  }
  EXPECT_THAT(output(), HasSubstr("(8080 is taken)"));
  EXPECT_THAT(output(), HasSubstr("127.0.0.1:" + chosen));
  expect_nothing_left();
}

TEST_F(Up, WrongUsageIsSaidToBeSo) {
  EXPECT_EQ(run({"--json"}), 2);
  EXPECT_EQ(run({"--http-port", "70000"}), 2);
  EXPECT_EQ(run({"--no-such-flag"}), 2);
}

}  // namespace
}  // namespace quickbite
