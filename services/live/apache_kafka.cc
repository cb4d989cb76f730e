#include "services/live/apache_kafka.h"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "adapters/kafka/cluster.h"
#include "domain/base/uuid.h"
#include "services/live/postgres_files.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::live {
namespace {

namespace fs = std::filesystem;

// JAVA_HOME's, else the first on the PATH.
absl::StatusOr<std::string> find_java() {
  std::vector<std::string> folders;
  if (const char* home = std::getenv("JAVA_HOME"); home != nullptr && *home != '\0') folders.push_back(absl::StrCat(home, "/bin"));
  if (const char* path = std::getenv("PATH"); path != nullptr) {
    for (const absl::string_view folder : absl::StrSplit(path, ':')) folders.emplace_back(folder);
  }
  for (const std::string& folder : folders) {
    const std::string java = folder + "/java";
    if (::access(java.c_str(), X_OK) == 0) return java;
  }
  return absl::NotFoundError("Apache Kafka needs Java, and there is none: install default-jre-headless");
}

// Kafka's own way of writing a UUID: sixteen bytes in URL-safe Base64, without padding.
std::string cluster_id() {
  const Uuid id = runtime::random_uuid();
  std::string bytes;
  for (const std::uint64_t half : {id.high, id.low}) {
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(half >> shift);
  }
  return absl::WebSafeBase64Escape(bytes);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ApacheKafka>> ApacheKafka::start(ApacheKafkaOptions options, const Interrupt& interrupt) {
  const absl::StatusOr<std::string> java = find_java();
  if (!java.ok()) return java.status();
  std::unique_ptr<ApacheKafka> kafka(new ApacheKafka(std::move(options)));
  kafka->java_ = *java;
  std::error_code error;
  fs::create_directories(kafka->options_.folder, error);
  if (error) return absl::UnavailableError(absl::StrCat("cannot make ", kafka->options_.folder, ": ", error.message()));
  for (const auto& step : {&ApacheKafka::choose_ports, &ApacheKafka::format}) {
    if (const absl::Status done = (kafka.get()->*step)(); !done.ok()) return done;
  }
  ChildOptions child;
  child.name = "Apache Kafka";
  child.command = kafka->java({"kafka.Kafka", absl::StrCat(kafka->options_.folder, "/server.properties")});
  child.log_path = absl::StrCat(kafka->options_.folder, "/kafka.log");
  child.ready = [bootstrap = kafka->bootstrap_] {
    return kafka::look_at_cluster({bootstrap, "quickbite-up", {}, {}}, milliseconds(500)).status();
  };
  child.ready_timeout = kafka->options_.ready_timeout;
  kafka->child_ = std::make_unique<Child>(std::move(child));
  if (const absl::Status started = kafka->child_->start(interrupt); !started.ok()) return started;
  return kafka;
}

absl::Status ApacheKafka::choose_ports() {
  port_ = free_loopback_port(options_.port);
  if (options_.port_exact && port_ != options_.port) {
    return absl::AlreadyExistsError(absl::StrCat("port ", options_.port, " of 127.0.0.1 is taken"));
  }
  bootstrap_ = absl::StrCat("127.0.0.1:", port_);
  do controller_port_ = free_loopback_port(0);
  while (controller_port_ == port_);
  if (!options_.security) return absl::OkStatus();
  do secure_port_ = free_loopback_port(0);
  while (secure_port_ == port_ || secure_port_ == controller_port_);
  secure_bootstrap_ = absl::StrCat("127.0.0.1:", secure_port_);
  return absl::OkStatus();
}

// A small server that starts quickly: few threads, one partition for what Kafka keeps for itself, and timeouts that let it be
// killed and be back within seconds.
absl::Status ApacheKafka::write_settings() const {
  const std::string path = absl::StrCat(options_.folder, "/server.properties");
  std::ofstream file(path, std::ios::trunc);
  const std::string controller = absl::StrCat("127.0.0.1:", controller_port_);
  const std::string secure = options_.security ? absl::StrCat(",SASL_SSL://", secure_bootstrap_) : "";
  file << "process.roles=broker,controller\n"
          "node.id=1\n"
          "controller.quorum.voters=1@" << controller << "\n"
          "controller.listener.names=CONTROLLER\n"
          "listeners=PLAINTEXT://" << bootstrap_ << ",CONTROLLER://" << controller << secure << "\n"
          "advertised.listeners=PLAINTEXT://" << bootstrap_ << secure << "\n"
          "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL\n"
          "inter.broker.listener.name=PLAINTEXT\n"
          "log.dirs=" << options_.folder << "/data\n"
          "auto.create.topics.enable=false\n"
          "offsets.topic.num.partitions=1\n"
          "offsets.topic.replication.factor=1\n"
          "transaction.state.log.num.partitions=1\n"
          "transaction.state.log.replication.factor=1\n"
          "transaction.state.log.min.isr=1\n"
          "group.initial.rebalance.delay.ms=0\n"
          "group.min.session.timeout.ms=1000\n"
          "num.network.threads=2\n"
          "num.io.threads=2\n"
          "background.threads=2\n"
          "log.cleaner.threads=1\n"
          "log.cleaner.dedupe.buffer.size=4194304\n"
          "broker.session.timeout.ms=2000\n"
          "broker.heartbeat.interval.ms=500\n"
          "controller.quorum.election.timeout.ms=500\n"
          "controller.quorum.fetch.timeout.ms=1000\n";
  if (options_.security) {
    file << "sasl.enabled.mechanisms=SCRAM-SHA-512\n"
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config="
            "org.apache.kafka.common.security.scram.ScramLoginModule required;\n"
            "ssl.keystore.type=PEM\n"
            "ssl.keystore.location=" << options_.security->key_and_certificate << "\n";
  }
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(absl::StrCat("cannot write ", path));
}

absl::Status ApacheKafka::format() {
  if (const absl::Status written = write_settings(); !written.ok()) return written;
  if (fs::exists(options_.folder + "/data/meta.properties")) return absl::OkStatus();
  ProcessOptions tool;
  // One word with its flag: an id may begin with a dash.
  std::vector<std::string> arguments = {"kafka.tools.StorageTool", "format", "--cluster-id=" + cluster_id(), "--config",
                                        options_.folder + "/server.properties"};
  if (options_.security) {
    arguments.push_back("--add-scram");
    arguments.push_back(absl::StrCat("SCRAM-SHA-512=[name=", options_.security->user, ",password=", options_.security->password, "]"));
  }
  tool.command = java(std::move(arguments));
  tool.log_path = options_.folder + "/format.log";
  const absl::StatusOr<int> code = run_to_end(tool, options_.ready_timeout);
  if (!code.ok()) return code.status();
  if (*code == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("Kafka's StorageTool ended with ", *code, ":\n", tail_of(tool.log_path, 0, 10)));
}

std::vector<std::string> ApacheKafka::java(std::vector<std::string> arguments) const {
  std::vector<std::string> command = {java_,
                                      "-Xms64m",
                                      "-Xmx256m",
                                      "-XX:+UseSerialGC",
                                      "-XX:TieredStopAtLevel=1",
                                      "-Djava.awt.headless=true",
                                      "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                      "-cp",
                                      absl::StrCat(options_.jars, "/*")};
  command.insert(command.end(), std::make_move_iterator(arguments.begin()), std::make_move_iterator(arguments.end()));
  return command;
}

}  // namespace quickbite::live
