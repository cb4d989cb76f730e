// Workers: numbered items of work done by forked processes, so that a crash or a hang of one is a
// result like any other.
//
// Items are handed out in order, a chunk at a time. What a worker has to say comes back through a
// pipe, as whole messages. A worker that ends early, or that is at one item for longer than the
// budget, costs exactly that item: another takes its place. Nothing else of the parent may have
// threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace quickbite::cli {

struct Work {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t chunk = 16;
  int jobs = 1;
  absl::Duration budget = absl::Seconds(60);  // of one item
  absl::Time until = absl::InfiniteFuture();  // no chunk is begun afterwards
  bool stop_at_casualty = true;
};

// What a worker says.
class Outbox {
 public:
  virtual ~Outbox() = default;
  virtual void send(std::string_view message) = 0;
  // Items after this one need not be done any more; those before it still are.
  virtual void stop_after(std::uint64_t item) = 0;
};

// Lives in a process of its own.
class Worker {
 public:
  virtual ~Worker() = default;
  virtual void work(std::uint64_t item, Outbox& out) = 0;
  // After every chunk: what was gathered over several items.
  virtual void flush(Outbox&) {}
};

// An item that ended its worker.
struct Casualty {
  std::uint64_t item = 0;
  bool hung = false;
  std::string how;  // "CHECK(x) failed at file:line", "SIGSEGV", "no end within 60 s"
};

// Of the process that hires: called from run_workers, never at the same time.
struct Employer {
  std::function<std::unique_ptr<Worker>()> hire;  // in the new process
  std::function<void(std::string_view message)> received;
  std::function<void(const Casualty&)> lost;
  std::function<void(std::uint64_t done)> progress = [](std::uint64_t) {
  };  // about ten times a second
};

// How many items were done. Casualties count.
std::uint64_t run_workers(const Work& work, const Employer& employer);

// As many as this machine has cores for us.
int cores();

// In a worker: keeps the message for the Casualty and returns true. Elsewhere: false. For the hook
// of CHECK.
bool keep_last_words(const char* condition, const char* file, int line);

}  // namespace quickbite::cli
