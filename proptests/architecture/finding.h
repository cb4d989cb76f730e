// What an architecture rule has to say about one place in the tree.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace quickbite::architecture {

struct Finding {
  std::string path;
  int line = 0;  // from 1; 0 where the finding is about the whole file
  std::string what;

  friend bool operator==(const Finding&, const Finding&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Finding& finding) {
    out << finding.path;
    if (finding.line != 0) out << ':' << finding.line;
    return out << ": " << finding.what;
  }
};

using Findings = std::vector<Finding>;

}  // namespace quickbite::architecture
