#include "services/live/kafka_server.h"

#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "adapters/kafka/cluster.h"
#include "services/broker/control.h"
#include "services/live/json.h"
#include "services/live/postgres_files.h"
#include "services/live/programs.h"
#include "services/live/topic_log.h"

namespace quickbite::live {

absl::StatusOr<std::unique_ptr<KafkaServer>> KafkaServer::open(const KafkaOptions& options,
                                                               const Interrupt& interrupt) {
  std::unique_ptr<KafkaServer> server(new KafkaServer());
  const char* existing = std::getenv("QUICKBITE_KAFKA");
  absl::Status opened;
  if (existing != nullptr && *existing != '\0') {
    server->bootstrap_ = existing;
    opened = server->use_existing(options);
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
  ChildOptions child;
  child.name = "the embedded broker";
  child.command = {*program, absl::StrCat("--port=", port_), absl::StrCat("--partitions=", options.partitions),
                   absl::StrCat("--control=", control_path_)};
  child.log_path = absl::StrCat(options.folder, "/broker.log");
  child.ready = [this] { return control("status").status(); };
  child_ = std::make_unique<Child>(std::move(child));
  if (const absl::Status started = child_->start(interrupt); !started.ok()) return started;
  const absl::StatusOr<std::string> status = control("status");
  if (!status.ok()) return status.status();
  bootstrap_ = json_member(*status, "bootstrap");
  return absl::OkStatus();
}

absl::StatusOr<std::string> KafkaServer::control(std::string_view command) const {
  if (control_path_.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(bootstrap_, " is not ours to command"));
  }
  return broker::broker_control(control_path_, command);
}

}  // namespace quickbite::live
