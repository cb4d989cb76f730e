// The port of the embedded broker. librdkafka's mock cluster binds port 0 and has no way to choose
// another, so this program answers its bind() itself: the one place where we do such a thing,
// linked into quickbite-broker only.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace quickbite::broker {

// Listens on the port of 127.0.0.1; the next bind() of an IPv4 socket to port 0 becomes that. AlreadyExists when somebody else
// listens there, PermissionDenied when this user may not. So before the mock cluster is made: it aborts the process when its own
// bind fails.
absl::Status take_listen_port(std::uint16_t port);

}  // namespace quickbite::broker
