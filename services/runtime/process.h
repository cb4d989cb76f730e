// What a service has to do about being a process: stop signals, dying with its parent, failed CHECKs.
#pragma once

#include <chrono>

namespace quickbite::runtime {

// SIGTERM and SIGINT, waited for instead of handled. Made once, by main, before any thread: every thread inherits the mask.
// A linked program that has this also prints what CHECK failed, and aborts.
class StopSignal {
 public:
  StopSignal();

  // True where one has come, or comes within `patience`.
  bool wait(std::chrono::microseconds patience);

  // Takes over once the process ends: at `deadline`, or with a second signal, the process ends with code 0 whatever still
  // runs. Nothing is lost by that which a crash would not lose, and a crash loses nothing.
  void end_by(std::chrono::steady_clock::time_point deadline);

 private:
  bool came_ = false;
};

// The process is sent SIGTERM when the thread that started it ends.
void die_with_parent();

}  // namespace quickbite::runtime
