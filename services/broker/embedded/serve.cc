#include "services/broker/embedded/serve.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <csignal>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

namespace quickbite::broker {
namespace {

struct Client {
  Fd fd;
  std::string received;  // what has come of a line
};

bool answer(const Client& client, std::string reply) {
  reply += '\n';
  // A reply is far smaller than a socket's buffer: one that does not fit has a client that never
  // reads.
  return ::send(client.fd.get(), reply.data(), reply.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(reply.size());
}

// Reads what there is and answers whole lines. False: the client is done with.
bool serve_client(Broker& broker, Client& client) {
  char bytes[1024];
  const ssize_t got = ::recv(client.fd.get(), bytes, sizeof(bytes), 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  client.received.append(bytes, static_cast<std::size_t>(got));
  for (std::size_t end; (end = client.received.find('\n')) != std::string::npos;) {
    if (!answer(client, broker.obey(client.received.substr(0, end)))) return false;
    client.received.erase(0, end + 1);
  }
  return client.received.size() <= kControlLineMax;
}

}  // namespace

absl::StatusOr<Fd> stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0)
    return absl::ErrnoToStatus(errno, "pthread_sigmask");
  Fd fd(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.open()) return absl::ErrnoToStatus(errno, "signalfd");
  return fd;
}

absl::Status serve(Broker& broker, const Fd& stop, const Fd& control) {
  std::vector<Client> clients;
  for (;;) {
    const bool room = clients.size() < kControlClientsMax;
    std::vector<pollfd> waits{{stop.get(), POLLIN, 0}, {room ? control.get() : -1, POLLIN, 0}};
    for (const Client& client : clients) waits.push_back({client.fd.get(), POLLIN, 0});
    if (::poll(waits.data(), waits.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return absl::ErrnoToStatus(errno, "poll");
    }
    if (waits[0].revents != 0) return absl::OkStatus();
    std::vector<Client> staying;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (waits[i + 2].revents == 0 || serve_client(broker, clients[i]))
        staying.push_back(std::move(clients[i]));
    }
    clients = std::move(staying);
    if (waits[1].revents != 0) {
      Fd fd(::accept4(control.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd.open()) clients.push_back({std::move(fd), {}});
    }
  }
}

}  // namespace quickbite::broker
