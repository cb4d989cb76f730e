#include "services/live/kafka_server.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "adapters/kafka/cluster.h"
#include "services/broker/control.h"
#include "services/live/json.h"
#include "services/live/postgres_files.h"
#include "services/live/programs.h"
#include "services/live/topic_log.h"

namespace quickbite::live {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaServer>> KafkaServer::open(const KafkaOptions& options,
                                                               const Interrupt& interrupt) {
  std::unique_ptr<KafkaServer> server(new KafkaServer());
  const std::string existing = variable("QUICKBITE_KAFKA");
  const std::string jars = variable("QUICKBITE_KAFKA_JARS");
  absl::Status opened;
  if (!existing.empty()) {
    server->bootstrap_ = existing;
    opened = server->use_existing(options);
  } else if (!jars.empty()) {
    opened = server->start_apache(options, jars, interrupt);
  } else {
    opened = server->start_embedded(options, interrupt);
  }
  if (!opened.ok()) return opened;
  return server;
}

absl::Status KafkaServer::use_existing(const KafkaOptions& options) {
  if (const absl::Status made = make_topics(bootstrap_, options.partitions); !made.ok()) return made;
  // A topic that was just made is not known to every broker at once.
  return await(Interrupt(), absl::Seconds(10), [this]() -> absl::Status {
    const auto cluster = kafka::look_at_cluster({bootstrap_, "quickbite-up", {}, {}}, seconds(5));
    if (!cluster.ok()) return cluster.status();
    for (std::size_t i = 0; i < kTopics; ++i) {
      if (cluster->partitions.contains(static_cast<Topic>(i))) continue;
      return absl::UnavailableError(absl::StrCat(bootstrap_, " has no topic ", std::string(to_string(static_cast<Topic>(i)))));
    }
    partitions_ = *cluster->partitions.find(Topic::kOrders);
    return absl::OkStatus();
  });
}

absl::Status KafkaServer::start_apache(const KafkaOptions& options, std::string jars, const Interrupt& interrupt) {
  ApacheKafkaOptions wanted;
  wanted.jars = std::move(jars);
  wanted.folder = absl::StrCat(options.folder, "/kafka");
  wanted.port = options.port;
  wanted.port_exact = options.port_exact;
  // What it holds is of an earlier run, whose rows are gone; the embedded broker forgets by itself.
  std::error_code error;
  std::filesystem::remove_all(wanted.folder, error);
  auto started = ApacheKafka::start(wanted, interrupt);
  if (!started.ok()) return started.status();
  apache_ = *std::move(started);
  bootstrap_ = apache_->bootstrap();
  port_ = apache_->port();
  return use_existing(options);
}

absl::Status KafkaServer::start_embedded(const KafkaOptions& options, const Interrupt& interrupt) {
  const absl::StatusOr<std::string> program = find_program("quickbite-broker");
  if (!program.ok()) return program.status();
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  partitions_ = options.partitions;
  control_path_ = absl::StrCat(options.folder, "/broker.sock");
  port_ = free_loopback_port(options.port);
  if (options.port_exact && port_ != options.port) {
    return absl::AlreadyExistsError(absl::StrCat("port ", options.port, " of 127.0.0.1 is taken"));
  }
  absl::Status started = start_broker(*program, options, interrupt);
  // Somebody else was quicker: whoever named the port is told, anybody else gets another.
  for (int attempt = 1; attempt < kPortAttempts && !started.ok(); ++attempt) {
    const std::string taken = absl::StrCat("port ", port_, " of 127.0.0.1 is taken");
    if (!absl::StrContains(started.message(), taken)) break;  // the end of its log
    if (options.port_exact) return absl::AlreadyExistsError(taken);
    port_ = free_loopback_port(options.port);
    started = start_broker(*program, options, interrupt);
  }
  if (!started.ok()) return started;
  const absl::StatusOr<std::string> status = control("status");
  if (!status.ok()) return status.status();
  bootstrap_ = json_member(*status, "bootstrap");
  return absl::OkStatus();
}

absl::Status KafkaServer::start_broker(const std::string& program, const KafkaOptions& options, const Interrupt& interrupt) {
  ChildOptions child;
  child.name = "the embedded broker";
  child.command = {program, absl::StrCat("--port=", port_), absl::StrCat("--partitions=", options.partitions),
                   absl::StrCat("--control=", control_path_)};
  child.log_path = absl::StrCat(options.folder, "/broker.log");
  child.ready = [this] { return control("status").status(); };
  child_ = std::make_unique<Child>(std::move(child));
  return child_->start(interrupt);
}

Child* KafkaServer::process() { return apache_ != nullptr ? &apache_->process() : child_.get(); }

std::string KafkaServer::describe() const {
  if (apache_ != nullptr) return absl::StrCat("a real Apache Kafka, one node, on ", bootstrap_);
  if (child_ != nullptr) return absl::StrCat("a broker that speaks Kafka's protocol, embedded, on ", bootstrap_);
  return absl::StrCat("Kafka at ", bootstrap_, ", as QUICKBITE_KAFKA says");
}

absl::Status KafkaServer::down() {
  if (apache_ == nullptr) return control("down").status();
  apache_->process().kill();
  return absl::OkStatus();
}

absl::Status KafkaServer::up() {
  if (apache_ == nullptr) return control("up").status();
  if (apache_->process().running()) return absl::OkStatus();
  return apache_->process().start(Interrupt());
}

absl::StatusOr<std::string> KafkaServer::control(std::string_view command) const {
  if (control_path_.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(bootstrap_, " takes no commands of ours"));
  }
  return broker::broker_control(control_path_, command);
}

}  // namespace quickbite::live
