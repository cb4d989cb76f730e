#include "services/broker/embedded/listen_port.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace quickbite::broker {
namespace {

std::atomic<int> taken{-1};  // the socket that listens

}  // namespace

absl::Status take_listen_port(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return absl::ErrnoToStatus(errno, "socket");
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
                    ::listen(fd, 1) == 0;
  const int error = errno;
  if (free) {
    taken = fd;
    return absl::OkStatus();
  }
  ::close(fd);
  if (error == EADDRINUSE)
    return absl::AlreadyExistsError(absl::StrCat("port ", port, " of 127.0.0.1 is taken"));
  if (error == EACCES)
    return absl::PermissionDeniedError(absl::StrCat("this user may not listen on port ", port));
  return absl::ErrnoToStatus(error, absl::StrCat("cannot listen on port ", port));
}

}  // namespace quickbite::broker

extern "C" int bind(int fd, const sockaddr* address, socklen_t length) noexcept {
  static const auto real_bind =
      reinterpret_cast<int (*)(int, const sockaddr*, socklen_t)>(::dlsym(RTLD_NEXT, "bind"));
  sockaddr_in any{};
  if (address->sa_family == AF_INET && length == sizeof(any)) {
    std::memcpy(&any, address, sizeof(any));
    const int taken = any.sin_port == 0 ? quickbite::broker::taken.exchange(-1) : -1;
    if (taken >= 0) {
      const int put = ::dup3(taken, fd, O_CLOEXEC);
      ::close(taken);
      return put < 0 ? -1 : 0;
    }
  }
  return real_bind(fd, address, length);
}
