#include "services/runtime/process.h"

#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <thread>

#include "domain/base/check.h"
#include "services/runtime/thread_name.h"

// Stands in the file that every service links, since a weak reference alone pulls nothing out of an archive.
extern "C" void quickbite_check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "CHECK failed: %s, at %s:%d\n", condition, file, line);
  std::abort();
}

namespace quickbite::runtime {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  return set;
}

bool wait_for_signal(std::chrono::microseconds patience) {
  const sigset_t set = stop_signals();
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(until - std::chrono::steady_clock::now());
    const long long ns = left.count() > 0 ? left.count() : 0;
    const timespec timeout{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
    if (::sigtimedwait(&set, nullptr, &timeout) > 0) return true;
    if (errno != EINTR) return false;
  }
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t set = stop_signals();
  CHECK(::pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
  ::signal(SIGPIPE, SIG_IGN);
}

bool StopSignal::wait(std::chrono::microseconds patience) {
  came_ = came_ || wait_for_signal(patience);
  return came_;
}

void StopSignal::end_by(std::chrono::steady_clock::time_point deadline) {
  std::thread([deadline] {
    name_this_thread("end");
    const auto left = deadline - std::chrono::steady_clock::now();
    (void)wait_for_signal(std::chrono::duration_cast<std::chrono::microseconds>(left));
    std::_Exit(0);
  }).detach();
}

void die_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
}

}  // namespace quickbite::runtime
