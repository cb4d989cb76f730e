// Orders as a service: requests to Intake, Reader and Menu, their answers back to the server, events in and out.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>
#include <vector>

#include "adapters/grpc/client.h"
#include "adapters/http/server.h"
#include "adapters/log/logger.h"
#include "adapters/postgres/ledger_session.h"
#include "domain/machine/intake.h"
#include "domain/machine/menu.h"
#include "domain/machine/reader.h"
#include "services/orders/access.h"
#include "services/orders/app.h"
#include "services/runtime/effect_numbers.h"
#include "services/runtime/effects.h"
#include "services/runtime/event_flow.h"
#include "services/runtime/runner.h"
#include "services/runtime/service.h"
#include "services/runtime/settings.h"
#include "services/runtime/sweeping.h"

namespace quickbite::orders {

class Orders : public runtime::Service {
 public:
  Orders(const runtime::ServiceSettings& settings, std::shared_ptr<Access> access, std::shared_ptr<const App> app,
         const MenuPolicy& policy, const rpc::ClientOptions& inventory, const log::Logger& logger);
  ~Orders() override;

  absl::Status start_on_database() override;
  absl::Status start_on_cluster(const kafka::Cluster& cluster) override;
  void handle(http::Server& server, HttpRequest&& request, http::Responder responder) override;
  postgres::Health database() const override;
  std::vector<runtime::Condition> conditions() const override;
  std::string_view route_of(const HttpRequest& request) const override;
  void refresh_numbers() override;
  void begin_drain() override;
  bool stop(std::chrono::steady_clock::time_point deadline) override;

 private:
  using Session = postgres::OrdersLedgerSession;
  using TakeIn = runtime::Observed<runtime::LedgerEffects<OrdersLedger, Session>>;
  using Read = runtime::Observed<runtime::ReaderEffects<Session>>;
  using Ask = runtime::Observed<runtime::MenuEffects<rpc::Client>>;
  using IntakeRunner = runtime::Runner<Intake, TakeIn>;
  using ReaderRunner = runtime::Runner<Reader, Read>;
  using MenuRunner = runtime::Runner<Menu, Ask>;
  using Flow = runtime::EventFlow<OrdersService, Session>;

  void command(http::Server& server, Command&& command, http::Responder&& responder);
  void query(http::Server& server, api::Query&& query, http::Responder&& responder);
  void menu(http::Server& server, http::Responder&& responder);
  void hint(std::vector<OrderId>&& changed);
  void tell(std::vector<Intake::Notice>&& notices);
  void tell(std::vector<Reader::Notice>&& notices);
  void tell(std::vector<Menu::Notice>&& notices);

  const runtime::ServiceSettings settings_;
  const std::shared_ptr<Access> access_;
  const std::shared_ptr<const App> app_;
  const MenuPolicy menu_policy_;
  const rpc::ClientOptions inventory_;
  const log::Logger logger_;
  std::atomic<http::Server*> server_{nullptr};  // known with the first request, and so before the first answer
  std::atomic<bool> serving_{false};            // the machines are started
  std::atomic<Flow*> flowing_{nullptr};
  std::unique_ptr<Flow> flow_;
  IntakeRunner intake_;
  ReaderRunner reader_;
  runtime::Sweeping<OrdersService, Session> sweeping_;
  std::unique_ptr<MenuRunner> menu_;  // gRPC begins threads of its own: not before the process is set up
};

}  // namespace quickbite::orders
