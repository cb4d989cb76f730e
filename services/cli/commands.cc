#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/cli/bench_command.h"
#include "services/cli/command.h"
#include "services/cli/deliver_command.h"
#include "services/cli/dlq_command.h"
#include "services/cli/explain_command.h"
#include "services/cli/explore_command.h"
#include "services/cli/migrate_command.h"
#include "services/cli/mutants_command.h"
#include "services/cli/outbox_command.h"
#include "services/cli/replay_command.h"
#include "services/cli/republish_command.h"
#include "services/cli/rush_command.h"
#include "services/cli/sim_command.h"
#include "services/cli/stock_command.h"
#include "services/cli/swarm_command.h"
#include "services/cli/topics_command.h"
#include "services/cli/up_command.h"

namespace quickbite::cli {
namespace {

constexpr std::array kCommands = {
    Command{"up", "Sweep simulated failures, then start the real system and show it working",
            declare_up},
    Command{"sim", "Sweep seeds through the simulator: faults, properties, coverage", declare_sim},
    Command{"explore", "Explore every interleaving of a few orders, within budgets of faults",
            declare_explore},
    Command{"replay", "Replay scenario files in the simulator", declare_replay},
    Command{"mutants", "Put known bugs into a copy of the sources, and see what finds them",
            declare_mutants},
    Command{"bench", "Measure the simulator, the explorer and the real services", declare_bench},
    Command{"migrate", "Bring the databases to this version's schema", declare_migrate},
    Command{"dlq", "Dead letters: list them, show one, send their records once more", declare_dlq},
    Command{"republish", "Send events again that a topic has lost", declare_republish},
    Command{"explain", "The whole story of one order, and what it waits for", declare_explain},
    Command{"outbox", "What waits to be published, and letting go what is parked", declare_outbox},
    Command{"stock", "What Inventory has, and putting more of it into stock", declare_stock},
    Command{"topics", "Make the topics that are missing", declare_topics},
    Command{"deliver", "Put several SKUs into stock, once by the name of the delivery", declare_deliver},
    Command{"swarm", "Sweep seeds on many machines, and sum up what they found", declare_swarm},
    Command{"rush", "Place many orders, and compare the answers with databases and topics", declare_rush},
};

constexpr const char* kVersion = "quickbite " QUICKBITE_VERSION;
constexpr const char* kDescription =
    "QuickBite: a food-ordering system inside a deterministic simulation and test harness.";
constexpr const char* kExitCodes =
    "Exit codes: 0 all held, 1 could not be done, 2 wrong usage or bad input, 10 safety, 11 "
    "liveness,\n"
    "12 crash or hang, 13 nondeterminism.";

// CLI11 says no more of a command that does not exist than that one is missing.
bool is_unknown(const char* word) {
  return *word != '-' &&
         std::ranges::find(kCommands, std::string_view(word), &Command::name) == kCommands.end();
}

ExitCode refuse_command(const char* word) {
  std::cerr << "quickbite: no command '" << word << "'; expected";
  for (const Command& command : kCommands)
    std::cerr << (&command == kCommands.data() ? " " : ", ") << command.name;
  std::cerr << "\n";
  return ExitCode::kUsage;
}

// What every command has, and every command of a command.
void finish(CLI::App& flags) {
  flags.set_version_flag("--version", kVersion);
  const std::string own = flags.get_footer();
  flags.footer(own.empty() ? kExitCodes : own + "\n\n" + kExitCodes);
  for (CLI::App* sub : flags.get_subcommands([](CLI::App*) { return true; })) finish(*sub);
}

int leave(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
    return app.exit(error, std::cout, std::cerr);
  std::cerr << "quickbite: " << error.what() << "; --help lists what there is\n";
  return static_cast<int>(ExitCode::kUsage);
}

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

ExitCode run_command_line(int argc, const char* const* argv) {
  if (argc > 1 && is_unknown(argv[1])) return refuse_command(argv[1]);
  CLI::App app(kDescription, "quickbite");
  app.require_subcommand(1);
  app.get_formatter()->label("SUBCOMMAND", "COMMAND");
  app.get_formatter()->label("OPTIONS", "FLAGS");
  std::vector<std::pair<CLI::App*, Action>> declared;
  for (const Command& command : commands()) {
    CLI::App* flags = app.add_subcommand(std::string(command.name), std::string(command.summary));
    declared.emplace_back(flags, command.declare(*flags));
  }
  finish(app);  // at the end: a command takes over the footer of the one above it
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return static_cast<ExitCode>(leave(app, error));
  }
  for (const auto& [flags, action] : declared) {
    if (flags->parsed()) return action();
  }
  return ExitCode::kUsage;
}

}  // namespace quickbite::cli
