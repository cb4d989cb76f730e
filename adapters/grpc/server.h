// Server: Inventory's gRPC service (proto/quickbite/inventory/v1) on a socket, with grpc.health.v1 and server reflection.
//
// What a request has to be is looked at here; what the answer is, the Desk knows. A call without a deadline gets one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/desk.h"
#include "adapters/grpc/tls.h"

namespace quickbite::rpc {

inline constexpr std::int64_t kMenuMax = 10'000;    // SKUs in one menu
inline constexpr std::size_t kStockSkusMax = 100;   // SKUs in one question

// A call and its outcome, for whoever counts.
struct Called {
  std::string_view method;  // "ListMenu"
  std::string_view code;    // "OK", "UNAVAILABLE", …: the status codes of gRPC
  absl::Duration took;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any that is free
  ServerTls tls;
  int threads = 8;         // calls at once; more are RESOURCE_EXHAUSTED
  int streams = 100;       // calls of one connection at once; more wait at the client
  int request_bytes = 16 * 1024;
  absl::Duration deadline_max = absl::Seconds(5);  // of a call, whatever its caller allows
  std::function<void(const Called&)> called = nullptr;  // by any thread, after each call; must not throw or block
};

class Server {
 public:
  // Listens and serves; `desk` outlives it. InvalidArgument: the TLS settings. Unavailable: the address cannot be listened on.
  static absl::StatusOr<std::unique_ptr<Server>> start(const ServerOptions& options, Desk& desk);

  // Ends at once: what is under way is cancelled.
  ~Server();

  std::uint16_t port() const;

  // Says NOT_SERVING to who asks for health, refuses new calls, waits for those under way until `deadline`, and cancels them.
  void stop(absl::Time deadline);

 private:
  class Running;
  explicit Server(std::unique_ptr<Running> running);

  std::unique_ptr<Running> running_;
};

}  // namespace quickbite::rpc
