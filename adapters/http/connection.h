// Connection: one client's socket: bytes in, one request at a time out of them, its answer, bytes out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "adapters/http/request_reader.h"
#include "domain/base/time.h"
#include "domain/port/http.h"

namespace quickbite::http {

// What is remembered of the request under way, for whoever counts.
struct Asked {
  std::string_view method;  // constants, both
  std::string_view route;
  Instant at;
  std::string trace = {};
};

class Connection {
 public:
  enum class Flow : std::uint8_t { kOpen, kGone };  // kGone: close the socket and forget the connection

  // `peer`: the address at the other end.
  Connection(int fd, std::string peer, const RequestLimits& limits, Instant now)
      : fd_(fd), peer_(std::move(peer)), reader_(limits), since_(now) {}

  const std::string& peer() const { return peer_; }

  // Reads what there is, unless enough is waiting behind the request under way; then `unread()`.
  Flow read(Instant now);
  bool unread() const { return unread_; }

  // The next request, where none is under way and all answers are written; or what to answer to something broken.
  std::variant<NeedMore, Incoming, Broken> next(Instant now);

  // Begins a request: until `answer`, next() yields nothing.
  // `more` is said by its answer as well.
  void begin(std::uint64_t number, bool keep_alive, bool head, Headers more = {}, Asked asked = {});
  const Asked& asked() const { return asked_; }
  bool is_under_way(std::uint64_t number) const { return under_way_ == number; }
  bool busy() const { return under_way_ != 0; }

  // A request was begun whose answer is not written yet; `take_done` is true once when it is.
  bool owes() const { return owes_; }
  bool take_done() { return !busy() && written() && std::exchange(owes_, false); }

  // Answers the request under way, or ends the connection with a word. `close`: nothing is read as a request after it.
  Flow answer(const HttpAnswer& answer, std::string_view date, bool close, Instant now);

  // Writes on. `written()` tells when all is.
  Flow write(Instant now);
  bool written() const { return out_.empty(); }

  // Nothing more will be asked or answered here.
  bool over() const { return ended_ && !busy() && written(); }

  struct Timeouts {
    Duration header, body, idle, write, linger;
  };
  enum class Overdue : std::uint8_t { kNo, kSay408, kGone };
  Overdue overdue(const Timeouts& timeouts, Instant now) const;

 private:
  Flow end_writing(Instant now);
  void note_stage(Instant now);

  int fd_;
  std::string peer_;
  RequestReader reader_;
  std::string out_;
  std::size_t out_begin_ = 0;
  std::uint64_t under_way_ = 0;  // number of the request that waits for its answer; 0: none
  bool keep_alive_ = true;       // of the request under way
  bool head_ = false;            // of the request under way
  Headers more_;                 // of the request under way
  Asked asked_;                  // of the request under way
  bool owes_ = false;
  bool closing_ = false;         // nothing is read as a request any more; end when all is written
  bool lingering_ = false;       // our side is shut; what comes is thrown away until the client shuts its own
  bool ended_ = false;           // the client has shut its side
  bool unread_ = false;          // the kernel may hold bytes that no event will tell of again
  std::size_t thrown_away_ = 0;  // bytes that came while closing
  RequestReader::Stage stage_ = RequestReader::Stage::kBetween;
  Instant since_;                // when what `overdue` judges began
};

}  // namespace quickbite::http
