// StopSignals: Ctrl-C, SIGTERM and SIGHUP as an Interrupt, so that whatever is under way ends in order.
#pragma once

#include <atomic>
#include <thread>

#include "services/live/patience.h"

namespace quickbite::live {

// To be made before any other thread: all inherit the mask. A second signal ends the process at
// once, with code 130; its children end with it.
class StopSignals {
 public:
  explicit StopSignals(Interrupt& interrupt);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void wait(Interrupt& interrupt);

  std::atomic<bool> leaving_{false};
  std::thread thread_;
};

}  // namespace quickbite::live
