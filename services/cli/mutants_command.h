// `quickbite mutants`: known bugs put into a copy of the sources, and what finds them.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_mutants(CLI::App& flags);

}  // namespace quickbite::cli
