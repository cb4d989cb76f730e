// `quickbite migrate`: makes the databases what this version needs.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_migrate(CLI::App& flags);

}  // namespace quickbite::cli
