// `quickbite bench orders`: the real services under load, beside pgbench.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_orders_bench(CLI::App& flags);

}  // namespace quickbite::cli
