#include "adapters/grpc/client.h"

#include <string>
#include <utility>

#include <grpcpp/grpcpp.h>
#include <quickbite/inventory/v1/inventory.grpc.pb.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/convert.h"
#include "adapters/grpc/credentials.h"
#include "domain/base/uuid.h"

namespace quickbite::rpc {
namespace {

constexpr int kAnswerBytesMax = 4 * 1024 * 1024;  // of a menu of 10,000 SKUs it is less than one

::grpc::ChannelArguments arguments_of(const ClientOptions& options) {
  ::grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // Left alone it waits up to two minutes before it looks for a server again, and 20 s for each connection.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  // A server that is gone without a word (its machine, its network) is noticed.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 2'000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);  // http_proxy is for the world outside, and this is not
  // Two clients of one process share no connection, so that each finds out for itself.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  if (!options.tls.server_name.empty()) arguments.SetSslTargetNameOverride(options.tls.server_name);
  return arguments;
}

}  // namespace

class Client::Calls {
 public:
  explicit Calls(std::shared_ptr<::grpc::Channel> channel) : stub_(v1::Inventory::NewStub(std::move(channel))) {}

  template <class Request, class Response>
  using Method = ::grpc::Status (v1::Inventory::Stub::*)(::grpc::ClientContext*, const Request&, Response*);

  template <class Request, class Response>
  absl::StatusOr<Response> call(Method<Request, Response> method, const Request& request, absl::Duration timeout) {
    ::grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
    Response response;
    const ::grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    if (!status.ok()) return from_grpc(status);
    return response;
  }

 private:
  const std::unique_ptr<v1::Inventory::Stub> stub_;
};

Client::Client(std::unique_ptr<Calls> calls) : calls_(std::move(calls)) {}
Client::~Client() = default;

absl::StatusOr<std::unique_ptr<Client>> Client::make(const ClientOptions& options) {
  auto credentials = credentials_of(options.tls);
  if (!credentials.ok()) return credentials.status();
  auto channel = ::grpc::CreateCustomChannel(options.target, *credentials, arguments_of(options));
  return std::unique_ptr<Client>(new Client(std::make_unique<Calls>(std::move(channel))));
}

AskMenuAnswer Client::ask(const AskMenu& ask) {
  const auto response = calls_->call(&v1::Inventory::Stub::ListMenu, v1::ListMenuRequest(), absl::Microseconds(ask.timeout.us));
  absl::StatusOr<MenuTold> menu = response.ok() ? menu_of(*response) : response.status();
  if (!menu.ok()) return MenuAway{menu.status().ToString()};
  return *std::move(menu);
}

absl::StatusOr<StockList> Client::stock(const std::vector<Sku>& skus, absl::Duration timeout) {
  v1::GetStockRequest request;
  for (const Sku& sku : skus) request.add_skus(sku.value);
  const auto response = calls_->call(&v1::Inventory::Stub::GetStock, request, timeout);
  return response.ok() ? stock_of(*response) : response.status();
}

absl::StatusOr<ReservationRow> Client::reservation(const OrderId& order, absl::Duration timeout) {
  v1::GetReservationRequest request;
  request.set_order_id(to_string(order.value));
  const auto response = calls_->call(&v1::Inventory::Stub::GetReservation, request, timeout);
  return response.ok() ? reservation_of(*response) : response.status();
}

absl::StatusOr<Restocked> Client::restock(const Restock& restock, absl::Duration timeout) {
  v1::RestockRequest request;
  request.set_id(to_string(restock.id.value));
  request.set_sku(restock.sku.value);
  request.set_quantity(restock.quantity.value);
  const auto response = calls_->call(&v1::Inventory::Stub::Restock, request, timeout);
  return response.ok() ? restocked_of(*response) : response.status();
}

}  // namespace quickbite::rpc
