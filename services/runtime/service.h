// Service: what Orders and Inventory are to their process; run_service: the life of that process.
//
//   listen → wait for the database, and for its schema to be in range → wait for the broker and its topics → ready
//   SIGTERM: not ready → refuse → answer what is under way → let the machines rest, leave the group → exit 0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "adapters/http/server.h"
#include "adapters/kafka/cluster.h"
#include "adapters/log/logger.h"
#include "adapters/postgres/session_options.h"
#include "services/runtime/readiness.h"
#include "services/runtime/settings.h"

namespace quickbite::runtime {

class Service {
 public:
  virtual ~Service() = default;

  // Once each, in this order, when what the name says is there for the first time; starts the machines that need no more than
  // that. An error is a setting that cannot be: the process ends with code 2.
  virtual absl::Status start_on_database() = 0;
  virtual absl::Status start_on_cluster(const kafka::Cluster& cluster) = 0;

  // A request that is not for the process (/healthz, /readyz, /metrics); also before anything was started. On the server's threads.
  virtual void handle(http::Server& server, HttpRequest&& request, http::Responder responder) = 0;

  // How the machine that always asks the database finds it; kUntried before there is one. From any thread.
  virtual postgres::Health database() const = 0;
  // Of what was started on the cluster; nothing before. From any thread.
  virtual std::vector<Condition> conditions() const = 0;

  // Which of this service's places a request is for: one of a few constants. On the server's threads.
  virtual std::string_view route_of(const HttpRequest&) const { return "other"; }

  // A scrape is about to read the metrics: those that are only known by asking are to be brought up to date. From any thread.
  virtual void refresh_numbers() {}

  // Ending begins: no request comes any more; whoever only waits for news is to be answered now.
  virtual void begin_drain() {}

  // Lets the machines rest and waits for that, until `deadline`; false where one still works. No request comes any more.
  virtual bool stop(std::chrono::steady_clock::time_point deadline) = 0;
};

using MakeService = std::function<std::unique_ptr<Service>(const ServiceSettings&, const log::Logger&)>;

// To be called by main, before there is any other thread. The exit code: 0 after a stop signal, 2 where a setting cannot be
// (the address is taken, librdkafka does not take its settings).
int run_service(const ServiceSettings& settings, const MakeService& make);

}  // namespace quickbite::runtime
