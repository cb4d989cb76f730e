#include "services/orders/orders_service.h"

#include <string_view>
#include <utility>
#include <variant>

#include "adapters/grpc/log.h"
#include "domain/api/api.h"
#include "domain/base/match.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::orders {

Orders::Orders(const runtime::ServiceSettings& settings, const MenuPolicy& policy, const rpc::ClientOptions& inventory,
               const log::Logger& logger)
    : settings_(settings),
      menu_policy_(policy),
      inventory_(inventory),
      logger_(logger),
      intake_("intake", Intake(settings.limits, settings.salt + 2), settings.limits, settings.clock,
              {std::make_unique<Session>(settings.session("intake"))}, [this](auto&& notices) { tell(std::move(notices)); }),
      reader_("reader", Reader(settings.limits), settings.limits, settings.clock,
              {std::make_unique<Session>(settings.session("reader"))}, [this](auto&& notices) { tell(std::move(notices)); }),
      sweeping_(settings, logger, [this] {
        if (Flow* flow = flowing_.load()) flow->wake_relay();
      }) {}

Orders::~Orders() = default;

absl::Status Orders::start_on_database() {
  rpc::log_to([logger = logger_.named("grpc")](bool error, std::string_view text) {
    logger.log(error ? log::Level::kWarning : log::Level::kDebug, text);
  });
  absl::StatusOr<std::unique_ptr<rpc::Client>> client = rpc::Client::make(inventory_);
  if (!client.ok()) return client.status();
  menu_ = std::make_unique<MenuRunner>(
      "menu", Menu(menu_policy_, settings_.salt + 3), settings_.limits, settings_.clock,
      runtime::MenuEffects<rpc::Client>{*std::move(client)}, [this](auto&& notices) { tell(std::move(notices)); });
  intake_.start();
  reader_.start();
  sweeping_.start();
  menu_->start();
  serving_.store(true);
  return absl::OkStatus();
}

absl::Status Orders::start_on_cluster(const kafka::Cluster& cluster) {
  absl::StatusOr<std::unique_ptr<Flow>> flow = Flow::start(settings_, cluster, logger_);
  if (!flow.ok()) return flow.status();
  flow_ = *std::move(flow);
  flowing_.store(flow_.get());
  flow_->wake_relay();
  return absl::OkStatus();
}

// --- Requests -------------------------------------------------------------------------------------

void Orders::handle(http::Server& server, HttpRequest&& request, http::Responder responder) {
  server_.store(&server, std::memory_order_relaxed);
  match(
      api::route(request, OrderId{runtime::random_uuid()}),
      [&](Command&& asked) { command(server, std::move(asked), std::move(responder)); },
      [&](api::Query&& asked) { query(server, std::move(asked), std::move(responder)); },
      [&](api::GetMenu&&) { menu(server, std::move(responder)); },
      [&](HttpAnswer&& answer) { responder.answer(std::move(answer)); });
}

void Orders::command(http::Server& server, Command&& command, http::Responder&& responder) {
  if (!serving_.load(std::memory_order_acquire)) return responder.answer(api::overloaded());
  const Instant deadline = settings_.clock() + settings_.limits.request_deadline;
  const http::Ticket ticket = responder.defer();
  if (!intake_.offer({RequestId{ticket.value}, std::move(command), deadline})) server.answer(ticket, api::overloaded());
}

void Orders::query(http::Server& server, api::Query&& query, http::Responder&& responder) {
  if (!serving_.load(std::memory_order_acquire)) return responder.answer(api::unavailable());
  const http::Ticket ticket = responder.defer();
  if (!reader_.offer({RequestId{ticket.value}, std::move(query)})) server.answer(ticket, api::overloaded());
}

void Orders::menu(http::Server& server, http::Responder&& responder) {
  if (!serving_.load(std::memory_order_acquire)) return responder.answer(api::menu_unavailable({}));
  const http::Ticket ticket = responder.defer();
  if (!menu_->offer({RequestId{ticket.value}, settings_.clock()})) server.answer(ticket, api::overloaded());
}

// --- Notices --------------------------------------------------------------------------------------

void Orders::tell(std::vector<Intake::Notice>&& notices) {
  http::Server& server = *server_.load(std::memory_order_relaxed);
  for (Intake::Notice& notice : notices) {
    match(
        std::move(notice),
        [&](OutboxFilled&&) {
          if (Flow* flow = flowing_.load()) flow->wake_relay();
        },
        [&](Intake::Answered&& answered) {
          server.answer(http::Ticket{answered.request.value}, api::answer(answered.outcome));
        });
  }
}

void Orders::tell(std::vector<Reader::Notice>&& notices) {
  http::Server& server = *server_.load(std::memory_order_relaxed);
  for (Reader::Notice& notice : notices) {
    Reader::Answered& answered = std::get<Reader::Answered>(notice);
    server.answer(http::Ticket{answered.request.value}, std::move(answered.answer));
  }
}

void Orders::tell(std::vector<Menu::Notice>&& notices) {
  http::Server& server = *server_.load(std::memory_order_relaxed);
  for (Menu::Notice& notice : notices) {
    match(
        std::move(notice),
        [&](Menu::Answered&& answered) {
          server.answer(http::Ticket{answered.request.value}, std::move(answered.answer));
        },
        [&](Menu::Turned&& turned) {
          if (turned.state == BreakerState::kClosed) return logger_.info("Inventory tells the menu again");
          logger_.warning("Inventory does not tell the menu; it is not asked for a while", {{"why", turned.why}});
        });
  }
}

// --- Health and end -------------------------------------------------------------------------------

postgres::Health Orders::database() const {
  const Flow* flow = flowing_.load();
  return flow != nullptr ? flow->database() : postgres::Health{};
}

std::vector<runtime::Condition> Orders::conditions() const {
  const Flow* flow = flowing_.load();
  return flow != nullptr ? flow->conditions() : std::vector<runtime::Condition>{};
}

bool Orders::stop(std::chrono::steady_clock::time_point deadline) {
  intake_.stop();
  reader_.stop();
  if (menu_ != nullptr) menu_->stop();
  const bool answered = intake_.wait_stopped(deadline) && reader_.wait_stopped(deadline) &&
                        (menu_ == nullptr || menu_->wait_stopped(deadline));
  const bool swept = sweeping_.stop(deadline);
  return (flow_ == nullptr || flow_->stop(deadline)) && answered && swept;
}

}  // namespace quickbite::orders
