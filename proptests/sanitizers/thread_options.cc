// What ThreadSanitizer is told before it begins, in every program of the preset `tsan`.
extern "C" {

const char* __tsan_default_options();
const char* __tsan_default_suppressions();

// The first finding is enough to fail a test; the program goes on, so that a test can say where it was.
const char* __tsan_default_options() { return "history_size=5:second_deadlock_stack=1"; }

// Debian builds the libraries without ThreadSanitizer. It sees their calls into the C library and their locks (abseil_locks.cc,
// c_threads.cc), and not the atomic counts by which the last of several threads knows that it may free: that looks like a race.
const char* __tsan_default_suppressions() {
  return
      // gRPC 1.51 and its slices, transports and threads, the TLS that it calls, librdkafka 2.0.2 and its messages: what they
      // themselves allocate, copy and free is not looked at. What our code reads and writes is, also in their threads and from under their calls; and their
      // locks count, since those come by way of functions of ours.
      "called_from_lib:libgrpc.so\n"
      "called_from_lib:libgrpc++.so\n"
      "called_from_lib:libgpr.so\n"
      "called_from_lib:libssl.so\n"
      "called_from_lib:libcrypto.so\n"
      "called_from_lib:librdkafka.so\n"
      // The calls of gRPC's own reflection service, which are ended by callbacks. Nothing of ours is called from there.
      "race:grpc::internal::CallbackBidiHandler\n"
      // With them, librdkafka's pthread_rwlocks do not count: a mutex that was made under one is locked without. Nothing of ours is
      // called from in there.
      "race:^mtx_lock$\n"
      // Abseil's time zones and source of random numbers, which the first caller makes, and its graph of locks, under a spin lock.
      "called_from_lib:libabsl_time_zone.so\n"
      "called_from_lib:libabsl_random_internal_pool_urbg.so\n"
      "called_from_lib:libabsl_graphcycles_internal.so\n"
      // Abseil's Status and Cord, of which gRPC's threads and ours have copies that count together.
      "called_from_lib:libabsl_status.so\n"
      "race:absl::*::Status::Unref\n"
      "called_from_lib:libabsl_cord.so\n"
      "called_from_lib:libabsl_cord_internal.so\n"
      // Pistache 0.0.5 hands each connection from the thread that accepts to the one that serves, as a shared_ptr of which each
      // lets go, and its descriptor with it. Nothing of ours is called from there.
      "race:Pistache::Tcp::Listener::handleNewConnection\n"
      "race:Pistache::Polling::Epoll::addFd\n";
}

}  // extern "C"
