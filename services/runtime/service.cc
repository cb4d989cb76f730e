#include "services/runtime/service.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "adapters/log/json_text.h"
#include "domain/api/api.h"
#include "domain/message/trace.h"
#include "services/runtime/dependencies.h"
#include "services/runtime/process.h"
#include "services/runtime/process_numbers.h"
#include "services/runtime/request_log.h"

namespace quickbite::runtime {
namespace {

using namespace std::chrono_literals;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr auto kRetry = 500ms;  // between two looks at something that is not there
constexpr auto kWatch = 2s;     // between two looks at what is

constexpr std::string_view kHealth = "/healthz";
constexpr std::string_view kReady = "/readyz";
constexpr std::string_view kMetrics = "/metrics";

// So that a reader never finds half of it.
void write_status_file(const ServiceSettings& settings, std::uint16_t port, const log::Logger& logger) {
  if (settings.status_file.empty()) return;
  std::string text = "{\"service\":";
  log::append_json_string(settings.name, text);
  text += ",\"version\":";
  log::append_json_string(settings.version, text);
  absl::StrAppend(&text, ",\"pid\":", ::getpid(), ",\"address\":");
  log::append_json_string(settings.http.address, text);
  absl::StrAppend(&text, ",\"port\":", port, "}\n");
  const std::string half = absl::StrCat(settings.status_file, ".", ::getpid());
  {
    std::ofstream file(half);
    file << text;
  }
  std::error_code error;
  std::filesystem::rename(half, settings.status_file, error);
  if (error) logger.error("cannot write the status file", {{"path", settings.status_file}, {"error", error.message()}});
}

// What librdkafka has to say goes where everything goes. Levels are syslog's.
ServiceSettings with_kafka_log(ServiceSettings settings, const log::Logger& logger) {
  settings.kafka.log = [logger = logger.named("kafka")](int level, std::string_view text) {
    const log::Level severity = level <= 3 ? log::Level::kError : level == 4 ? log::Level::kWarning
                                : level <= 6 ? log::Level::kInfo : log::Level::kDebug;
    logger.log(severity, text);
  };
  return settings;
}

class Process {
 public:
  Process(const ServiceSettings& settings, const MakeService& make)
      : logger_(log::Logger::to_stderr(settings.name, settings.log_level)),
        settings_(with_kafka_log(settings, logger_)),
        database_(settings_),
        cluster_(settings_),
        readiness_([this] { return conditions(); }),
        numbers_(settings_, readiness_),
        requests_(logger_.named("http")),
        service_(make(settings_, logger_)) {
    settings_.metrics->on_scrape([this] { service_->refresh_numbers(); });
  }

  int run(StopSignal& stop) {
    http::Options options = settings_.http;
    options.route_of = [this](const HttpRequest& request) { return route_of(request); };
    options.trace_of = [](const HttpRequest& request) {
      const auto trace = trace_in(request.headers);
      return trace ? trace_id_text(*trace) : std::string();
    };
    options.served = [this](const http::Served& served) {
      numbers_.observe(served);
      requests_.observe(served, is_own(served.route), settings_.clock());
    };
    auto server = http::Server::start(options, [this](HttpRequest&& request, http::Responder responder) {
      handle(std::move(request), std::move(responder));
    });
    if (!server.ok()) return refuse(server.status());
    server_ = server->get();
    open_.store(true);
    logger_.info("listening", {{"address", settings_.http.address}, {"port", server_->port()}, {"version", settings_.version}});
    write_status_file(settings_, server_->port(), logger_);

    if (absl::Status impossible = bring_up(stop); !impossible.ok()) {
      service_->stop(std::chrono::steady_clock::now() + std::chrono::microseconds(settings_.grace.us));
      return refuse(impossible);
    }
    while (!stop.wait(kWatch)) {
      database_.look();
      log_readiness();
    }
    end(stop);
    return 0;
  }

 private:
  // Returns once everything has started, or a stop signal has come.
  absl::Status bring_up(StopSignal& stop) {
    while (!database_.look()) {
      log_readiness();
      if (stop.wait(kRetry)) return absl::OkStatus();
    }
    if (absl::Status started = service_->start_on_database(); !started.ok()) return started;
    for (;;) {
      if (const auto cluster = cluster_.look()) {
        logger_.info("the broker is there", {{"cluster", cluster->name}});
        absl::Status started = service_->start_on_cluster(*cluster);
        started_on_cluster_.store(true);
        if (!started.ok()) return started;
        break;
      }
      if (!cluster_.hopeless().ok()) return cluster_.hopeless();
      database_.look();
      log_readiness();
      if (stop.wait(kRetry)) return absl::OkStatus();
    }
    while (!readiness_.look().ready) {
      log_readiness();
      if (stop.wait(50ms)) return absl::OkStatus();
    }
    log_readiness();
    return absl::OkStatus();
  }

  void handle(HttpRequest&& request, http::Responder responder) {
    if (const std::string_view place = place_of(request); !place.empty()) {
      if (request.method != "GET" && request.method != "HEAD") return responder.answer(api::only_for_reading(request));
      return responder.answer(place == kReady ? readiness_.answer() : place == kMetrics ? scraped() : alive());
    }
    if (!open_.load()) return responder.answer(api::overloaded());
    service_->handle(*server_, std::move(request), std::move(responder));
  }

  static bool is_own(std::string_view route) { return route == kHealth || route == kReady || route == kMetrics; }

  // Of the process' own places; "" for what is the service's.
  static std::string_view place_of(const HttpRequest& request) {
    for (const std::string_view place : {kHealth, kReady, kMetrics}) {
      if (request.path == place) return place;
    }
    return "";
  }

  std::string_view route_of(const HttpRequest& request) const {
    const std::string_view place = place_of(request);
    return place.empty() ? service_->route_of(request) : place;
  }

  HttpAnswer scraped() const {
    return {200, {{"Content-Type", metrics::Registry::kContentType}, {"Cache-Control", "no-store"}}, settings_.metrics->text()};
  }

  HttpAnswer alive() const {
    std::string body = "{\"status\":\"alive\",\"service\":";
    log::append_json_string(settings_.name, body);
    body += ",\"version\":";
    log::append_json_string(settings_.version, body);
    body += "}\n";
    return {200, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
  }

  std::vector<Condition> conditions() const {
    std::vector<Condition> all = database_.conditions();
    Condition& database = all.front();
    const postgres::Health health = service_->database();
    if (database.met && health.condition != postgres::Condition::kUntried && !health.ready()) {
      database.met = false;
      database.detail = health.trouble;
    }
    if (!started_on_cluster_.load()) {
      all.push_back(cluster_.condition());
      all.push_back({Need::kPartitions, false, "the broker is not known yet", {{"assigned", std::vector<std::int64_t>{}}}});
    } else {
      for (Condition& condition : service_->conditions()) all.push_back(std::move(condition));
    }
    return all;
  }

  // Once for every change.
  void log_readiness() {
    const Readiness::State state = readiness_.look();
    const std::string waiting_for = absl::StrJoin(state.waiting_for(), "; ");
    if (logged_ && *logged_ == waiting_for) return;
    logged_ = waiting_for;
    if (state.ready) {
      logger_.info("ready");
    } else {
      logger_.warning("waiting", {{"for", waiting_for}});
    }
  }

  void end(StopSignal& stop) {
    const SteadyTime begin = std::chrono::steady_clock::now();
    const auto grace = std::chrono::microseconds(settings_.grace.us);
    const auto delay = std::chrono::microseconds(settings_.drain_delay.us);
    stop.end_by(begin + delay + grace);
    readiness_.stop();
    logger_.info("stopping", {{"delay_ms", settings_.drain_delay.us / 1000}, {"grace_ms", settings_.grace.us / 1000}});
    std::this_thread::sleep_for(delay);  // whoever balances load learns of it, and until then everything is served
    // Two thirds for the requests, the rest for the machines: each effect of theirs is bounded.
    server_->refuse();
    service_->begin_drain();
    const bool drained = server_->drain(microseconds(settings_.grace.us * 2 / 3));
    if (!drained) logger_.warning("requests are still under way; they were answered 504");
    const bool rested = service_->stop(begin + delay + grace);
    if (!rested) logger_.warning("a machine is still at work; what it does is decided by the database");
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    logger_.info("stopped", {{"took_ms", took.count()}});
    if (!drained || !rested) std::_Exit(0);  // destructors would wait for what did not end
  }

  int refuse(const absl::Status& status) const {
    std::cerr << "quickbite-" << settings_.name << ": " << status.message() << "\n";
    return 2;
  }

  const log::Logger logger_;
  const ServiceSettings settings_;
  DatabaseWatch database_;
  ClusterWatch cluster_;
  Readiness readiness_;
  ProcessNumbers numbers_;
  RequestLog requests_;
  std::unique_ptr<Service> service_;
  http::Server* server_ = nullptr;
  std::atomic<bool> open_{false};
  std::atomic<bool> started_on_cluster_{false};
  std::optional<std::string> logged_;  // what was waited for when it was logged last
};

}  // namespace

int run_service(const ServiceSettings& settings, const MakeService& make) {
  StopSignal stop;
  if (settings.die_with_parent) die_with_parent();
  return Process(settings, make).run(stop);
}

}  // namespace quickbite::runtime
