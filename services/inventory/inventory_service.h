// Inventory as a service: events in and out, and what is asked of it by gRPC. Its HTTP server only tells how it is.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "adapters/grpc/server.h"
#include "adapters/http/server.h"
#include "adapters/log/logger.h"
#include "adapters/postgres/ledger_session.h"
#include "services/inventory/stock_desk.h"
#include "services/runtime/event_flow.h"
#include "services/runtime/request_numbers.h"
#include "services/runtime/service.h"
#include "services/runtime/settings.h"
#include "services/runtime/sweeping.h"

namespace quickbite::inventory {

class Inventory : public runtime::Service {
 public:
  Inventory(const runtime::ServiceSettings& settings, const rpc::ServerOptions& grpc, const log::Logger& logger);

  absl::Status start_on_database() override;
  absl::Status start_on_cluster(const kafka::Cluster& cluster) override;
  void handle(http::Server& server, HttpRequest&& request, http::Responder responder) override;
  postgres::Health database() const override;
  std::vector<runtime::Condition> conditions() const override;
  void refresh_numbers() override;
  bool stop(std::chrono::steady_clock::time_point deadline) override;

 private:
  using Flow = runtime::EventFlow<InventoryService, postgres::InventoryLedgerSession>;

  const runtime::ServiceSettings settings_;
  const rpc::ServerOptions grpc_;
  const log::Logger logger_;
  StockDesk desk_;
  runtime::RequestNumbers calls_;
  std::unique_ptr<rpc::Server> server_;
  std::atomic<Flow*> flowing_{nullptr};
  std::unique_ptr<Flow> flow_;
  runtime::Sweeping<InventoryService, postgres::InventoryLedgerSession> sweeping_;
};

}  // namespace quickbite::inventory
