// Unix-domain stream sockets by path, of any length: the kernel's limit of 107 bytes is shorter
// than many a build folder.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace quickbite::broker {

// Owns one file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Connects to the socket at `path`. NotFound: there is no such file. Unavailable: nobody listens
// there.
absl::StatusOr<Fd> connect_unix(const std::string& path);

// Listens at `path`, readable and writable by this user only, without blocking in accept. A socket
// file that nobody listens to is replaced. AlreadyExists: somebody does, or the path is a file of
// another kind.
absl::StatusOr<Fd> listen_unix(const std::string& path);

}  // namespace quickbite::broker
