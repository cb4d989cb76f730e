// `quickbite up`: sweeps simulated failures, then starts the real system, plays the stories on it, and stays up.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_up(CLI::App& flags);

}  // namespace quickbite::cli
