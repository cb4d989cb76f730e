// Where the other programs of QuickBite are: beside the one that runs.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace quickbite::live {

// The path of "quickbite-orders" and its like: in the folder of the running program, or in `bin`
// beside that (a test's programs). NotFound names the places.
absl::StatusOr<std::string> find_program(std::string_view name);

// The folder that the running program's folder stands in: build/release of build/release/bin/quickbite.
std::string build_folder();

}  // namespace quickbite::live
