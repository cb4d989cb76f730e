#include "services/inventory/inventory_service.h"

#include <utility>

#include "domain/api/api.h"

namespace quickbite::inventory {

Inventory::Inventory(const runtime::ServiceSettings& settings, const log::Logger& logger)
    : settings_(settings), logger_(logger), sweeping_(settings, logger, [this] {
        if (Flow* flow = flowing_.load()) flow->wake_relay();
      }) {}

absl::Status Inventory::start_on_database() {
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
  responder.answer(api::problem("not-found", 404, "There is nothing here", "Inventory tells /healthz and /readyz only."));
}

postgres::Health Inventory::database() const {
  const Flow* flow = flowing_.load();
  return flow != nullptr ? flow->database() : postgres::Health{};
}

std::vector<runtime::Condition> Inventory::conditions() const {
  const Flow* flow = flowing_.load();
  return flow != nullptr ? flow->conditions() : std::vector<runtime::Condition>{};
}

bool Inventory::stop(std::chrono::steady_clock::time_point deadline) {
  const bool swept = sweeping_.stop(deadline);
  return (flow_ == nullptr || flow_->stop(deadline)) && swept;
}

}  // namespace quickbite::inventory
