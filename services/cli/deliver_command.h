// quickbite deliver: puts several SKUs into stock, as one delivery that has a name; what a deployment begins with.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_deliver(CLI::App& app);

}  // namespace quickbite::cli
