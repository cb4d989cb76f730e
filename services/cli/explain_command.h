// quickbite explain: the whole story of one order, and what it waits for since when.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_explain(CLI::App& app);

}  // namespace quickbite::cli
