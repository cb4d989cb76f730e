// `quickbite bench`: how fast the simulator, the explorer and the real services are.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_bench(CLI::App& flags);

}  // namespace quickbite::cli
