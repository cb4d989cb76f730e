// What built code may not hold (calls into the system and mutable globals, in the pure libraries), and what it must share.
#pragma once

#include <map>
#include <set>
#include <string>
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

// Which archives and programs hold the code of each machine's `step`, and which archives call it.
struct MachineSteps {
  std::map<std::string, std::set<std::string>> held_by;
  std::map<std::string, std::set<std::string>> called_by;
};

// `nm` is what `nm -C FILE` prints of an archive or a program; `steps` collects over several.
void add_steps(std::string_view file, std::string_view nm, MachineSteps& steps);

}  // namespace quickbite::architecture
