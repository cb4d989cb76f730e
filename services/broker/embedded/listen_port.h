// The port of the embedded broker. librdkafka's mock cluster binds port 0 and has no way to choose
// another, so this program answers its bind() itself: the one place where we do such a thing,
// linked into quickbite-broker only.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace quickbite::broker {

// Listens on the port of 127.0.0.1, and keeps it: the next socket of IPv4 that is bound to port 0 is replaced by the one that listens.
// AlreadyExists when somebody else listens there, PermissionDenied when this user may not. To be called before the mock cluster is
// made, which aborts the process when its own bind fails.
absl::Status take_listen_port(std::uint16_t port);

}  // namespace quickbite::broker
