// Rules about files as such: what they are called, that something runs them, that they name no one
// machine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proptests/architecture/finding.h"

namespace quickbite::architecture {

// Folders that say nothing of what belongs in them.
Findings folder_findings(std::string_view path);

// A test or scenario of the tree that no register of the build names, and a registered one that is
// gone.
Findings registration_findings(const std::vector<std::string>& found,
                               const std::vector<std::string>& registered);

// A path of one person's machine, or the host of a package registry.
Findings mention_findings(std::string_view path, std::string_view text);

// Files that want to be two: only ever a warning.
Findings length_warnings(std::string_view path, std::string_view text);

}  // namespace quickbite::architecture
