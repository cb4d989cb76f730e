// What a sweep came to, for a person and for a machine.
#pragma once

#include <string>

#include "services/cli/sweep.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {

// The tables: crashes by role, effect and phase; what sometimes happened; what was drawn.
std::string tables(const Tally& tally, const Paint& paint);

// Which property, which seed, what it drew, and the command that shows it again.
std::string story(const SweepFinding& finding, const Paint& paint);

// One JSON object.
std::string to_json(const SweepOptions& options, const SweepReport& report);

}  // namespace quickbite::cli
