#include "services/cli/workers.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "domain/base/check.h"
#include "services/cli/terminal.h"

namespace quickbite::cli {
namespace {

constexpr std::size_t kWordsMax = 512;
constexpr int kTickMs = 100;
constexpr std::uint64_t kCasualtiesMax = 1000;  // whoever loses more has seen enough

// What a worker and its employer both see.
struct Slot {
  std::atomic<bool> busy;  // with `item`
  std::atomic<std::uint64_t> item;
  std::atomic<std::uint64_t> end;      // of the chunk
  std::atomic<std::int64_t> begun_ns;  // the item, by the steady clock
  std::atomic<std::uint64_t> done;
  char words[kWordsMax];
};
struct Board {
  std::atomic<std::uint64_t> next;
  std::atomic<std::uint64_t> last;  // items after it need not be done
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

char* last_words = nullptr;  // of this process, where it is a worker

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

void lower(std::atomic<std::uint64_t>& value, std::uint64_t to) {
  std::uint64_t was = value;
  while (to < was && !value.compare_exchange_weak(was, to)) {
  }
}

// Memory that a process and those that it forks share.
class Shared {
 public:
  explicit Shared(std::size_t slots) : size_(sizeof(Board) + slots * sizeof(Slot)) {
    memory_ = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(memory_ != MAP_FAILED);
    board_ = new (memory_) Board{};
    auto* first = static_cast<std::byte*>(memory_) + sizeof(Board);
    for (std::size_t i = 0; i < slots; ++i) slots_.push_back(new (first + i * sizeof(Slot)) Slot{});
  }
  ~Shared() { ::munmap(memory_, size_); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;

  Board& board() { return *board_; }
  Slot& slot(std::size_t index) { return *slots_[index]; }
  std::uint64_t done() const {
    std::uint64_t sum = 0;
    for (const Slot* slot : slots_) sum += slot->done;
    return sum;
  }

 private:
  std::size_t size_;
  void* memory_ = nullptr;
  Board* board_ = nullptr;
  std::vector<Slot*> slots_;
};

void write_all(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t wrote = ::write(fd, bytes, size);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) ::_exit(1);  // nobody listens any more
    bytes += wrote;
    size -= static_cast<std::size_t>(wrote);
  }
}

class PipeOutbox final : public Outbox {
 public:
  PipeOutbox(int fd, Board& board) : fd_(fd), board_(board) {}
  void send(std::string_view message) override {
    const auto size = static_cast<std::uint32_t>(message.size());
    std::string frame(sizeof size, '\0');
    std::memcpy(frame.data(), &size, sizeof size);
    frame += message;
    write_all(fd_, frame.data(), frame.size());
  }
  void stop_after(std::uint64_t item) override { lower(board_.last, item); }

 private:
  int fd_;
  Board& board_;
};

struct Chunk {
  std::uint64_t begin;
  std::uint64_t end;
};

std::optional<Chunk> next_chunk(const Work& work, Board& board) {
  if (absl::Now() >= work.until) return std::nullopt;
  const std::uint64_t limit =
      work.count > UINT64_MAX - work.first ? UINT64_MAX : work.first + work.count;
  const std::uint64_t begin = board.next.fetch_add(work.chunk);
  if (begin >= limit || begin < work.first || begin > board.last) return std::nullopt;
  return Chunk{begin, limit - begin < work.chunk ? limit : begin + work.chunk};
}

// A worker's life, beginning with what another left of a chunk.
void labour(const Work& work, Board& board, Slot& slot, Worker& worker, Outbox& out,
            std::optional<Chunk> chunk) {
  for (; chunk; chunk = next_chunk(work, board)) {
    slot.end = chunk->end;
    for (std::uint64_t item = chunk->begin; item < chunk->end && item <= board.last; ++item) {
      slot.item = item;
      slot.begun_ns = now_ns();
      slot.busy = true;
      worker.work(item, out);
      slot.busy = false;
      ++slot.done;
    }
    worker.flush(out);
  }
}

std::string ending_of(int status, const char* words) {
  if (*words != '\0') return words;
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return absl::StrCat("ended by SIG", name == nullptr ? "?" : name);
  }
  return absl::StrCat("ended by itself with code ", WEXITSTATUS(status));
}

// One process, and what has come through its pipe so far.
struct Hired {
  pid_t pid = -1;
  int fd = -1;
  bool hung = false;
  std::string received;
};

class Shift {
 public:
  Shift(const Work& work, const Employer& employer)
      : work_(work),
        employer_(employer),
        shared_(static_cast<std::size_t>(work.jobs)),
        hired_(work.jobs) {
    shared_.board().next = work.first;
    shared_.board().last = UINT64_MAX;
  }

  std::uint64_t run() {
    for (std::size_t i = 0; i < hired_.size(); ++i) hire(i, next_chunk(work_, shared_.board()));
    while (std::ranges::any_of(hired_, [](const Hired& each) { return each.fd >= 0; })) {
      wait();
      kill_the_hung();
      employer_.progress(shared_.done());
    }
    return shared_.done();
  }

 private:
  void hire(std::size_t index, std::optional<Chunk> chunk) {
    if (!chunk) return;
    std::array<int, 2> ends{};
    CHECK(::pipe2(ends.data(), O_CLOEXEC) == 0);
    std::fflush(nullptr);
    Slot& slot = shared_.slot(index);
    slot.busy = false;
    slot.words[0] = '\0';
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    CHECK(pid >= 0);
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(1);
      last_words = slot.words;
      PipeOutbox out(ends[1], shared_.board());
      labour(work_, shared_.board(), slot, *employer_.hire(), out, chunk);
      ::_exit(0);
    }
    ::close(ends[1]);
    hired_[index] = {pid, ends[0], false, {}};
  }

  void wait() {
    std::vector<pollfd> polled;
    std::vector<std::size_t> whose;
    for (std::size_t i = 0; i < hired_.size(); ++i) {
      if (hired_[i].fd < 0) continue;
      polled.push_back({hired_[i].fd, POLLIN, 0});
      whose.push_back(i);
    }
    if (::poll(polled.data(), polled.size(), kTickMs) <= 0) return;
    for (std::size_t i = 0; i < polled.size(); ++i) {
      if (polled[i].revents != 0) read_from(whose[i]);
    }
  }

  void read_from(std::size_t index) {
    Hired& each = hired_[index];
    std::array<char, 1 << 16> bytes;
    const ssize_t size = ::read(each.fd, bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) return;
    if (size <= 0) return end_of(index);
    each.received.append(bytes.data(), static_cast<std::size_t>(size));
    std::string_view rest = each.received;
    for (std::uint32_t length = 0; rest.size() >= sizeof length;) {
      std::memcpy(&length, rest.data(), sizeof length);
      if (rest.size() - sizeof length < length) break;
      employer_.received(rest.substr(sizeof length, length));
      rest.remove_prefix(sizeof length + length);
    }
    each.received.erase(0, each.received.size() - rest.size());
  }

  void end_of(std::size_t index) {
    Hired& each = hired_[index];
    int status = 0;
    while (::waitpid(each.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ::close(std::exchange(each.fd, -1));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    Slot& slot = shared_.slot(index);
    const std::uint64_t item = slot.item;
    const bool at_an_item = slot.busy;
    employer_.lost({item, each.hung,
                    each.hung ? absl::StrCat("no end within ", for_people(work_.budget))
                              : ending_of(status, slot.words)});
    if (work_.stop_at_casualty) lower(shared_.board().last, item);
    if (++casualties_ >= kCasualtiesMax) lower(shared_.board().last, 0);
    if (at_an_item) ++slot.done;
    // What is left of the chunk, or else the next.
    std::optional<Chunk> rest;
    if (item + 1 < slot.end && item + 1 <= shared_.board().last) rest = Chunk{item + 1, slot.end};
    hire(index, rest ? rest : next_chunk(work_, shared_.board()));
  }

  void kill_the_hung() {
    for (std::size_t i = 0; i < hired_.size(); ++i) {
      Hired& each = hired_[i];
      const Slot& slot = shared_.slot(i);
      if (each.fd < 0 || each.hung || !slot.busy) continue;
      if (absl::Nanoseconds(now_ns() - slot.begun_ns) < work_.budget) continue;
      each.hung = true;
      ::kill(each.pid, SIGKILL);
    }
  }

  const Work& work_;
  const Employer& employer_;
  Shared shared_;
  std::vector<Hired> hired_;
  std::uint64_t casualties_ = 0;
};

}  // namespace

std::uint64_t run_workers(const Work& work, const Employer& employer) {
  CHECK(work.jobs > 0 && work.chunk > 0);
  return Shift(work, employer).run();
}

int cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

bool keep_last_words(const char* condition, const char* file, int line) {
  if (last_words == nullptr) return false;
  std::snprintf(last_words, kWordsMax, "CHECK(%s) failed at %s:%d", condition, file, line);
  return true;
}

}  // namespace quickbite::cli
