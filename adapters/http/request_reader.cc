#include "adapters/http/request_reader.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>
#include <utility>

namespace quickbite::http {
namespace {

constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || kTokenMarks.find(c) != std::string_view::npos;
  });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// Nullopt for a '%' without two digits after it, and for an encoded NUL.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[i + 1]);
    const int low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

// Calls `use` with each element of a comma-separated list.
template <class Use>
void for_each_element(std::string_view list, Use use) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    use(lowered(trimmed(list.substr(0, comma))));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

Broken bad_request(std::string_view detail) {
  return {api::problem("bad-request", 400, "The request is not valid HTTP", detail)};
}

Broken too_large(std::size_t limit) {
  return {api::problem("body-too-large", 413, "The body is too large",
                       "At most " + std::to_string(limit) + " bytes are taken.")};
}

Broken head_too_large(std::string_view detail) {
  return {api::problem("head-too-large", 431, "The headers are too large", detail)};
}

}  // namespace

std::variant<NeedMore, Incoming, Broken> RequestReader::next() {
  if (part_ == Part::kHead) {
    if (Found found = read_head(); !std::holds_alternative<NeedMore>(found) || part_ == Part::kHead) return found;
  }
  return read_body();
}

bool RequestReader::take_continue() {
  const bool waits = expects_continue_ && part_ != Part::kHead && unread().empty();
  if (waits) expects_continue_ = false;
  return waits;
}

RequestReader::Stage RequestReader::stage() const {
  if (part_ != Part::kHead) return Stage::kBody;
  return in_head_ || buffered() > 0 ? Stage::kHead : Stage::kBetween;
}

// --- The head -------------------------------------------------------------------------------------

RequestReader::Found RequestReader::read_head() {
  Broken broken;
  for (;;) {
    std::string_view line;
    Found otherwise = NeedMore{};
    // Something that is not HTTP at all (a TLS handshake, say) need not send a line before it is told so.
    if (!in_head_ && !unread().empty() && !is_alnum(unread()[0]) && unread()[0] != '\r') {
      return bad_request("A request begins with a method.");
    }
    if (!take_line(line, otherwise, limits_.head_bytes - std::min(head_bytes_, limits_.head_bytes))) return otherwise;
    head_bytes_ += line.size() + 2;
    if (!in_head_) {
      if (line.empty()) continue;  // RFC 9112 section 2.2: empty lines before a request are ignored
      if (!parse_request_line(line, broken)) return broken;
      in_head_ = true;
    } else if (!line.empty()) {
      if (!parse_header(line, broken)) return broken;
    } else {
      if (!settle_framing(broken)) return broken;
      return NeedMore{};
    }
  }
}

bool RequestReader::take_line(std::string_view& line, Found& otherwise, std::size_t limit) {
  const std::string_view rest = unread();
  const std::size_t end = rest.find('\n', searched_);
  if (end == std::string_view::npos) {
    searched_ = rest.size();
    if (rest.size() > limit) otherwise = head_too_large("The request line and the headers together are too long.");
    return false;
  }
  searched_ = 0;
  if (end + 1 > limit) {
    otherwise = head_too_large("The request line and the headers together are too long.");
    return false;
  }
  if (end == 0 || rest[end - 1] != '\r') {
    otherwise = bad_request("A line ends without a carriage return.");
    return false;
  }
  line = rest.substr(0, end - 1);
  consumed_ += end + 1;
  return true;
}

bool RequestReader::parse_request_line(std::string_view line, Broken& broken) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    broken = bad_request("A request line is METHOD TARGET VERSION.");
    return false;
  }
  const std::string_view method = line.substr(0, first);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(method) || method.size() > 32) {
    broken = bad_request("The method is not a token of at most 32 bytes.");
    return false;
  }
  http_1_0_ = version == "HTTP/1.0";
  if (!http_1_0_ && version != "HTTP/1.1") {
    broken = bad_request("A request line ends with the version, HTTP/1.1 or HTTP/1.0.");
    return false;
  }
  incoming_.keep_alive = !http_1_0_;
  incoming_.request.method = std::string(method);
  return parse_target(line.substr(first + 1, last - first - 1), broken);
}

bool RequestReader::parse_target(std::string_view target, Broken& broken) {
  if (target.size() > limits_.target_bytes) {
    broken = {api::problem("target-too-long", 414, "The address is too long",
                           "At most " + std::to_string(limits_.target_bytes) + " bytes are taken.")};
    return false;
  }
  const bool printable = std::all_of(target.begin(), target.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (target.empty() || !printable || target.find('#') != std::string_view::npos) {
    broken = bad_request("The address is empty, or holds a space, a control character, a '#' or a byte that is not ASCII.");
    return false;
  }
  // The absolute form (RFC 9112 section 3.2.2) is meant for proxies, but every server has to take it.
  if (const std::string scheme = lowered(target.substr(0, 7)); scheme == "http://") {
    const std::size_t slash = target.find_first_of("/?", 7);
    target = slash == std::string_view::npos ? std::string_view("/") : target.substr(slash);
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  std::string_view path = target.substr(0, question);
  if (path.empty()) path = "/";
  std::optional<std::string> decoded = percent_decoded(path);
  if (!decoded || decoded->front() != '/') {
    broken = bad_request("The address does not begin with '/', or a percent sign in its path has no two digits.");
    return false;
  }
  incoming_.request.path = *std::move(decoded);
  incoming_.request.query = std::string(target.substr(std::min(question + 1, target.size())));
  return true;
}

bool RequestReader::parse_header(std::string_view line, Broken& broken) {
  if (incoming_.request.headers.size() == limits_.headers) {
    broken = head_too_large("There are too many headers.");
    return false;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
    broken = bad_request("A header is NAME: VALUE, the name a token with nothing before the colon.");
    return false;
  }
  const std::string_view value = trimmed(line.substr(colon + 1));
  const bool clean = std::all_of(value.begin(), value.end(),
                                 [](unsigned char c) { return (c >= 0x20 && c != 0x7f) || c == '\t'; });
  if (!clean) {
    broken = bad_request("A header's value holds a control character.");
    return false;
  }
  std::string name = lowered(line.substr(0, colon));
  if (name == "content-length") {
    ++lengths_;
    if (value.empty() || value.size() > 18 || value.find_first_not_of("0123456789") != std::string_view::npos) {
      broken = bad_request("Content-Length is not a number that a body could have.");
      return false;
    }
    left_ = 0;
    for (const char digit : value) left_ = left_ * 10 + static_cast<std::size_t>(digit - '0');
  } else if (name == "transfer-encoding") {
    if (chunked_ || lowered(value) != "chunked") {
      broken = bad_request("Of the transfer encodings only a single \"chunked\" is understood.");
      return false;
    }
    chunked_ = true;
  } else if (name == "connection") {
    for_each_element(value, [&](const std::string& option) {
      if (option == "close") incoming_.keep_alive = false;
      if (option == "keep-alive" && http_1_0_) incoming_.keep_alive = true;
    });
  } else if (name == "host") {
    ++hosts_;
  } else if (name == "expect") {
    expects_continue_ = !http_1_0_ && lowered(value) == "100-continue";
  }
  incoming_.request.headers.push_back({std::move(name), std::string(value)});
  return true;
}

// What follows the head, now that all of it is known.
bool RequestReader::settle_framing(Broken& broken) {
  if (hosts_ > 1 || (hosts_ == 0 && !http_1_0_)) {
    broken = bad_request("There has to be exactly one Host header.");
    return false;
  }
  if (lengths_ > 1 || (lengths_ == 1 && chunked_) || (chunked_ && http_1_0_)) {
    broken = bad_request("It is not clear how long the body is.");
    return false;
  }
  if (left_ > limits_.body_bytes) {
    broken = too_large(limits_.body_bytes);
    return false;
  }
  part_ = chunked_ ? Part::kChunkSize : Part::kSized;
  return true;
}

// --- The body -------------------------------------------------------------------------------------

RequestReader::Found RequestReader::read_body() {
  for (;;) {
    const Part before = part_;
    Found found = NeedMore{};
    switch (part_) {
      case Part::kHead: return NeedMore{};
      case Part::kSized: found = read_sized(); break;
      case Part::kChunkSize: found = read_chunk_size(); break;
      case Part::kChunk:
      case Part::kChunkEnd: found = read_chunk(); break;
      case Part::kTrailers: found = read_trailers(); break;
    }
    if (!std::holds_alternative<NeedMore>(found) || part_ == before) {
      forget_consumed();
      return found;
    }
  }
}

RequestReader::Found RequestReader::read_sized() {
  if (unread().size() < left_) return NeedMore{};
  incoming_.request.body = std::string(unread().substr(0, left_));
  consumed_ += left_;
  return finish();
}

RequestReader::Found RequestReader::read_chunk_size() {
  std::string_view line;
  Found otherwise = NeedMore{};
  if (!take_line(line, otherwise, limits_.head_bytes)) return otherwise;
  head_bytes_ += line.size() + 2;  // extensions count as head, so that they cannot go on for ever
  if (head_bytes_ > 2 * limits_.head_bytes + limits_.body_bytes) return head_too_large("The chunks are too small.");
  const std::string_view digits = trimmed(line.substr(0, line.find(';')));
  if (digits.empty() || digits.size() > 8) return bad_request("A chunk's size is not a number of one to eight hex digits.");
  left_ = 0;
  for (const char c : digits) {
    const int digit = hex_digit(c);
    if (digit < 0) return bad_request("A chunk's size is not a number of one to eight hex digits.");
    left_ = left_ * 16 + static_cast<std::size_t>(digit);
  }
  if (left_ > limits_.body_bytes - incoming_.request.body.size()) return too_large(limits_.body_bytes);
  part_ = left_ == 0 ? Part::kTrailers : Part::kChunk;
  return NeedMore{};
}

RequestReader::Found RequestReader::read_chunk() {
  if (part_ == Part::kChunk) {
    const std::string_view piece = unread().substr(0, left_);
    incoming_.request.body.append(piece);
    consumed_ += piece.size();
    left_ -= piece.size();
    if (left_ == 0) part_ = Part::kChunkEnd;
    return NeedMore{};
  }
  if (unread().size() < 2) return NeedMore{};
  if (unread().substr(0, 2) != "\r\n") return bad_request("A chunk is longer than it says.");
  consumed_ += 2;
  part_ = Part::kChunkSize;
  return NeedMore{};
}

// Trailers are read and thrown away: nothing of ours looks at them.
RequestReader::Found RequestReader::read_trailers() {
  for (;;) {
    std::string_view line;
    Found otherwise = NeedMore{};
    if (!take_line(line, otherwise, limits_.head_bytes)) return otherwise;
    if (line.empty()) return finish();
    head_bytes_ += line.size() + 2;
    if (head_bytes_ > 2 * limits_.head_bytes + limits_.body_bytes) return head_too_large("The trailers are too long.");
  }
}

RequestReader::Found RequestReader::finish() {
  Incoming whole = std::exchange(incoming_, Incoming{});
  part_ = Part::kHead;
  in_head_ = false;
  head_bytes_ = 0;
  http_1_0_ = chunked_ = expects_continue_ = false;
  hosts_ = lengths_ = 0;
  left_ = 0;
  return whole;
}

void RequestReader::forget_consumed() {
  if (consumed_ == 0) return;
  buffer_.erase(0, consumed_);
  consumed_ = 0;
}

}  // namespace quickbite::http
