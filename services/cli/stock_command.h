// quickbite stock: what Inventory has, and putting more of it into stock.
#pragma once

#include "services/cli/command.h"

namespace quickbite::cli {

Action declare_stock(CLI::App& app);

}  // namespace quickbite::cli
