// Where gRPC's own messages go: a handshake that failed, a port that is taken.
#pragma once

#include <functional>
#include <string_view>

namespace quickbite::rpc {

// Of the whole process; to be called once, before anything else here. `told` is called by any thread. Without this call they
// go to standard error.
void log_to(std::function<void(bool error, std::string_view text)> told);

}  // namespace quickbite::rpc
