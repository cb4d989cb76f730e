// Tells ThreadSanitizer of Abseil's locks: Debian's Abseil is built without it, so that it would take whatever an absl::Mutex
// guards for a race. Each function here stands in place of the library's of the same name, also for what gRPC calls, and
// wraps it. Linked into every program of the preset `tsan`, and into nothing else.
//
// Between `pre` and `post`, ThreadSanitizer ignores what the thread reads and writes: there Abseil evaluates other threads'
// conditions, under a lock of whose holder it knows more than we can tell.
#include <sanitizer/tsan_interface.h>

#include <string>

#include "absl/base/options.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "proptests/sanitizers/original.h"

#define QUICKBITE_TEXT_OF(name) #name
#define QUICKBITE_TEXT(name) QUICKBITE_TEXT_OF(name)

namespace {

// By what follows Abseil's namespaces in its mangled name; `begin` is "_ZNK" of a const one.
template <class Function>
Function* original(const char* rest, const char* begin = "_ZN") {
  const std::string space = QUICKBITE_TEXT(ABSL_OPTION_INLINE_NAMESPACE_NAME);  // as "debian3"
  return quickbite::sanitizers::original<Function>((begin + ("4absl" + std::to_string(space.size())) + space + rest).c_str());
}

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;

// While a lock is waited for.
class Locking {
 public:
  explicit Locking(void* mutex, unsigned how) : mutex_(mutex), how_(how) { __tsan_mutex_pre_lock(mutex_, how_); }
  ~Locking() { __tsan_mutex_post_lock(mutex_, how_, 0); }
  Locking(const Locking&) = delete;
  Locking& operator=(const Locking&) = delete;
  void failed() { how_ |= __tsan_mutex_try_lock_failed; }

 private:
  void* mutex_;
  unsigned how_;
};

// While it is let go.
class Unlocking {
 public:
  explicit Unlocking(void* mutex, unsigned how) : mutex_(mutex), how_(how) { __tsan_mutex_pre_unlock(mutex_, how_); }
  ~Unlocking() { __tsan_mutex_post_unlock(mutex_, how_); }
  Unlocking(const Unlocking&) = delete;
  Unlocking& operator=(const Unlocking&) = delete;

 private:
  void* mutex_;
  unsigned how_;
};

// While a held lock is let go and taken again. All waits of ours hold it for writing.
class Relocking {
 public:
  explicit Relocking(void* mutex) : locking_(let_go(mutex), kWrite) {}

 private:
  static void* let_go(void* mutex) {
    const Unlocking unlocking(mutex, kWrite);
    return mutex;
  }
  Locking locking_;
};

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  static auto* const lock = original<void(Mutex*)>("5Mutex4LockEv");
  const Locking locking(this, kWrite);
  lock(this);
}

void Mutex::Unlock() {
  static auto* const unlock = original<void(Mutex*)>("5Mutex6UnlockEv");
  const Unlocking unlocking(this, kWrite);
  unlock(this);
}

bool Mutex::TryLock() {
  static auto* const try_lock = original<bool(Mutex*)>("5Mutex7TryLockEv");
  Locking locking(this, __tsan_mutex_try_lock);
  const bool locked = try_lock(this);
  if (!locked) locking.failed();
  return locked;
}

void Mutex::ReaderLock() {
  static auto* const lock = original<void(Mutex*)>("5Mutex10ReaderLockEv");
  const Locking locking(this, kRead);
  lock(this);
}

void Mutex::ReaderUnlock() {
  static auto* const unlock = original<void(Mutex*)>("5Mutex12ReaderUnlockEv");
  const Unlocking unlocking(this, kRead);
  unlock(this);
}

void Mutex::LockWhen(const Condition& condition) {
  static auto* const lock = original<void(Mutex*, const Condition&)>("5Mutex8LockWhenERKNS0_9ConditionE");
  const Locking locking(this, kWrite);
  lock(this, condition);
}

void Mutex::Await(const Condition& condition) {
  static auto* const await = original<void(Mutex*, const Condition&)>("5Mutex5AwaitERKNS0_9ConditionE");
  const Relocking relocking(this);
  await(this, condition);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const await =
      original<bool(Mutex*, const Condition&, Time)>("5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  const Relocking relocking(this);
  return await(this, condition, deadline);
}

// The library's calls the other, or does not: so that a wait is told of once.
bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  return AwaitWithDeadline(condition, Now() + timeout);
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const wait = original<void(CondVar*, Mutex*)>("7CondVar4WaitEPNS0_5MutexE");
  const Relocking relocking(mutex);
  wait(this, mutex);
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const wait = original<bool(CondVar*, Mutex*, Time)>("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  const Relocking relocking(mutex);
  return wait(this, mutex, deadline);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) { return WaitWithDeadline(mutex, Now() + timeout); }

// Who comes after the notification does not lock, but reads an atomic of the library's.
void Notification::Notify() {
  static auto* const notify = original<void(Notification*)>("12Notification6NotifyEv");
  __tsan_release(this);
  notify(this);
}

void Notification::WaitForNotification() const {
  static auto* const wait = original<void(const Notification*)>("12Notification19WaitForNotificationEv", "_ZNK");
  wait(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  static auto* const wait = original<bool(const Notification*, Time)>(
      "12Notification31WaitForNotificationWithDeadlineENS0_4TimeE", "_ZNK");
  const bool notified = wait(this, deadline);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  return WaitForNotificationWithDeadline(Now() + timeout);
}

ABSL_NAMESPACE_END
}  // namespace absl
