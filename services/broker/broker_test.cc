// The embedded broker as a process: what a client of Kafka, and whoever started it, sees of it.
#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/broker/control.h"
#include "services/broker/launch.h"
#include "services/broker/test_client.h"

namespace quickbite::broker {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A folder of its own for each test, gone afterwards.
class EmbeddedBroker : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = ::testing::TempDir() + "/quickbite-broker-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = whole_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(whole_); }

  std::string path(const std::string& name) const { return folder_ / name; }

  absl::StatusOr<LaunchedBroker> launch(std::vector<std::string> flags = {},
                                        const std::string& name = "broker") {
    return LaunchedBroker::launch(
        {QUICKBITE_BROKER, path(name + ".sock"), path(name + ".log"), std::move(flags)});
  }

  std::string log(const std::string& name = "broker") const { return read(path(name + ".log")); }

  static std::string read(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::filesystem::path folder_;  // or one in it, where a case says so
  std::filesystem::path whole_;
};

struct Ran {
  int code;
  std::string output;
};
Ran run(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  std::string output;
  std::array<char, 4096> bytes;
  for (std::size_t got; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;) {
    output.append(bytes.data(), got);
  }
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, output};
}

TEST_F(EmbeddedBroker, CreatesQuickBitesTopicsWhenItStarts) {
  auto broker = launch({"--partitions=3"});
  ASSERT_TRUE(broker.ok()) << broker.status();
  TestClient client(RD_KAFKA_PRODUCER, broker->bootstrap());
  const std::map<std::string, int> topics = client.topics(milliseconds(5000));
  EXPECT_EQ(topics,
            (std::map<std::string, int>{{"orders.v1", 3},
                                        {"inventory.v1", 3},
                                        {"orders.dlq.v1", 1},
                                        {"inventory.dlq.v1", 1},
                                        {"quickbite.incarnation." + broker->incarnation(), 1}}));
}

TEST_F(EmbeddedBroker, CreatesTheTopicsThatItIsToldTo) {
  auto broker = launch({"--topics=a:2,b"});
  ASSERT_TRUE(broker.ok()) << broker.status();
  ASSERT_TRUE(broker->control("topic later:5").ok());
  TestClient client(RD_KAFKA_PRODUCER, broker->bootstrap());
  std::map<std::string, int> topics = client.topics(milliseconds(5000));
  topics.erase("quickbite.incarnation." + broker->incarnation());
  EXPECT_EQ(topics, (std::map<std::string, int>{{"a", 2}, {"b", 1}, {"later", 5}}));
  EXPECT_THAT(std::string(broker->control("topic later:5").status().message()),
              HasSubstr("already exists"));
}

TEST_F(EmbeddedBroker, KeepsItsLogWhileItIsDown) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  TestClient producer(RD_KAFKA_PRODUCER, broker->bootstrap());
  ASSERT_TRUE(producer.produce("orders.v1", "before"));

  ASSERT_TRUE(broker->control("down").ok());
  producer.send("orders.v1", "meanwhile");
  EXPECT_EQ(producer.acked_within(milliseconds(500)), 1)
      << "a broker that is down acknowledges nothing";
  EXPECT_TRUE(TestClient(RD_KAFKA_PRODUCER, broker->bootstrap()).topics(milliseconds(300)).empty());

  ASSERT_TRUE(broker->control("up").ok());
  EXPECT_EQ(producer.acked_within(milliseconds(10000)), 2);
  ASSERT_TRUE(producer.produce("orders.v1", "after"));
  EXPECT_THAT(TestClient(RD_KAFKA_CONSUMER, broker->bootstrap()).read_all("orders.v1"),
              ElementsAre("before", "meanwhile", "after"));
}

TEST_F(EmbeddedBroker, GoesDownAndUpAsOftenAsItIsToldTo) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  TestClient producer(RD_KAFKA_PRODUCER, broker->bootstrap());
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(*broker->control("down"), "ok");
    ASSERT_EQ(*broker->control("down"), "ok");
    ASSERT_THAT(*broker->control("status"), HasSubstr(R"("state":"down")"));
    ASSERT_EQ(*broker->control("up"), "ok");
    ASSERT_EQ(*broker->control("up"), "ok");
    ASSERT_THAT(*broker->control("status"), HasSubstr(R"("state":"up")"));
  }
  EXPECT_TRUE(producer.produce("orders.v1", "still here"));
}

TEST_F(EmbeddedBroker, ListensWhereItIsToldToAndAgainAfterItWasKilled) {
  auto first = launch();
  ASSERT_TRUE(first.ok()) << first.status();
  const std::uint16_t port = first->port();
  TestClient client(RD_KAFKA_PRODUCER, first->bootstrap());
  ASSERT_TRUE(client.produce("orders.v1", "lost with its process"));
  // Ends it with a connection open, which leaves a socket in TIME_WAIT, and a control socket that
  // nobody serves.
  ASSERT_TRUE(first->stop(SIGKILL).ok());
  auto second = launch({absl::StrCat("--port=", port)});
  ASSERT_TRUE(second.ok()) << second.status() << log();
  EXPECT_EQ(second->port(), port);
  EXPECT_TRUE(client.produce("orders.v1", "found"));
}

TEST_F(EmbeddedBroker, RefusesAPortThatIsTaken) {
  auto first = launch();
  ASSERT_TRUE(first.ok()) << first.status();
  auto second = launch({absl::StrCat("--port=", first->port())}, "second");
  EXPECT_TRUE(absl::IsAlreadyExists(second.status())) << second.status();
  EXPECT_EQ(log("second"),
            absl::StrCat("quickbite-broker: port ", first->port(), " of 127.0.0.1 is taken\n"));
  EXPECT_FALSE(std::filesystem::exists(path("second.sock")));
}

TEST_F(EmbeddedBroker, RefusesAControlPathThatIsTaken) {
  auto first = launch();
  ASSERT_TRUE(first.ok()) << first.status();
  auto second = launch();
  EXPECT_TRUE(absl::IsAlreadyExists(second.status())) << second.status();
  EXPECT_THAT(log(), HasSubstr("another process listens at"));
  EXPECT_TRUE(first->control("status").ok()) << "the first one keeps its socket";

  std::ofstream(path("file.sock")) << "precious";
  EXPECT_TRUE(absl::IsAlreadyExists(launch({}, "file").status()));
  EXPECT_EQ(read(path("file.sock")), "precious");
}

TEST_F(EmbeddedBroker, RunsBesideAnother) {
  auto one = launch({}, "one");
  auto two = launch({}, "two");
  ASSERT_TRUE(one.ok() && two.ok()) << one.status() << two.status();
  EXPECT_NE(one->port(), two->port());
  EXPECT_NE(one->incarnation(), two->incarnation());
  ASSERT_TRUE(TestClient(RD_KAFKA_PRODUCER, one->bootstrap()).produce("orders.v1", "of one"));
  ASSERT_TRUE(one->control("down").ok());
  EXPECT_TRUE(TestClient(RD_KAFKA_CONSUMER, two->bootstrap()).read_all("orders.v1").empty());
}

TEST_F(EmbeddedBroker, ListensOnLoopbackOnly) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  // /proc/net/tcp: "0100007F:PORT" is 127.0.0.1, state 0A is LISTEN.
  const std::string table = read("/proc/net/tcp");
  char port[8];
  std::snprintf(port, sizeof(port), "%04X", broker->port());
  EXPECT_THAT(table, HasSubstr(absl::StrCat("0100007F:", port, " 00000000:0000 0A")));
  EXPECT_EQ(table.find(absl::StrCat("00000000:", port, " 00000000:0000 0A")), std::string::npos);
}

TEST_F(EmbeddedBroker, EndsWithZeroAndTidiesUpAtASignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    auto broker = launch({"--status-file", path("status.json")});
    ASSERT_TRUE(broker.ok()) << broker.status();
    TestClient client(RD_KAFKA_PRODUCER, broker->bootstrap());
    ASSERT_TRUE(client.produce("orders.v1", "x"));
    ASSERT_TRUE(std::filesystem::exists(path("status.json")));
    const absl::Time before = absl::Now();
    const absl::StatusOr<int> code = broker->stop(signal);
    ASSERT_TRUE(code.ok()) << code.status();
    EXPECT_EQ(*code, 0);
    EXPECT_LT(absl::Now() - before, absl::Seconds(2));
    EXPECT_FALSE(std::filesystem::exists(path("status.json")));
    EXPECT_FALSE(std::filesystem::exists(path("broker.sock")));
    EXPECT_TRUE(absl::IsUnavailable(broker->control("status").status()));
  }
}

TEST_F(EmbeddedBroker, TellsItsStatusInAFile) {
  auto broker = launch({"--status-file", path("status.json")});
  ASSERT_TRUE(broker.ok()) << broker.status();
  EXPECT_THAT(read(path("status.json")),
              AllOf(HasSubstr(absl::StrCat(R"({"state":"up","pid":)", broker->pid(), ",\"port\":",
                                           broker->port(), ",\"bootstrap\":\"", broker->bootstrap(),
                                           R"(","incarnation":")", broker->incarnation())),
                    HasSubstr(R"({"name":"orders.v1","partitions":4})")));
  ASSERT_TRUE(broker->control("down").ok());
  EXPECT_THAT(read(path("status.json")), HasSubstr(R"("state":"down")"));
}

TEST_F(EmbeddedBroker, DiesWithItsParentWhenToldTo) {
  const std::string status = path("status.json");
  const pid_t parent = ::fork();
  if (parent == 0) {
    if (::fork() == 0) {
      ::execl(QUICKBITE_BROKER, QUICKBITE_BROKER, "--die-with-parent", "--status-file",
              status.c_str(), nullptr);
      ::_exit(127);
    }
    for (;;) ::pause();
  }
  const auto appears = [&](bool wanted) {
    for (int i = 0; i < 1000; ++i) {
      if (std::filesystem::exists(status) == wanted) return true;
      absl::SleepFor(absl::Milliseconds(5));
    }
    return false;
  };
  EXPECT_TRUE(appears(true));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  const bool ended = appears(false);
  EXPECT_TRUE(ended) << "the broker lives on without its parent";
  if (!ended) run("kill $(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/' " + status + ")");
}

TEST_F(EmbeddedBroker, FailsTheRequestsThatItIsToldToFail) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  TestClient producer(RD_KAFKA_PRODUCER, broker->bootstrap());
  ASSERT_TRUE(broker->control("errors produce 1 MSG_SIZE_TOO_LARGE").ok());
  EXPECT_FALSE(producer.produce("orders.v1", "refused"));
  EXPECT_EQ(producer.last_error(), RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  EXPECT_TRUE(producer.produce("orders.v1", "taken"));
}

TEST_F(EmbeddedBroker, HoldsItsAnswersBack) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  TestClient producer(RD_KAFKA_PRODUCER, broker->bootstrap());
  ASSERT_TRUE(producer.produce("orders.v1", "quick"));
  ASSERT_TRUE(broker->control("rtt 400").ok());
  producer.send("orders.v1", "slow");
  EXPECT_EQ(producer.acked_within(milliseconds(200)), 1);
  EXPECT_EQ(producer.acked_within(milliseconds(5000)), 2);
}

TEST_F(EmbeddedBroker, RefusesCommandsThatItDoesNotKnow) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  for (const char* command : {"", "  ", "dwon", "down now", "rtt", "rtt -1", "rtt x", "rtt 60001",
                              "errors produce", "errors nothing 1", "errors produce 1 NO_SUCH",
                              "errors produce 100001", "topic", "topic a:0", "topic a,b"}) {
    const auto reply = broker->control(command);
    EXPECT_TRUE(absl::IsInvalidArgument(reply.status())) << command << ": " << reply.status();
  }
  EXPECT_TRUE(broker->control("status").ok());
}

TEST_F(EmbeddedBroker, HangsUpOnAnEndlessLine) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  EXPECT_TRUE(absl::IsUnavailable(broker->control(std::string(100'000, 'x')).status()));
  EXPECT_TRUE(broker->control("status").ok());
}

TEST_F(EmbeddedBroker, TakesAControlPathOfAnyLength) {
  folder_ = folder_ / std::string(120, 'a') / std::string(120, 'b');
  std::filesystem::create_directories(folder_);
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  EXPECT_EQ(*broker->control("down"), "ok");
}

TEST_F(EmbeddedBroker, IsCommandedFromTheCommandLine) {
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  const std::string ctl =
      absl::StrCat(QUICKBITE_BROKER, " ctl --control ", path("broker.sock"), " ");
  EXPECT_EQ(run(ctl + "down").output, "ok\n");
  EXPECT_THAT(run(ctl + "status").output, HasSubstr(R"("state":"down")"));
  EXPECT_EQ(run(ctl + "up").code, 0);
  EXPECT_EQ(run(ctl + "errors produce 0").output, "ok\n");
  EXPECT_EQ(run(ctl + "dwon").code, 2);
  EXPECT_EQ(run(ctl).code, 2);
  EXPECT_EQ(run(absl::StrCat(QUICKBITE_BROKER, " ctl --control ", path("none"), " up")).code, 1);
}

TEST_F(EmbeddedBroker, ExplainsItsCommandLine) {
  const std::string broker = QUICKBITE_BROKER;
  EXPECT_EQ(run(broker + " --help").code, 0);
  EXPECT_THAT(run(broker + " --help").output,
              AllOf(HasSubstr("--die-with-parent"), HasSubstr("ctl")));
  EXPECT_EQ(run(broker + " --version").code, 0);
  EXPECT_THAT(run(broker + " --version").output, HasSubstr("quickbite-broker 0."));
  for (const char* wrong : {"--nope", "--port", "--port=x", "--port=65536", "--partitions=0",
                            "--topics=a:0", "--die-with-parent=maybe", "serve"}) {
    const Ran ran = run(broker + " " + wrong);
    EXPECT_EQ(ran.code, 2) << wrong;
    EXPECT_EQ(std::count(ran.output.begin(), ran.output.end(), '\n'), 1) << ran.output;
  }
}

TEST_F(EmbeddedBroker, SpeaksToKcat) {
  ASSERT_EQ(run("kcat -V").code, 0) << "kcat is not installed";
  auto broker = launch();
  ASSERT_TRUE(broker.ok()) << broker.status();
  const std::string kcat = absl::StrCat("kcat -b ", broker->bootstrap(), " -t orders.v1 -p 2 ");
  EXPECT_EQ(run("printf 'k=v' | " + kcat + "-P -K=").code, 0);
  EXPECT_EQ(run(kcat + "-C -e -q -f '%k %s %p %o'").output, "k v 2 0");
}

}  // namespace
}  // namespace quickbite::broker
