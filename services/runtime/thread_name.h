// Thread names, as top and gdb show them.
#pragma once

#include <string>

namespace quickbite::runtime {

// The first 15 bytes are seen.
void name_this_thread(const std::string& name);

}  // namespace quickbite::runtime
