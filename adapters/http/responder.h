// Responder: the duty to answer one request, exactly once, from whichever thread.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "domain/port/http.h"

namespace quickbite::http {

class AnswerQueue;

// Names a request on the thread that serves it: a connection, and which of its requests.
struct Exchange {
  int fd = -1;
  std::uint64_t number = 0;
};

class Responder {
 public:
  Responder() = default;  // of no request: answering it does nothing
  Responder(std::shared_ptr<AnswerQueue> queue, Exchange exchange) : queue_(std::move(queue)), exchange_(exchange) {}
  Responder(Responder&&) = default;
  Responder& operator=(Responder&& other) {
    std::swap(queue_, other.queue_);
    std::swap(exchange_, other.exchange_);
    return *this;
  }

  // Whoever drops a request unanswered answers 503 thereby.
  ~Responder();

  // The first answer counts; what comes after it, or after the deadline, is dropped. Never blocks on the client.
  void answer(HttpAnswer answer);

 private:
  std::shared_ptr<AnswerQueue> queue_;  // null once answered
  Exchange exchange_;
};

}  // namespace quickbite::http
