// What the built pure libraries may not hold: calls into the system, and mutable globals.
#pragma once

#include <string_view>

#include "proptests/architecture/finding.h"

namespace quickbite::architecture {

// `nm` is what `nm -C -u LIBRARY` prints: undefined symbols on a deny-list of clocks, randomness,
// threads, sockets, files and printing are findings.
Findings symbol_findings(std::string_view library, std::string_view nm);

// `objdump` is what `objdump -t -C LIBRARY` prints: objects in .data, .bss, .tdata, .tbss or common
// storage are findings, the guards of function-local statics among them. Judged by section;
// .data.rel.ro holds constants that only the loader writes, and is fine.
Findings object_findings(std::string_view library, std::string_view objdump);

}  // namespace quickbite::architecture
