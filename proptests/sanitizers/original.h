// The library's own function, for one of ours that stands in its place.
#pragma once

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace quickbite::sanitizers {

// By its name as the linker knows it. Ends the program where no library has it: then it is of another version than this was written for.
template <class Function>
Function* original(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "no library has %s: proptests/sanitizers was written for another version of it\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

}  // namespace quickbite::sanitizers
