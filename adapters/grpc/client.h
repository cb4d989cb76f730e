// Client: Inventory's gRPC service as its caller sees it; the Menu port in production.
//
// Blocking, from any thread, each call within its deadline; one connection, made when it is first needed and made anew when it
// breaks, at most a second after the other side is back. No exception leaves it. Errors of every call:
//   Unavailable         no connection, or it broke: a restock may have been done; send it again with the same id
//   DeadlineExceeded    no answer in time: likewise
//   Internal            an answer that our server would not give
// and those that proto/quickbite/inventory/v1 names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "adapters/grpc/desk.h"
#include "adapters/grpc/tls.h"
#include "domain/port/menu.h"

namespace quickbite::rpc {

struct ClientOptions {
  std::string target;  // HOST:PORT, or another name that gRPC resolves ("dns:///…", "unix:…")
  ClientTls tls;
};

class Client {
 public:
  // Connects to nobody yet. InvalidArgument: the TLS settings.
  static absl::StatusOr<std::unique_ptr<Client>> make(const ClientOptions& options);
  ~Client();

  // Every error is a MenuAway.
  AskMenuAnswer ask(const AskMenu& ask);

  absl::StatusOr<StockList> stock(const std::vector<Sku>& skus, absl::Duration timeout);
  absl::StatusOr<ReservationRow> reservation(const OrderId& order, absl::Duration timeout);
  absl::StatusOr<Restocked> restock(const Restock& restock, absl::Duration timeout);

 private:
  class Calls;
  explicit Client(std::unique_ptr<Calls> calls);

  std::unique_ptr<Calls> calls_;
};

}  // namespace quickbite::rpc
