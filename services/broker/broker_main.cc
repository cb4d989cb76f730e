// quickbite-broker: the embedded development broker, and `quickbite-broker ctl`, which talks to a
// running one.
#include <sys/prctl.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_join.h"
#include "services/broker/command_line.h"
#include "services/broker/control.h"
#include "services/broker/embedded/broker.h"
#include "services/broker/embedded/serve.h"
#include "services/broker/topics.h"
#include "services/broker/unix_socket.h"

ABSL_FLAG(std::uint16_t, port, 0, "port of 127.0.0.1 to listen on; 0 takes any that is free");
ABSL_FLAG(int, partitions, 4,
          "partitions of orders.v1 and inventory.v1, unless --topics names the topics");
ABSL_FLAG(std::string, topics, "",
          "topics to create, as NAME:PARTITIONS,… instead of QuickBite's own four");
ABSL_FLAG(std::string, control, "", "path of the Unix-domain socket that takes commands (see ctl)");
ABSL_FLAG(std::string, status_file, "",
          "path of a JSON file that tells port, pid, incarnation, topics and state");
ABSL_FLAG(bool, die_with_parent, false, "end when the thread that started this process ends");

namespace quickbite::broker {
namespace {

constexpr std::string_view kUsage =
    "quickbite-broker [FLAGS]\n"
    "    Serves the Kafka protocol on 127.0.0.1 for development and tests. Its log is in memory: "
    "it ends with the\n"
    "    process. Prints one line when it is ready; SIGTERM and SIGINT end it.\n"
    "quickbite-broker ctl --control PATH COMMAND\n"
    "    Tells a running one: status, down, up, rtt MS, errors REQUEST N [NAME], topic "
    "NAME:PARTITIONS.\n"
    "\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, or the port or the control path is taken.";

int fail(const absl::Status& status, int code) {
  std::cerr << "quickbite-broker: " << status.message() << "\n";
  return code;
}

int usage_code(const absl::Status& status) {
  return absl::IsAlreadyExists(status) || absl::IsInvalidArgument(status) ||
                 absl::IsPermissionDenied(status)
             ? 2
             : 1;
}

int run_ctl(const std::vector<std::string>& words) {
  const std::string path = absl::GetFlag(FLAGS_control);
  if (path.empty() || words.empty()) {
    std::cerr << "quickbite-broker: usage: quickbite-broker ctl --control PATH COMMAND\n";
    return 2;
  }
  const absl::StatusOr<std::string> reply = broker_control(path, absl::StrJoin(words, " "));
  if (!reply.ok()) return fail(reply.status(), usage_code(reply.status()));
  std::cout << *reply << "\n";
  return 0;
}

absl::StatusOr<std::vector<TopicSpec>> wanted_topics() {
  if (const std::string text = absl::GetFlag(FLAGS_topics); !text.empty())
    return parse_topics(text);
  const int partitions = absl::GetFlag(FLAGS_partitions);
  if (partitions < 1 || partitions > kPartitionsMax) {
    return absl::InvalidArgumentError("--partitions must be from 1 to 1024");
  }
  return default_topics(partitions);
}

int run_broker() {
  if (absl::GetFlag(FLAGS_die_with_parent)) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const absl::StatusOr<Fd> stop = stop_signals();
  if (!stop.ok()) return fail(stop.status(), 1);
  absl::StatusOr<std::vector<TopicSpec>> topics = wanted_topics();
  if (!topics.ok()) return fail(topics.status(), 2);

  const std::string control_path = absl::GetFlag(FLAGS_control);
  Fd control;
  if (!control_path.empty()) {
    absl::StatusOr<Fd> listening = listen_unix(control_path);
    if (!listening.ok()) return fail(listening.status(), usage_code(listening.status()));
    control = *std::move(listening);
  }
  const std::string status_path = absl::GetFlag(FLAGS_status_file);
  absl::StatusOr<std::unique_ptr<Broker>> broker =
      Broker::start({absl::GetFlag(FLAGS_port), *std::move(topics), control_path, status_path});
  absl::Status served = broker.status();
  if (broker.ok()) {
    std::cout << (*broker)->ready_line() << std::endl;
    served = serve(**broker, *stop, control);
  }
  std::error_code ignored;
  if (!control_path.empty()) std::filesystem::remove(control_path, ignored);
  if (broker.ok() && !status_path.empty()) std::filesystem::remove(status_path, ignored);
  const int code = served.ok() ? 0 : fail(served, usage_code(served));
  // librdkafka's threads take up to a second to end, and hold nothing that is worth the wait.
  std::_Exit(code);
}

int run(int argc, char** argv) {
  const ProgramText text{kUsage, "quickbite-broker " QUICKBITE_VERSION, __FILE__};
  auto parsed = parse_command_line(argc, argv, text);
  if (const Exit* leave = std::get_if<Exit>(&parsed)) return leave->code;
  std::vector<std::string> words = std::get<std::vector<std::string>>(std::move(parsed));
  if (words.empty()) return run_broker();
  if (words[0] == "ctl") return run_ctl({words.begin() + 1, words.end()});
  std::cerr << "quickbite-broker: unknown command '" << words[0] << "'; expected nothing or ctl\n";
  return 2;
}

}  // namespace
}  // namespace quickbite::broker

int main(int argc, char** argv) {
  return quickbite::broker::run(argc, argv);
}
