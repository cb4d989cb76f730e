// quickbite outbox: what waits to be published, and letting go what is parked.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_outbox(CLI::App& app);

}  // namespace quickbite::cli
