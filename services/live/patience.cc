#include "services/live/patience.h"

#include <algorithm>

#include "absl/time/clock.h"

namespace quickbite::live {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(5);
constexpr absl::Duration kLongestPause = absl::Milliseconds(100);

}  // namespace

void Interrupt::raise() {
  const absl::MutexLock lock(&mutex_);
  raised_ = true;
}

bool Interrupt::raised() const {
  const absl::MutexLock lock(&mutex_);
  return raised_;
}

bool Interrupt::wait(absl::Duration duration) const {
  const absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&raised_), duration);
}

absl::Status await(const Interrupt& interrupt, absl::Duration timeout,
                   const std::function<absl::Status()>& ask) {
  const absl::Time deadline = absl::Now() + timeout;
  for (absl::Duration pause = kFirstPause;; pause = std::min(pause * 1.5, kLongestPause)) {
    const absl::Status answer = ask();
    if (answer.ok() || absl::Now() >= deadline) return answer;
    if (interrupt.wait(pause)) return absl::CancelledError("interrupted");
  }
}

}  // namespace quickbite::live
