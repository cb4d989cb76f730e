// CHECK: an assertion about our own code, on in every build. Bad input is never a CHECK.
#pragma once

// The hook that a failed CHECK calls; whatever links the pure libraries may define it (to print, to record, to abort).
// It is weak: without a definition a failed CHECK traps silently. It must not return.
extern "C" void quickbite_check_failed(const char* condition, const char* file, int line)
    __attribute__((weak));

namespace quickbite {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  if (quickbite_check_failed != nullptr) quickbite_check_failed(condition, file, line);
  __builtin_trap();
}

}  // namespace quickbite

#define CHECK(condition)                                         \
  do {                                                           \
    if (!(condition)) [[unlikely]]                               \
      ::quickbite::check_failed(#condition, __FILE__, __LINE__); \
  } while (false)
