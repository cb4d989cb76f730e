// `quickbite sim`: a sweep of seeds through the simulator.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_sim(CLI::App& flags);

}  // namespace quickbite::cli
