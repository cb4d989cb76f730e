// A sample of a header that needs another before it: it forgets to include <string>.
#pragma once

inline std::string not_alone() {
  return "not alone";
}
