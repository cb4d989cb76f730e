// RequestReader: the bytes of one connection ⇄ whole requests; HTTP/1.1 (RFC 9112) without what is ambiguous in it.
//
// Pure: no socket, no clock, so that it can be tried on any bytes, cut anywhere. What a proxy in front of us could read
// differently is refused with a 4xx and the end of the connection: two Content-Lengths, one that is no number, a
// Content-Length beside a Transfer-Encoding, a bare LF, folded headers, spaces before a colon, control characters.
//
// Another version of HTTP and another transfer coding are 400 too, not 505 and 501 (RFC 9110 section 15.6, RFC 9112 section 6.1):
// a 5xx says that the fault is ours, and wakes somebody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "domain/api/api.h"
#include "domain/port/http.h"

namespace quickbite::http {

struct RequestLimits {
  std::size_t head_bytes = 16 * 1024;  // request line and headers; more is 431
  std::size_t target_bytes = 8 * 1024;  // more is 414
  std::size_t headers = 100;            // more is 431
  std::size_t body_bytes = api::kBodyBytesMax;  // more is 413
};

// A whole request, and how its connection goes on after it.
struct Incoming {
  HttpRequest request;
  bool keep_alive = true;
};
// Not a request that can be answered as asked: say this, then end the connection.
struct Broken {
  HttpAnswer answer;
};
// The bytes fed so far hold no further request.
struct NeedMore {};

class RequestReader {
 public:
  enum class Stage : std::uint8_t { kBetween, kHead, kBody };  // of the request that is being read

  explicit RequestReader(const RequestLimits& limits) : limits_(limits) {}

  void feed(std::string_view bytes) { buffer_.append(bytes); }

  // The next request, in order. After Broken nothing more is to be read.
  std::variant<NeedMore, Incoming, Broken> next();

  // True once for each request whose client waits for "100 Continue" before it sends the body.
  bool take_continue();

  Stage stage() const;
  std::size_t buffered() const { return buffer_.size() - consumed_; }

 private:
  using Found = std::variant<NeedMore, Incoming, Broken>;
  enum class Part : std::uint8_t { kHead, kSized, kChunkSize, kChunk, kChunkEnd, kTrailers };

  Found read_head();
  Found read_body();
  Found read_sized();
  Found read_chunk_size();
  Found read_chunk();
  Found read_trailers();
  Found finish();

  bool parse_request_line(std::string_view line, Broken& broken);
  bool parse_target(std::string_view target, Broken& broken);
  bool parse_header(std::string_view line, Broken& broken);
  bool settle_framing(Broken& broken);

  // The line that begins at the read position, without its CRLF, consumed; npos-like nullptr data where it is incomplete.
  bool take_line(std::string_view& line, Found& otherwise, std::size_t limit);
  std::string_view unread() const { return std::string_view(buffer_).substr(consumed_); }
  void forget_consumed();

  RequestLimits limits_;
  std::string buffer_;
  std::size_t consumed_ = 0;  // of buffer_: what belongs to requests handed out, or to the part under way
  std::size_t searched_ = 0;  // of unread(): holds no LF

  Part part_ = Part::kHead;
  bool in_head_ = false;  // the request line has been read
  std::size_t head_bytes_ = 0;
  Incoming incoming_;
  bool http_1_0_ = false;
  int hosts_ = 0;
  int lengths_ = 0;
  bool chunked_ = false;
  bool expects_continue_ = false;
  std::size_t left_ = 0;  // bytes of the body or the chunk that are still to come
};

}  // namespace quickbite::http
