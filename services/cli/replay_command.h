// `quickbite replay FILE…`: scenario files in the simulator.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_replay(CLI::App& flags);

}  // namespace quickbite::cli
