// The settings that both services have, out of their flags.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "adapters/http/server.h"
#include "adapters/kafka/connection.h"
#include "adapters/log/logger.h"
#include "adapters/metrics/registry.h"
#include "adapters/postgres/migrate.h"
#include "adapters/postgres/session_options.h"
#include "domain/port/policy.h"
#include "services/runtime/clock.h"
#include "services/runtime/command_line.h"

namespace quickbite::runtime {

struct ServiceSettings {
  std::string name;  // orders, inventory: also the consumer group's
  std::string version;
  postgres::Service schema = postgres::Service::kOrders;
  http::Options http;
  std::string database;
  kafka::ConnectionOptions kafka;
  Duration session_timeout = seconds(10);
  std::string kafka_instance;
  std::string instance;
  Limits limits;
  Duration grace = seconds(10);
  Duration drain_delay;
  log::Level log_level = log::Level::kInfo;
  std::string status_file;
  bool die_with_parent = false;
  std::uint64_t salt = 0;  // of this process: spreads backoffs
  Clock clock = &steady_unix_now;
  std::shared_ptr<metrics::Registry> metrics = std::make_shared<metrics::Registry>();  // of this process

  // `instance`, or what tells this process from every other one of the service: host and HTTP port.
  std::string own_name() const;

  // Of one machine's session.
  postgres::SessionOptions session(std::string machine, bool asynchronous_commit = false) const;
};

// What the flags of services/runtime have to be.
std::vector<Rule> shared_rules();

// Reads them. InvalidArgument names the flag and what was expected. `http.port` is each service's own flag.
absl::StatusOr<ServiceSettings> shared_settings(std::string name, postgres::Service schema);

}  // namespace quickbite::runtime
