// The production clock.
#pragma once

#include "domain/base/time.h"

namespace quickbite::runtime {

using Clock = Instant (*)();

// Microseconds since the Unix epoch as of the first call, and from there by the monotonic clock: it never jumps and never goes
// back, whatever somebody does to the machine's time. Rows carry the database's time, never this one.
Instant steady_unix_now();

}  // namespace quickbite::runtime
