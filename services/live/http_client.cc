#include "services/live/http_client.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "services/live/reply_reader.h"

namespace quickbite::live {
namespace {

bool wait_for(int fd, short events, absl::Time deadline) {
  for (;;) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    pollfd polled{fd, events, 0};
    if (::poll(&polled, 1, static_cast<int>(absl::ToInt64Milliseconds(left)) + 1) > 0) return true;
  }
}

}  // namespace

std::string request_text(const HttpRequest& request) {
  std::string text = absl::StrCat(request.method, " ", request.path);
  if (!request.query.empty()) absl::StrAppend(&text, "?", request.query);
  absl::StrAppend(&text, " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  for (const Header& header : request.headers) absl::StrAppend(&text, header.name, ": ", header.value, "\r\n");
  if (!request.body.empty() || request.method == "POST") {
    absl::StrAppend(&text, "Content-Length: ", request.body.size(), "\r\n");
  }
  absl::StrAppend(&text, "\r\n", request.body);
  return text;
}

absl::StatusOr<HttpAnswer> HttpClient::get(std::string_view target) {
  return ask({"GET", std::string(target), "", {}, ""});
}

absl::StatusOr<HttpAnswer> HttpClient::post(std::string_view target, std::string_view body, const Headers& headers) {
  HttpRequest request{"POST", std::string(target), "", {{"Content-Type", "application/json"}}, std::string(body)};
  request.headers.insert(request.headers.end(), headers.begin(), headers.end());
  return ask(request);
}

absl::StatusOr<HttpAnswer> HttpClient::ask(const HttpRequest& request) {
  return ask_raw(request_text(request), request.method == "HEAD");
}

absl::StatusOr<HttpAnswer> HttpClient::ask_raw(std::string_view bytes, bool bodiless) {
  // A kept connection that the server has ended meanwhile is no news: it is readable while nothing was asked.
  pollfd polled{fd_, POLLIN, 0};
  if (fd_ >= 0 && ::poll(&polled, 1, 0) != 0) close();
  if (fd_ < 0) {
    if (const absl::Status connected = connect(); !connected.ok()) return connected;
  }
  const absl::Time deadline = absl::Now() + timeout_;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN && wait_for(fd_, POLLOUT, deadline)) {
      continue;
    } else {
      break;  // a server may refuse before it has read everything: its answer counts
    }
  }
  absl::StatusOr<HttpAnswer> answer = receive(deadline, bodiless);
  const auto connection = answer.ok() ? header(answer->headers, "connection") : std::nullopt;
  if (!answer.ok() || !bytes.empty() ||
      (connection && absl::EqualsIgnoreCase({connection->data(), connection->size()}, "close"))) {
    close();
  }
  return answer;
}

std::string HttpClient::place() const { return absl::StrCat("port ", port_, " of ", host_); }

absl::Status HttpClient::connect() {
  addrinfo wanted{};
  wanted.ai_family = AF_INET;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* raw = nullptr;
  if (const int error = ::getaddrinfo(host_.c_str(), absl::StrCat(port_).c_str(), &wanted, &raw); error != 0) {
    return absl::UnavailableError(absl::StrCat(host_, ": ", ::gai_strerror(error)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(raw, &::freeaddrinfo);
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int at_once = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once));
  // connect() waits no longer than this either; nothing is ever sent that would block.
  const timeval patience = absl::ToTimeval(timeout_);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (fd_ >= 0 && ::connect(fd_, found->ai_addr, found->ai_addrlen) == 0) return absl::OkStatus();
  const std::string why = std::strerror(errno);
  close();
  return absl::UnavailableError(absl::StrCat(place(), ": ", why));
}

absl::StatusOr<HttpAnswer> HttpClient::receive(absl::Time deadline, bool bodiless) {
  ReplyReader reader(bodiless);
  char bytes[65536];
  for (;;) {
    if (const auto reply = reader.next()) return to_answer(*reply);
    if (reader.broken()) return absl::UnavailableError(absl::StrCat(place(), " answered no HTTP"));
    if (!wait_for(fd_, POLLIN, deadline)) {
      return absl::DeadlineExceededError(absl::StrCat(place(), " gave no answer in time"));
    }
    const ssize_t got = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return absl::UnavailableError(absl::StrCat(place(), " ended the connection without an answer"));
    reader.feed({bytes, static_cast<std::size_t>(got)});
  }
}

void HttpClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

}  // namespace quickbite::live
