// `quickbite explore`: every interleaving within small bounds.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_explore(CLI::App& flags);

}  // namespace quickbite::cli
