// quickbite rush: places orders like many customers, waits until each is settled, and compares what they were told with what
// the databases and the topics hold.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_rush(CLI::App& app);

}  // namespace quickbite::cli
