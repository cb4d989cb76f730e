// Patience: waiting for something to become true, for a while at most, and no longer than the user wants.
#pragma once

#include <functional>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace quickbite::live {

// The user's wish that everything end; raised once, by any thread.
class Interrupt {
 public:
  void raise();
  bool raised() const;

  // Sleeps for so long; true, at once, where it is raised.
  bool wait(absl::Duration duration) const;

 private:
  mutable absl::Mutex mutex_;
  bool raised_ ABSL_GUARDED_BY(mutex_) = false;
};

// Asks until the answer is Ok: every few milliseconds at first, ten times a second later. The last
// answer where `timeout` has passed; Cancelled where the user wants no more of it.
absl::Status await(const Interrupt& interrupt, absl::Duration timeout,
                   const std::function<absl::Status()>& ask);

}  // namespace quickbite::live
