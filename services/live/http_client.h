// HttpClient: asks a server, usually on loopback, one request after the other on one connection that is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/port/http.h"

namespace quickbite::live {

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port, absl::Duration timeout = absl::Seconds(10))
      : HttpClient("127.0.0.1", port, timeout) {}
  // A host's name is looked up for each connection: it may move.
  HttpClient(std::string host, std::uint16_t port, absl::Duration timeout = absl::Seconds(10))
      : host_(std::move(host)), port_(port), timeout_(timeout) {}
  ~HttpClient() { close(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // The answer, with its headers' names in lower case. Unavailable: nobody listens, or the
  // connection broke before the answer; the request may have been done. DeadlineExceeded: no answer
  // in time.
  absl::StatusOr<HttpAnswer> get(std::string_view target);
  absl::StatusOr<HttpAnswer> post(std::string_view target, std::string_view body, const Headers& headers = {});
  absl::StatusOr<HttpAnswer> ask(const HttpRequest& request);
  // Any bytes, and what comes back.
  absl::StatusOr<HttpAnswer> ask_raw(std::string_view bytes, bool bodiless = false);

  void close();

 private:
  absl::Status connect();
  absl::StatusOr<HttpAnswer> receive(absl::Time deadline, bool bodiless);

  std::string place() const;  // for messages

  const std::string host_;
  const std::uint16_t port_;
  const absl::Duration timeout_;
  int fd_ = -1;
};

// POST with a JSON body, as bytes; `headers` come as they are.
std::string request_text(const HttpRequest& request);

}  // namespace quickbite::live
