// The arrows of docs/ARCHITECTURE.md: which folder may know which, as a table and the rules that
// read it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "proptests/architecture/finding.h"

namespace quickbite::architecture {

// The folder of the layer table that a path belongs to ("sim/kernel/trace.h" → "sim/kernel"), or
// empty when it stands in none.
std::string_view layer_of(std::string_view path);

// Whether an included path is one of the project's own.
bool is_ours(std::string_view included);

// Whether a file may know another. A test may know all of its own top folder besides what its
// folder may.
bool may_know(std::string_view path, std::string_view other);

// Includes against the arrows, includes that are not written from the root, and files outside every
// layer.
Findings include_findings(std::string_view path, std::string_view text);

// Link dependencies against the arrows. Each line of `targets` is "FOLDER TARGET DEPENDENCY…", as
// CMake writes them for every library and executable that is not a test.
Findings link_findings(std::string_view targets);

}  // namespace quickbite::architecture
