// quickbite swarm: a sweep over many machines; its workers, and the one report of what they found.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_swarm(CLI::App& app);

}  // namespace quickbite::cli
