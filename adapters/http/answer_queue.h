// AnswerQueue: answers on their way from any thread to the thread that serves their connection.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/http/responder.h"
#include "domain/port/http.h"

namespace quickbite::http {

struct Answering {
  Exchange exchange;
  HttpAnswer answer;
};

Ticket ticket_of(const Exchange& exchange);
Exchange exchange_of(Ticket ticket);

// Outlives its server as long as a Responder is about. Many answers between two looks at the queue are one wake-up.
class AnswerQueue {
 public:
  AnswerQueue();
  ~AnswerQueue();
  AnswerQueue(const AnswerQueue&) = delete;
  AnswerQueue& operator=(const AnswerQueue&) = delete;

  void push(Answering answering);

  // By the serving thread only. `serves` makes its own answers go without a wake-up: it looks before it sleeps.
  void serves() { server_.store(std::this_thread::get_id(), std::memory_order_relaxed); }
  std::vector<Answering> take();

  int wake_fd() const { return wake_fd_; }  // readable from the first push until `take`

 private:
  std::mutex mutex_;
  std::vector<Answering> waiting_;
  bool woken_ = false;  // wake_fd_ has been written since the last take
  std::atomic<std::thread::id> server_{};
  int wake_fd_;
};

}  // namespace quickbite::http
