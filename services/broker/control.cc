#include "services/broker/control.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/broker/unix_socket.h"

namespace quickbite::broker {
namespace {

absl::Status send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0)
      return absl::UnavailableError(absl::StrCat("the broker hung up: ", std::strerror(errno)));
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> receive_line(int fd, absl::Time deadline) {
  std::string line;
  for (;;) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration())
      return absl::DeadlineExceededError("the broker did not answer in time");
    pollfd readable{fd, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1) <= 0) continue;
    char bytes[4096];
    const ssize_t got = ::recv(fd, bytes, sizeof(bytes), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return absl::UnavailableError("the broker hung up before it answered");
    line.append(bytes, static_cast<std::size_t>(got));
    if (const std::size_t end = line.find('\n'); end != std::string::npos)
      return line.substr(0, end);
  }
}

}  // namespace

absl::StatusOr<std::string> broker_control(const std::string& path, std::string_view command,
                                           absl::Duration timeout) {
  if (command.find('\n') != std::string_view::npos)
    return absl::InvalidArgumentError("a command is one line");
  absl::StatusOr<Fd> fd = connect_unix(path);
  if (!fd.ok()) return absl::UnavailableError(fd.status().message());
  if (absl::Status sent = send_all(fd->get(), std::string(command) + "\n"); !sent.ok()) return sent;
  absl::StatusOr<std::string> reply = receive_line(fd->get(), absl::Now() + timeout);
  constexpr std::string_view kError = "error: ";
  if (reply.ok() && reply->compare(0, kError.size(), kError) == 0) {
    return absl::InvalidArgumentError(reply->substr(kError.size()));
  }
  return reply;
}

}  // namespace quickbite::broker
