// quickbite dlq: dead letters: list them, show one, send their records once more.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_dlq(CLI::App& app);

}  // namespace quickbite::cli
