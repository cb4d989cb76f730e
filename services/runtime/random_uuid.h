// Fresh identities, for what nobody has named.
#pragma once

#include "domain/base/uuid.h"

namespace quickbite::runtime {

// A random UUID (version 4, RFC 9562 section 5.4), from the kernel's generator.
Uuid random_uuid();

}  // namespace quickbite::runtime
