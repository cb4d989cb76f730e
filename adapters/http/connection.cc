#include "adapters/http/connection.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "adapters/http/answer_text.h"

namespace quickbite::http {
namespace {

// Read ahead of the request under way, at most; the rest waits in the kernel and slows the client down.
constexpr std::size_t kReadAheadMax = 128 * 1024;

// Thrown away of a connection that ends, at most: a client that still talks then does not listen.
constexpr std::size_t kThrownAwayMax = 8 * 1024 * 1024;

}  // namespace

Connection::Flow Connection::read(Instant now) {
  std::array<char, 16 * 1024> bytes;
  unread_ = false;
  while (!ended_) {
    if (!closing_ && reader_.buffered() >= kReadAheadMax) {
      unread_ = true;
      break;
    }
    const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got < 0) return Flow::kGone;
    if (got == 0) {
      ended_ = true;
    } else if (!closing_) {
      reader_.feed({bytes.data(), static_cast<std::size_t>(got)});
    } else if ((thrown_away_ += static_cast<std::size_t>(got)) > kThrownAwayMax) {
      return Flow::kGone;
    }
  }
  if (ended_ && lingering_) return Flow::kGone;
  note_stage(now);
  return Flow::kOpen;
}

void Connection::note_stage(Instant now) {
  const RequestReader::Stage stage = reader_.stage();
  if (std::exchange(stage_, stage) != stage) since_ = now;
}

std::variant<NeedMore, Incoming, Broken> Connection::next(Instant now) {
  if (busy() || closing_ || !written()) return NeedMore{};
  auto found = reader_.next();
  note_stage(now);
  if (std::holds_alternative<NeedMore>(found) && reader_.take_continue()) {
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    (void)write(now);  // a connection that broke shows at the next read
  }
  return found;
}

void Connection::begin(std::uint64_t number, bool keep_alive, bool head, Headers more, Asked asked) {
  asked_ = std::move(asked);
  more_ = std::move(more);
  under_way_ = number;
  keep_alive_ = keep_alive;
  head_ = head;
  owes_ = true;
}

Connection::Flow Connection::answer(const HttpAnswer& answer, std::string_view date, bool close, Instant now) {
  closing_ = closing_ || close || (busy() && !keep_alive_);
  append_answer(answer, {.date = date, .close = closing_, .head = busy() && head_, .more = &more_}, out_);
  under_way_ = 0;
  more_.clear();
  head_ = false;
  return write(now);
}

Connection::Flow Connection::write(Instant now) {
  while (out_begin_ < out_.size()) {
    const ssize_t sent = ::send(fd_, out_.data() + out_begin_, out_.size() - out_begin_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Flow::kOpen;
    if (sent < 0) return Flow::kGone;
    out_begin_ += static_cast<std::size_t>(sent);
    since_ = now;
  }
  out_.clear();
  out_begin_ = 0;
  since_ = now;
  return closing_ ? end_writing(now) : Flow::kOpen;
}

// Closing a socket with unread bytes in it resets the connection, and the client may lose the answer (RFC 9112 section 9.6):
// shut our side, then read on for a while.
Connection::Flow Connection::end_writing(Instant now) {
  if (lingering_) return Flow::kOpen;
  if (ended_) return Flow::kGone;
  ::shutdown(fd_, SHUT_WR);
  lingering_ = true;
  return read(now);
}

Connection::Overdue Connection::overdue(const Timeouts& timeouts, Instant now) const {
  const Duration lasting = now - since_;
  if (lingering_) return lasting > timeouts.linger ? Overdue::kGone : Overdue::kNo;
  if (!written()) return lasting > timeouts.write ? Overdue::kGone : Overdue::kNo;
  if (busy()) return Overdue::kNo;  // the request deadline sees to it
  switch (stage_) {
    case RequestReader::Stage::kBetween: return lasting > timeouts.idle ? Overdue::kGone : Overdue::kNo;
    case RequestReader::Stage::kHead: return lasting > timeouts.header ? Overdue::kSay408 : Overdue::kNo;
    case RequestReader::Stage::kBody: return lasting > timeouts.body ? Overdue::kSay408 : Overdue::kNo;
  }
  return Overdue::kNo;
}

}  // namespace quickbite::http
