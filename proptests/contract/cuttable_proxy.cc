#include "proptests/contract/cuttable_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "domain/base/check.h"

namespace quickbite::contract {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

// False where one side has ended. With `drop`, what was said is heard and not passed on.
bool pass_on(int from, int to, bool drop) {
  char buffer[16384];
  const ssize_t got = recv(from, buffer, sizeof(buffer), 0);
  if (got <= 0) return false;
  for (ssize_t sent = 0; sent < got && !drop;) {
    const ssize_t n = send(to, buffer + sent, static_cast<std::size_t>(got - sent), MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += n;
  }
  return true;
}

}  // namespace

CuttableProxy::CuttableProxy(std::uint16_t server_port) : server_port_(server_port) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(bind(listener_, any, size) == 0 && listen(listener_, 8) == 0 && getsockname(listener_, any, &size) == 0);
  CHECK(pipe(stop_pipe_) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_clients(); });
}

CuttableProxy::~CuttableProxy() {
  CHECK(write(stop_pipe_[1], "x", 1) == 1);
  acceptor_.join();
  for (const auto& pair : pairs_) {
    shutdown(pair->client, SHUT_RDWR);
    shutdown(pair->server, SHUT_RDWR);
    pair->thread.join();
    close(pair->client);
    close(pair->server);
  }
  for (const int fd : {listener_, stop_pipe_[0], stop_pipe_[1]}) close(fd);
}

void CuttableProxy::accept_clients() {
  for (;;) {
    pollfd waiting[] = {{listener_, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}};
    poll(waiting, 2, -1);
    if (waiting[1].revents != 0) return;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(server_port_);
    if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      close(client);
      close(server);
      continue;
    }
    auto pair = std::make_unique<Pair>();
    pair->client = client;
    pair->server = server;
    pair->thread = std::thread([this, &pair = *pair] { forward(pair); });
    const std::lock_guard lock(mutex_);
    pairs_.push_back(std::move(pair));
  }
}

void CuttableProxy::forward(Pair& pair) {
  for (;;) {
    pollfd waiting[] = {{pair.client, POLLIN, 0}, {pair.server, POLLIN, 0}};
    poll(waiting, 2, -1);
    if (pair.cut) return;  // and the server's side stays open
    const bool client_goes_on = waiting[0].revents == 0 || pass_on(pair.client, pair.server, false);
    const bool server_goes_on = waiting[1].revents == 0 || pass_on(pair.server, pair.client, muted_);
    if (client_goes_on && server_goes_on) continue;
    if (pair.cut) return;
    shutdown(pair.client, SHUT_RDWR);
    shutdown(pair.server, SHUT_RDWR);
    return;
  }
}

void CuttableProxy::cut_clients() {
  const std::lock_guard lock(mutex_);
  for (const auto& pair : pairs_) {
    pair->cut = true;
    shutdown(pair->client, SHUT_RDWR);
  }
  muted_ = false;
}

}  // namespace quickbite::contract
