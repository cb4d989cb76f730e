// HttpClient: asks a server on loopback, one request after the other on one connection that is kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "domain/port/http.h"

namespace quickbite::live {

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port, absl::Duration timeout = absl::Seconds(10))
      : port_(port), timeout_(timeout) {}
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

  const std::uint16_t port_;
  const absl::Duration timeout_;
  int fd_ = -1;
};

// POST with a JSON body, as bytes; `headers` come as they are.
std::string request_text(const HttpRequest& request);

}  // namespace quickbite::live
