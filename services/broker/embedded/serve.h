// The broker's main loop: answers control lines until a signal ends it.
#pragma once

#include "absl/status/status.h"
#include "services/broker/embedded/broker.h"
#include "services/broker/unix_socket.h"

namespace quickbite::broker {

inline constexpr std::size_t kControlClientsMax = 16;
inline constexpr std::size_t kControlLineMax =
    4096;  // bytes; a client that sends a longer line is hung up on

// Blocks SIGTERM and SIGINT in this thread and all that it makes, and returns a descriptor that
// becomes readable when one of them comes. To be called before the first thread.
absl::StatusOr<Fd> stop_signals();

// Returns when `stop` is readable. `control` may be closed: then there is no control channel.
absl::Status serve(Broker& broker, const Fd& stop, const Fd& control);

}  // namespace quickbite::broker
