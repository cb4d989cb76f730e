#include "services/inventory/inventory_service.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "adapters/grpc/log.h"
#include "domain/api/api.h"

namespace quickbite::inventory {

Inventory::Inventory(const runtime::ServiceSettings& settings, const rpc::ServerOptions& grpc, const log::Logger& logger)
    : settings_(settings),
      grpc_(grpc),
      logger_(logger),
      desk_(settings),
      calls_(settings.metrics, "quickbite_grpc", {"method", "", "code"}),
      sweeping_(settings, logger, [this] {
        if (Flow* flow = flowing_.load()) flow->wake_relay();
      }) {}

absl::Status Inventory::start_on_database() {
  rpc::log_to([logger = logger_.named("grpc")](bool error, std::string_view text) {
    logger.log(error ? log::Level::kWarning : log::Level::kDebug, text);
  });
  rpc::ServerOptions options = grpc_;
  options.called = [this](const rpc::Called& call) {
    calls_.observe(call.method, "", call.code, absl::ToDoubleSeconds(call.took));
  };
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::start(options, desk_);
  if (!server.ok()) return server.status();
  server_ = *std::move(server);
  logger_.info("listening for gRPC",
               {{"address", grpc_.address}, {"port", server_->port()}, {"tls", grpc_.tls.any() ? "on" : "off"}});
  sweeping_.start();
  return absl::OkStatus();
}

absl::Status Inventory::start_on_cluster(const kafka::Cluster& cluster) {
  absl::StatusOr<std::unique_ptr<Flow>> flow = Flow::start(settings_, cluster, logger_);
  if (!flow.ok()) return flow.status();
  flow_ = *std::move(flow);
  flowing_.store(flow_.get());
  flow_->wake_relay();
  return absl::OkStatus();
}

void Inventory::handle(http::Server&, HttpRequest&&, http::Responder responder) {
  responder.answer(api::problem("not-found", 404, "There is nothing here", "Inventory tells /healthz, /readyz and /metrics only."));
}

postgres::Health Inventory::database() const {
  const Flow* flow = flowing_.load();
  return flow != nullptr ? flow->database() : postgres::Health{};
}

std::vector<runtime::Condition> Inventory::conditions() const {
  const Flow* flow = flowing_.load();
  return flow != nullptr ? flow->conditions() : std::vector<runtime::Condition>{};
}

void Inventory::refresh_numbers() {
  if (const Flow* flow = flowing_.load()) flow->refresh_numbers();
}

bool Inventory::stop(std::chrono::steady_clock::time_point deadline) {
  // Whoever asked has at most half of the time left: what it asked for can be asked again.
  const absl::Duration left = absl::FromChrono(deadline - std::chrono::steady_clock::now());
  if (server_ != nullptr) server_->stop(absl::Now() + std::max(left / 2, absl::ZeroDuration()));
  const bool swept = sweeping_.stop(deadline);
  return (flow_ == nullptr || flow_->stop(deadline)) && swept;
}

}  // namespace quickbite::inventory
