// --patience: how long a command that needs a server waits for it, for those that are started beside it.
#pragma once

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace CLI {
class App;
}

namespace quickbite::cli {

// Declares --patience, as `text`; "" or 0s: one attempt.
void declare_patience(CLI::App& app, std::string& text);

// Does `work` until it is anything but Unavailable, or `patience` is over. InvalidArgument where that is no time.
absl::Status patiently(const std::string& patience, const std::function<absl::Status()>& work);

}  // namespace quickbite::cli
