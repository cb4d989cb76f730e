// What the tests of this folder ask with, and the server that they ask: raw sockets, so that nothing is made better on the way.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/server.h"

namespace quickbite::http {

struct Got {
  int status = 0;
  std::string head;
  std::string body;
};

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    const timeval patience{5, 0};
    for (const int timeout : {SO_RCVTIMEO, SO_SNDTIMEO}) ::setsockopt(fd_, SOL_SOCKET, timeout, &patience, sizeof(patience));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof(to)), 0);
  }
  ~Client() {
    if (fd_ >= 0) ::close(fd_);
  }
  Client(const Client&) = delete;

  bool send(const std::string& bytes) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      const ssize_t n = ::send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) return false;
      sent += static_cast<std::size_t>(n);
    }
    return true;
  }
  void shut() { ::shutdown(fd_, SHUT_WR); }

  // Ends the connection with a RST.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    ::close(std::exchange(fd_, -1));
  }

  // The next answer; status 0 where none came.
  Got receive(bool head_only = false) {
    Got got;
    std::size_t end = 0;
    while ((end = bytes_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return got;
    }
    got.head = bytes_.substr(0, end + 2);
    bytes_.erase(0, end + 4);
    got.status = std::stoi(got.head.substr(9, 3));
    const std::size_t length_at = got.head.find("Content-Length: ");
    const std::size_t length = length_at == std::string::npos || head_only
                                   ? 0 : std::stoul(got.head.substr(length_at + 16));
    while (bytes_.size() < length) {
      if (!more()) return got;
    }
    got.body = bytes_.substr(0, length);
    bytes_.erase(0, length);
    return got;
  }

  Got ask(const std::string& request) {
    send(request);
    return receive();
  }

  // True where something has come that was not received yet.
  bool answered() {
    char byte = 0;
    return !bytes_.empty() || ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
  }

  // True where the server ends the connection, properly and within the patience.
  bool closed() {
    char byte = 0;
    return bytes_.empty() && ::recv(fd_, &byte, 1, 0) == 0;
  }

 private:
  bool more() {
    char bytes[65536];
    const ssize_t n = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (n > 0) bytes_.append(bytes, static_cast<std::size_t>(n));
    return n > 0;
  }
  int fd_;
  std::string bytes_;
};

inline std::string get(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}
inline std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /v1/orders HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

// /echo answers what it got, /later is kept for the test to answer, /throw and /throw-int throw, /drop drops, /big is 8 MB.
class ServerTest : public testing::Test {
 protected:
  Server& start(Options options = {}) {
    auto started = Server::start(options, [this](HttpRequest&& request, Responder responder) {
      ++handled;
      if (request.path == "/later") {
        const std::lock_guard lock(mutex_);
        later_.push_back(std::move(responder));
        arrived_.notify_all();
      } else if (request.path == "/throw") {
        throw std::runtime_error("a secret");
      } else if (request.path == "/throw-int") {
        throw 42;
      } else if (request.path == "/drop") {
        return;
      } else if (request.path == "/big") {
        responder.answer({200, {}, std::string(8 << 20, 'x')});
      } else {
        responder.answer({200, {{"X-Query", request.query}}, request.method + " " + request.path + " " + request.body});
      }
    });
    EXPECT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
    return *server_;
  }

  Responder take_later() {
    std::unique_lock lock(mutex_);
    const bool arrived = arrived_.wait_for(lock, std::chrono::seconds(5), [&] { return !later_.empty(); });
    EXPECT_TRUE(arrived);
    if (!arrived) return {};
    Responder responder = std::move(later_.front());
    later_.erase(later_.begin());
    return responder;
  }

  Got ask(const std::string& request) { return Client(server_->port()).ask(request); }

  std::atomic<int> handled{0};
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Responder> later_;
  std::unique_ptr<Server> server_;
};

}  // namespace quickbite::http
