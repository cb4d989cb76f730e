#include "adapters/http/answer_queue.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

#include "domain/api/api.h"
#include "domain/base/check.h"

namespace quickbite::http {

AnswerQueue::AnswerQueue() : wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { CHECK(wake_fd_ >= 0); }

AnswerQueue::~AnswerQueue() { ::close(wake_fd_); }

void AnswerQueue::push(Answering answering) {
  const bool own = server_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(answering));
  if (own || std::exchange(woken_, true)) return;
  // Under the lock, so that `take` finds it written where `woken_` says so.
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(wake_fd_, &one, sizeof(one));
}

std::vector<Answering> AnswerQueue::take() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(woken_, false)) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(wake_fd_, &count, sizeof(count));
  }
  return std::exchange(waiting_, {});
}

Responder::~Responder() {
  if (!queue_) return;
  try {
    answer(api::problem("dropped", 503, "The request was not handled", "Whether it was done is not known. Try again with the same Idempotency-Key."));
  } catch (...) {  // out of memory: the deadline answers
  }
}

void Responder::answer(HttpAnswer answer) {
  if (!queue_) return;
  const std::shared_ptr<AnswerQueue> queue = std::move(queue_);
  queue_ = nullptr;
  queue->push({exchange_, std::move(answer)});
}

namespace {

constexpr int kNumberBits = 38;
constexpr int kDescriptorBits = 20;
static_assert(Exchange::kNumbersMax == std::uint64_t{1} << kNumberBits);
static_assert(Exchange::kDescriptorsMax == 1 << kDescriptorBits);

}  // namespace

Ticket ticket_of(const Exchange& exchange) {
  const auto fd = static_cast<std::uint64_t>(exchange.fd);
  return Ticket{std::uint64_t{exchange.thread} << (kNumberBits + kDescriptorBits) | fd << kNumberBits | exchange.number};
}

Exchange exchange_of(Ticket ticket) {
  return {static_cast<std::uint32_t>(ticket.value >> (kNumberBits + kDescriptorBits)),
          static_cast<int>(ticket.value >> kNumberBits & (Exchange::kDescriptorsMax - 1)),
          ticket.value & (Exchange::kNumbersMax - 1)};
}

Ticket Responder::defer() {
  queue_ = nullptr;
  return ticket_of(exchange_);
}

}  // namespace quickbite::http
