// The port of the embedded broker. librdkafka's mock cluster binds port 0 and has no way to choose
// another, so this program answers its bind() itself: the one place where we do such a thing,
// linked into quickbite-broker only.
#pragma once

#include <cstdint>

#include "absl/status/status.h"

namespace quickbite::broker {

// From now on, the next bind() of an IPv4 socket to port 0 gets `port` instead. 0 changes nothing.
void choose_listen_port(std::uint16_t port);

// AlreadyExists when somebody listens on the port of 127.0.0.1, PermissionDenied when this user may
// not. To be asked before the mock cluster is made: it aborts the process when its bind fails.
absl::Status check_port_free(std::uint16_t port);

}  // namespace quickbite::broker
