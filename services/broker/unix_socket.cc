#include "services/broker/unix_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace quickbite::broker {
namespace {

// A socket address for `path`. A path that is too long goes by its folder's descriptor, which must
// outlive the address.
struct Address {
  sockaddr_un socket{};
  Fd folder;
};

absl::StatusOr<Address> address_of(const std::string& path) {
  Address address;
  address.socket.sun_family = AF_UNIX;
  std::string name = path;
  if (name.size() >= sizeof(address.socket.sun_path)) {
    const std::filesystem::path whole(path);
    address.folder = Fd(::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!address.folder.open()) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot open the folder of ", path));
    }
    name = absl::StrCat("/proc/self/fd/", address.folder.get(), "/", whole.filename().string());
  }
  if (name.size() >= sizeof(address.socket.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("the name of the socket is too long: ", path));
  }
  std::memcpy(address.socket.sun_path, name.c_str(), name.size() + 1);
  return address;
}

Fd new_socket(int flags) {
  return Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

const sockaddr* as_sockaddr(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address.socket);
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

absl::StatusOr<Fd> connect_unix(const std::string& path) {
  absl::StatusOr<Address> address = address_of(path);
  if (!address.ok()) return address.status();
  Fd fd = new_socket(0);
  if (!fd.open()) return absl::ErrnoToStatus(errno, "socket");
  if (::connect(fd.get(), as_sockaddr(*address), sizeof(address->socket)) == 0) return fd;
  if (errno == ENOENT) return absl::NotFoundError(absl::StrCat("there is no socket at ", path));
  return absl::UnavailableError(
      absl::StrCat("nobody answers at ", path, ": ", std::strerror(errno)));
}

absl::StatusOr<Fd> listen_unix(const std::string& path) {
  absl::StatusOr<Address> address = address_of(path);
  if (!address.ok()) return address.status();
  struct stat there {};
  if (::lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) {
      return absl::AlreadyExistsError(absl::StrCat(path, " exists and is not a socket"));
    }
    if (connect_unix(path).ok()) {
      return absl::AlreadyExistsError(absl::StrCat("another process listens at ", path));
    }
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
  Fd fd = new_socket(SOCK_NONBLOCK);
  if (!fd.open()) return absl::ErrnoToStatus(errno, "socket");
  const mode_t before = ::umask(0177);
  const int bound = ::bind(fd.get(), as_sockaddr(*address), sizeof(address->socket));
  const int error = errno;
  ::umask(before);
  if (bound != 0) return absl::ErrnoToStatus(error, absl::StrCat("cannot make the socket ", path));
  if (::listen(fd.get(), 16) != 0)
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot listen at ", path));
  return fd;
}

}  // namespace quickbite::broker
