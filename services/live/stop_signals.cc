#include "services/live/stop_signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace quickbite::live {
namespace {

constexpr int kExitInterrupted = 130;  // as a shell has it: 128 + SIGINT

sigset_t stop_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&set, number);
  return set;
}

}  // namespace

StopSignals::StopSignals(Interrupt& interrupt) {
  const sigset_t set = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);  // whoever reads what we print may leave before us
  thread_ = std::thread([this, &interrupt] { wait(interrupt); });
}

StopSignals::~StopSignals() {
  leaving_ = true;
  ::pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void StopSignals::wait(Interrupt& interrupt) {
  const sigset_t set = stop_signals();
  for (int number = 0; ::sigwait(&set, &number) == 0 && !leaving_;) {
    if (interrupt.raised()) ::_exit(kExitInterrupted);
    interrupt.raise();
  }
}

}  // namespace quickbite::live
