// A TCP proxy on loopback whose clients can be cut off while the server keeps its side of the connection.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace quickbite::contract {

class CuttableProxy {
 public:
  // Forwards to that port of 127.0.0.1.
  explicit CuttableProxy(std::uint16_t server_port);
  ~CuttableProxy();  // closes everything
  CuttableProxy(const CuttableProxy&) = delete;
  CuttableProxy& operator=(const CuttableProxy&) = delete;

  std::uint16_t port() const { return port_; }

  // From now on, until clients are cut, nothing that the server says reaches one.
  void mute_server() { muted_ = true; }

  // Ends the clients' side of every connection there is. The server notices nothing.
  void cut_clients();

 private:
  struct Pair {
    int client = -1;
    int server = -1;
    std::atomic<bool> cut = false;
    std::thread thread;
  };

  void accept_clients();
  void forward(Pair& pair);

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  int stop_pipe_[2] = {-1, -1};
  std::atomic<bool> muted_ = false;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Pair>> pairs_;
  std::thread acceptor_;
};

}  // namespace quickbite::contract
