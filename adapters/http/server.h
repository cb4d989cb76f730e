// Server: HTTP/1.1 on a socket, as the http port's values.
//
// A request comes to the handler with a Responder, on a thread that serves many connections: the handler must not block. The
// Responder may be answered from any thread, at once or later. The port keeps the request deadline: past it the client has
// its 504 and a later answer is dropped. Requests of one connection are answered in their order, one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "adapters/http/request_reader.h"
#include "adapters/http/responder.h"
#include "domain/base/time.h"
#include "domain/port/http.h"
#include "domain/port/policy.h"

namespace quickbite::http {

// What every answer to a request says beside what its handler said.
using HeadersOf = std::function<Headers(const HttpRequest&)>;

// A request and its answer, for whoever counts.
struct Served {
  std::string_view method;  // GET, HEAD, POST or OPTIONS, else "other"; none of what was no request
  std::string_view route;   // as Options::route_of has it; none of what was no request
  int status = 0;
  Duration took;            // from the whole request to its answer
  std::string_view trace;   // as Options::trace_of has it
};

// Which of the handler's places a request is for: one of a few constants, never the client's words.
using RouteOf = std::function<std::string_view(const HttpRequest&)>;

struct Options {
  std::string address = "127.0.0.1";  // a numeric IPv4 or IPv6 address, or a name
  std::uint16_t port = 0;             // 0: any that is free
  int threads = 1;                    // that serve connections, from 1; one more accepts them
  std::size_t connections = 10'000;   // at once, over all threads; one more is answered 503 and closed
  RequestLimits requests = {};
  Duration request_deadline = Limits{}.request_deadline;  // from the whole request to its answer: 504
  Duration header_timeout = seconds(10);  // from a request's first byte to the end of its headers: 408
  Duration body_timeout = seconds(20);    // from there to the end of its body: 408
  Duration idle_timeout = seconds(75);    // between two requests: closed
  Duration write_timeout = seconds(20);   // a client that does not read its answer: closed
  Duration linger = seconds(2);           // how long a closing connection is read from, so that the answer arrives
  HeadersOf headers_of = nullptr;         // called on a serving thread, must not throw; none: nothing more
  RouteOf route_of = nullptr;     // called on a serving thread, must not throw; none: every route is ""
  std::function<std::string(const HttpRequest&)> trace_of = nullptr;  // the trace id of a request; as route_of
  std::function<void(const Served&)> served = nullptr;  // called on a serving thread after each answer; must not throw or block
};

// Called from every serving thread, at once. What it throws becomes a 500 that does not tell.
using Handler = std::function<void(HttpRequest&&, Responder)>;

class Server {
 public:
  // Listens and serves. InvalidArgument: the options or the address make no sense. Unavailable: it cannot be listened on,
  // mostly because the port is taken; retrying may help.
  static absl::StatusOr<std::unique_ptr<Server>> start(const Options& options, Handler handler);

  // Ends at once: what is unanswered is dropped, and every connection with it.
  ~Server();

  std::uint16_t port() const;

  // Answers the request of a ticket, as its Responder would have; from any thread.
  void answer(Ticket ticket, HttpAnswer answer);

  // From now on every new request is answered 503, and every answer ends its connection.
  void refuse();

  // refuse(), then waits until every request that the handler got is answered and written, at most `grace`; true if all are.
  // Else the others are answered 504, as if their deadline had passed: whether they are done is not known.
  bool drain(Duration grace);

 private:
  class Running;
  explicit Server(std::unique_ptr<Running> running);

  std::unique_ptr<Running> running_;
};

}  // namespace quickbite::http
