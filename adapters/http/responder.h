// Responder: the duty to answer one request, exactly once, from whichever thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "domain/base/strong.h"
#include "domain/port/http.h"

namespace quickbite::http {

class AnswerQueue;

// Names a request: which serving thread, which of its connections, which request there.
struct Exchange {
  std::uint32_t thread = 0;  // below kThreadsMax
  int fd = -1;               // below kDescriptorsMax
  std::uint64_t number = 0;  // from 1, below kNumbersMax; used again only after very long

  static constexpr std::uint32_t kThreadsMax = 1 << 6;
  static constexpr int kDescriptorsMax = 1 << 20;
  static constexpr std::uint64_t kNumbersMax = std::uint64_t{1} << 38;
};

// An Exchange as one number, for those who cannot carry a Responder: a machine's RequestId.
using Ticket = Strong<struct TicketTag, std::uint64_t>;

class Responder {
 public:
  Responder() = default;  // of no request: answering it does nothing
  Responder(std::shared_ptr<AnswerQueue> queue, Exchange exchange, std::string peer = {})
      : queue_(std::move(queue)), exchange_(exchange), peer_(std::move(peer)) {}
  Responder(Responder&&) = default;
  Responder& operator=(Responder&& other) {
    std::swap(queue_, other.queue_);
    std::swap(exchange_, other.exchange_);
    std::swap(peer_, other.peer_);
    return *this;
  }

  // Whoever drops a request unanswered answers 503 thereby.
  ~Responder();

  // The first answer counts; what comes after it, or after the deadline, is dropped. Never blocks on the client.
  void answer(HttpAnswer answer);

  // Whom: the address at the other end of the connection, without its port. A proxy's, where one is between.
  const std::string& peer() const { return peer_; }

  // Gives the duty away: whoever holds the ticket answers by Server::answer. Nobody notices if it never does, but the deadline.
  Ticket defer();

 private:
  std::shared_ptr<AnswerQueue> queue_;  // null once answered
  Exchange exchange_;
  std::string peer_;
};

}  // namespace quickbite::http
