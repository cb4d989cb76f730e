#include "services/cli/up_command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>

#include "services/cli/up.h"

namespace quickbite::cli {
namespace {

constexpr std::uint64_t kSeeds = 4000;

struct Flags {
  std::string data_dir;
  std::string app;
  std::uint64_t seeds = kSeeds;
  bool no_sweep = false;
  bool no_stories = false;
  bool exit = false;
  bool status = false;
  bool json = false;
  std::optional<std::uint16_t> http_port;
  std::optional<std::uint16_t> postgres_port;
  std::optional<std::uint16_t> kafka_port;
  std::optional<std::uint16_t> status_port;
};

void fix(live::Port& port, const std::optional<std::uint16_t>& flag) {
  if (flag) port = {*flag, *flag != 0};
}

ExitCode run(const Flags& flags) {
  const std::string folder = flags.data_dir.empty() ? up_folder() : flags.data_dir;
  if (flags.status) return show_running(folder, flags.json);
  if (flags.json) {
    std::cerr << "quickbite: --json goes with --status\n";
    return ExitCode::kUsage;
  }
  UpOptions options;
  options.folder = folder;
  options.app = flags.app.empty() ? app_folder() : flags.app;
  options.seeds = flags.no_sweep ? 0 : flags.seeds;
  options.stories = !flags.no_stories;
  options.stay = !flags.exit;
  fix(options.http, flags.http_port);
  fix(options.postgres, flags.postgres_port);
  fix(options.kafka, flags.kafka_port);
  fix(options.status, flags.status_port);
  return Up(options).run();
}

}  // namespace

Action declare_up(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_flag("--exit", flags->exit, "end after the stories, with 0 where all held");
  app.add_flag("--status", flags->status,
               "tell what a running one serves, and end; 1 where none runs");
  app.add_flag("--json", flags->json, "with --status: one JSON object");
  app.add_option("--seeds", flags->seeds, "how many simulated seeds to sweep first (default 4000)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--no-sweep", flags->no_sweep, "begin with the real system");
  app.add_flag("--no-stories", flags->no_stories, "play nothing on the real system");
  app.add_option("--data-dir", flags->data_dir,
                 "folder of data and logs (default: up, in the build's folder)");
  app.add_option("--app", flags->app,
                 "folder of the built phone app (default: build/app, where ./quickbite builds it)");
  app.add_option("--http-port", flags->http_port,
                 "port of the app and the API (default: 8080, or another where that is taken)");
  app.add_option("--status-port", flags->status_port,
                 "port that the app's status page asks (default: 8088, or another)");
  app.add_option("--postgres-port", flags->postgres_port,
                 "port of the private PostgreSQL (default: 5433, or another)");
  app.add_option("--kafka-port", flags->kafka_port,
                 "port of the embedded broker (default: 9092, or another)");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
