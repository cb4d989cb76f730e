#include "services/orders/orders_service.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "adapters/grpc/log.h"
#include "domain/api/api.h"
#include "domain/base/match.h"
#include "services/orders/openapi.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::orders {
namespace {

constexpr std::string_view kOpenApiPath = "/openapi.yaml";
constexpr std::string_view kAppRoute = "app";  // for all of its files

// Nobody has to say who he is to learn how he might.
HttpAnswer openapi(const HttpRequest& request) {
  if (request.method == "GET" || request.method == "HEAD") {
    return {200, {{"Content-Type", "application/yaml"}, {"Cache-Control", "no-cache"}}, std::string(kOpenApi)};
  }
  return api::only_for_reading(request);
}

}  // namespace

Orders::Orders(const runtime::ServiceSettings& settings, std::shared_ptr<Access> access, std::shared_ptr<const App> app,
               const MenuPolicy& policy, const rpc::ClientOptions& inventory, const log::Logger& logger)
    : settings_(settings),
      access_(std::move(access)),
      app_(std::move(app)),
      menu_policy_(policy),
      inventory_(inventory),
      logger_(logger),
      intake_("intake", Intake(settings.limits, settings.salt + 2), settings.limits, settings.clock,
              TakeIn(settings.metrics, logger, "intake", {std::make_unique<Session>(settings.session("intake"))}), [this](auto&& notices) { this->tell(std::move(notices)); }),
      reader_("reader", Reader(settings.limits), settings.limits, settings.clock,
              Read(settings.metrics, logger, "reader", {std::make_unique<Session>(settings.session("reader"))}), [this](auto&& notices) { this->tell(std::move(notices)); }),
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
      Ask(settings_.metrics, logger_, "menu", {*std::move(client)}), [this](auto&& notices) { this->tell(std::move(notices)); });
  intake_.start();
  reader_.start();
  sweeping_.start();
  menu_->start();
  serving_.store(true);
  return absl::OkStatus();
}

absl::Status Orders::start_on_cluster(const kafka::Cluster& cluster) {
  absl::StatusOr<std::unique_ptr<Flow>> flow = Flow::start(settings_, cluster, logger_, [this](auto&& handled) {
    if (!handled.changed.empty()) hint(std::move(handled.changed));
  });
  if (!flow.ok()) return flow.status();
  flow_ = *std::move(flow);
  flowing_.store(flow_.get());
  flow_->wake_relay();
  return absl::OkStatus();
}

// --- Requests -------------------------------------------------------------------------------------

void Orders::handle(http::Server& server, HttpRequest&& request, http::Responder responder) {
  server_.store(&server, std::memory_order_relaxed);
  const Instant now = settings_.clock();
  const bool open = request.path == kOpenApiPath || app_->answers(request.path);
  auto known = open ? Access::Caller() : access_->caller(request, now);
  const auto* named = std::get_if<Access::Caller>(&known);
  if (named == nullptr || !*named) {
    if (auto refused = access_->limited(request.headers, responder.peer(), now)) return responder.answer(*std::move(refused));
  }
  if (auto* refused = std::get_if<HttpAnswer>(&known)) return responder.answer(std::move(*refused));
  if (request.path == kOpenApiPath) return responder.answer(openapi(request));
  if (auto file = app_->answer(request)) return responder.answer(*std::move(file));
  const Access::Caller& caller = *named;
  api::Routed routed = api::route(request, OrderId{runtime::random_uuid()}, caller);
  if (auto refused = access_->limited(caller, routed, now)) return responder.answer(std::move(*refused));
  match(
      std::move(routed),  //
      [&](Command&& asked) { command(server, std::move(asked), std::move(responder)); },
      [&](api::Query&& asked) { query(server, std::move(asked), std::move(responder)); },
      [&](api::GetMenu&&) { menu(server, std::move(responder)); },
      [&](HttpAnswer&& answer) { responder.answer(std::move(answer)); });
}

void Orders::command(http::Server& server, Command&& command, http::Responder&& responder) {
  if (!serving_.load(std::memory_order_acquire)) return responder.answer(api::overloaded());
  begin_trace(command);
  const Instant deadline = settings_.clock() + settings_.limits.request_deadline;
  const http::Ticket ticket = responder.defer();
  if (!intake_.offer({RequestId{ticket.value}, std::move(command), deadline})) server.answer(ticket, api::overloaded());
}

void Orders::query(http::Server& server, api::Query&& query, http::Responder&& responder) {
  if (!serving_.load(std::memory_order_acquire)) return responder.answer(api::unavailable());
  const http::Ticket ticket = responder.defer();
  Instant until;
  if (const auto* get = std::get_if<api::GetOrder>(&query); get != nullptr && get->wait.us > 0) {
    until = settings_.clock() + get->wait;
  }
  if (!reader_.offer(Reader::Ask{RequestId{ticket.value}, std::move(query), until})) {
    server.answer(ticket, api::overloaded());
  }
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
          if (const auto* cancelled = std::get_if<Cancelled>(&answered.outcome)) hint({cancelled->order.id});
          server.answer(http::Ticket{answered.request.value}, api::answer(answered.outcome));
        });
  }
}

// Whoever waits for one of these orders is served at once, rather than by the next re-check. A full inbox loses the hint.
void Orders::hint(std::vector<OrderId>&& changed) { reader_.offer(OrdersChanged{std::move(changed)}); }

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

std::string_view Orders::route_of(const HttpRequest& request) const {
  if (request.path == kOpenApiPath) return kOpenApiPath;
  return app_->answers(request.path) ? kAppRoute : api::route_name(request);
}

void Orders::refresh_numbers() {
  if (const Flow* flow = flowing_.load()) flow->refresh_numbers();
}

void Orders::begin_drain() { reader_.offer(Reader::LetGo{}); }

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
