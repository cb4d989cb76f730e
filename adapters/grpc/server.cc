#include "adapters/grpc/server.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <utility>
#include <vector>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpc/health/v1/health.pb.h>
#include <quickbite/inventory/v1/inventory.grpc.pb.h>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "adapters/grpc/convert.h"
#include "adapters/grpc/credentials.h"
#include "domain/base/uuid.h"

namespace quickbite::rpc {
namespace {

std::string_view name_of(::grpc::StatusCode code) {
  switch (code) {
    case ::grpc::OK: return "OK";
    case ::grpc::INVALID_ARGUMENT: return "INVALID_ARGUMENT";
    case ::grpc::DEADLINE_EXCEEDED: return "DEADLINE_EXCEEDED";
    case ::grpc::NOT_FOUND: return "NOT_FOUND";
    case ::grpc::ALREADY_EXISTS: return "ALREADY_EXISTS";
    case ::grpc::RESOURCE_EXHAUSTED: return "RESOURCE_EXHAUSTED";
    case ::grpc::FAILED_PRECONDITION: return "FAILED_PRECONDITION";
    case ::grpc::ABORTED: return "ABORTED";
    case ::grpc::OUT_OF_RANGE: return "OUT_OF_RANGE";
    case ::grpc::INTERNAL: return "INTERNAL";
    case ::grpc::UNAVAILABLE: return "UNAVAILABLE";
    default: return "UNKNOWN";
  }
}

class Service final : public v1::Inventory::Service {
 public:
  Service(Desk& desk, const ServerOptions& options)
      : desk_(desk), deadline_max_(options.deadline_max), calls_max_(options.threads), called_(options.called) {}

  ::grpc::Status ListMenu(::grpc::ServerContext* context, const v1::ListMenuRequest*, v1::ListMenuResponse* out) override {
    return answer("ListMenu", *context, *out, [&](absl::Time deadline) -> absl::StatusOr<MenuTold> {
      absl::StatusOr<MenuTold> menu = desk_.menu(kMenuMax + 1, deadline);
      if (menu.ok() && static_cast<std::int64_t>(menu->items.size()) > kMenuMax) {
        return absl::OutOfRangeError(absl::StrCat("there are more than ", kMenuMax, " SKUs"));
      }
      return menu;
    });
  }

  ::grpc::Status GetStock(::grpc::ServerContext* context, const v1::GetStockRequest* in, v1::GetStockResponse* out) override {
    return answer("GetStock", *context, *out, [&](absl::Time deadline) -> absl::StatusOr<StockList> {
      std::vector<Sku> skus;
      for (const std::string& sku : in->skus()) {
        if (!is_sku(sku)) return absl::InvalidArgumentError("skus: each must be 1 to 64 letters, digits, '.', '_', '-'");
        skus.emplace_back(sku);
      }
      std::sort(skus.begin(), skus.end());
      skus.erase(std::unique(skus.begin(), skus.end()), skus.end());
      if (skus.empty() || skus.size() > kStockSkusMax) {
        return absl::InvalidArgumentError(absl::StrCat("skus: from 1 to ", kStockSkusMax, " different ones"));
      }
      return desk_.stock(skus, deadline);
    });
  }

  ::grpc::Status GetReservation(::grpc::ServerContext* context, const v1::GetReservationRequest* in,
                                v1::Reservation* out) override {
    return answer("GetReservation", *context, *out, [&](absl::Time deadline) -> absl::StatusOr<ReservationRow> {
      const auto order = parse_uuid(in->order_id());
      if (!order) return absl::InvalidArgumentError("order_id must be a UUID");
      return desk_.reservation(OrderId(*order), deadline);
    });
  }

  ::grpc::Status Restock(::grpc::ServerContext* context, const v1::RestockRequest* in, v1::RestockResponse* out) override {
    return answer("Restock", *context, *out, [&](absl::Time deadline) -> absl::StatusOr<Restocked> {
      const quickbite::Restock wanted{EventId(parse_uuid(in->id()).value_or(Uuid{})), Sku(in->sku()),
                                      Quantity(in->quantity())};
      if (const auto fault = fault_of(wanted)) return absl::InvalidArgumentError(std::string(*fault));
      return desk_.restock(wanted, deadline);
    });
  }

 private:
  template <class Out, class Work>
  ::grpc::Status answer(std::string_view method, ::grpc::ServerContext& context, Out& out, Work work) {
    const absl::Time begin = absl::Now();
    ::grpc::Status status = within_deadline(context, out, std::move(work));
    if (called_) called_({method, name_of(status.error_code()), absl::Now() - begin});
    return status;
  }

  // Calls `work` within the caller's deadline and ours. Nothing that it throws leaves, or shows.
  template <class Out, class Work>
  ::grpc::Status within_deadline(::grpc::ServerContext& context, Out& out, Work work) {
    const absl::Cleanup leave = [this] { --calls_; };
    if (++calls_ > calls_max_) return to_grpc(absl::ResourceExhaustedError("as many calls as are served at once"));
    const absl::Time now = absl::Now();
    const absl::Time deadline = std::min(absl::FromChrono(context.deadline()), now + deadline_max_);
    if (deadline <= now || context.IsCancelled()) {
      return to_grpc(absl::DeadlineExceededError("the deadline had passed before anything was begun"));
    }
    try {
      const auto done = work(deadline);
      if (!done.ok()) return to_grpc(done.status());
      fill(*done, out);
      return ::grpc::Status::OK;
    } catch (...) {
      return to_grpc(absl::InternalError("the service failed"));
    }
  }

  Desk& desk_;
  const absl::Duration deadline_max_;
  const int calls_max_;
  const std::function<void(const Called&)> called_;
  std::atomic<int> calls_{0};
};

// Both are switches of the whole process; before any server is built.
void switch_on_plugins() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::grpc::EnableDefaultHealthCheckService(true);
    ::grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    ::grpc::health::v1::HealthCheckRequest::descriptor();  // links what reflection tells of it
  });
}

}  // namespace

class Server::Running {
 public:
  Running(const ServerOptions& options, Desk& desk) : service_(desk, options) {}

  absl::Status start(const ServerOptions& options) {
    auto credentials = credentials_of(options.tls);
    if (!credentials.ok()) return credentials.status();
    switch_on_plugins();
    int bound = 0;
    ::grpc::ServerBuilder builder;
    builder.AddListeningPort(address_of(options), *credentials, &bound);
    builder.RegisterService(&service_);
    builder.SetMaxReceiveMessageSize(options.request_bytes);
    builder.SetSyncServerOption(::grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(::grpc::ServerBuilder::MIN_POLLERS, 1);
    builder.SetSyncServerOption(::grpc::ServerBuilder::MAX_POLLERS, 2);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // two processes would each get some of the calls
    // A client may ask whether we are there every few seconds, calls or no calls.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    ::grpc::ResourceQuota quota;
    // Threads beyond those at work: the pollers, and some that say no. gRPC's own no, at the quota, has been seen to go amiss.
    quota.SetMaxThreads(options.threads + 32);
    builder.SetResourceQuota(quota);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || bound == 0) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", address_of(options), " for gRPC"));
    }
    port_ = static_cast<std::uint16_t>(bound);
    server_->GetHealthCheckService()->SetServingStatus(v1::Inventory::service_full_name(), true);
    return absl::OkStatus();
  }

  ~Running() { stop(absl::Now()); }

  void stop(absl::Time deadline) {
    if (server_ == nullptr || stopped_.exchange(true)) return;
    server_->GetHealthCheckService()->SetServingStatus(false);
    server_->Shutdown(absl::ToChronoTime(deadline));
  }

  std::uint16_t port() const { return port_; }

 private:
  static std::string address_of(const ServerOptions& options) {
    const bool v6 = options.address.find(':') != std::string::npos;
    return absl::StrCat(v6 ? "[" : "", options.address, v6 ? "]" : "", ":", options.port);
  }

  Service service_;
  std::unique_ptr<::grpc::Server> server_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_{false};
};

Server::Server(std::unique_ptr<Running> running) : running_(std::move(running)) {}
Server::~Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Desk& desk) {
  auto running = std::make_unique<Running>(options, desk);
  if (absl::Status started = running->start(options); !started.ok()) return started;
  return std::unique_ptr<Server>(new Server(std::move(running)));
}

std::uint16_t Server::port() const { return running_->port(); }

void Server::stop(absl::Time deadline) { running_->stop(deadline); }

}  // namespace quickbite::rpc
