// quickbite topics: makes the four topics where they are missing.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_topics(CLI::App& app);

}  // namespace quickbite::cli
