// quickbite republish: events that were sent before are sent again, for a topic that lost them.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_republish(CLI::App& app);

}  // namespace quickbite::cli
