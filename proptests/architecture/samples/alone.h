// A sample of a header that compiles alone.
#pragma once

#include <string>

inline std::string alone() {
  return "alone";
}
