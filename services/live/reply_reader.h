// ReplyReader: bytes of an HTTP/1.1 connection to whole answers, for our own clients. It understands
// what our server writes: a Content-Length and no chunks.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "domain/port/http.h"

namespace quickbite::live {

struct Reply {
  int status = 0;
  std::string_view head;  // the header lines, each ending in CRLF
  std::string_view body;
};

class ReplyReader {
 public:
  // `bodiless`: the answer is to a HEAD.
  explicit ReplyReader(bool bodiless = false) : bodiless_(bodiless) {}

  void feed(std::string_view bytes);

  // The next whole answer; its views are valid until the next feed. Nullopt where more is needed.
  std::optional<Reply> next();
  // What came is no answer of ours, and never will be.
  bool broken() const { return broken_; }
  bool empty() const { return begin_ == bytes_.size(); }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;  // of what was not handed out
  bool bodiless_;
  bool broken_ = false;
};

// With the names of the headers in lower case.
HttpAnswer to_answer(const Reply& reply);

}  // namespace quickbite::live
