#include "services/cli/topics_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "services/cli/patience_flag.h"
#include "services/live/topic_log.h"

namespace quickbite::cli {
namespace {

struct Flags {
  std::string kafka = "127.0.0.1:9092";
  int partitions = 4;
  std::string patience;
};

ExitCode run(const Flags& flags) {
  const absl::Status made = patiently(flags.patience, [&] { return live::make_topics(flags.kafka, flags.partitions); });
  if (!made.ok()) {
    std::cerr << "quickbite: " << made.message() << "\n";
    return absl::IsInvalidArgument(made) ? ExitCode::kUsage : ExitCode::kFailed;
  }
  std::cout << flags.kafka << " has orders.v1, inventory.v1, orders.dlq.v1 and inventory.dlq.v1.\n" << std::flush;
  return ExitCode::kHeld;
}

}  // namespace

Action declare_topics(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--kafka", flags->kafka, "brokers to begin with, as HOST:PORT,HOST:PORT (default 127.0.0.1:9092)")
      ->envname("QUICKBITE_KAFKA");
  app.add_option("--partitions", flags->partitions,
                 "of orders.v1 and inventory.v1, where they are made (default 4); the dead letters have one")
      ->check(CLI::Range(1, 1000));
  declare_patience(app, flags->patience);
  app.footer(
      "A topic that is there stays as it is. Replication is the broker's default. A broker that asks who we are (TLS, SASL)\n"
      "has its topics made by whoever runs it.");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
