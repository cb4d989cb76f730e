// quickbite-orders: takes orders over HTTP, tells Inventory of them through Kafka, and learns from it what became of them.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <utility>

#include "absl/flags/flag.h"
#include "services/orders/access.h"
#include "services/orders/orders_service.h"
#include "services/runtime/command_line.h"
#include "services/runtime/service.h"
#include "services/runtime/settings.h"

ABSL_FLAG(int, http_port, 8080, "port of the API; 0 takes any that is free");

namespace quickbite::orders {
namespace {

constexpr std::string_view kUsage =
    "quickbite-orders [FLAGS]\n"
    "    Serves the orders API (/v1/orders), /healthz and /readyz. It waits for its database and for the broker; a missing\n"
    "    one is named by /readyz. SIGTERM and SIGINT end it: it answers what it has taken, and exits with 0.\n"
    "\n"
    "Exit codes: 0 ended by a signal, 2 a setting cannot be.";

int run(int argc, char** argv) {
  runtime::Program program{kUsage, "quickbite-orders " QUICKBITE_VERSION, {"services/orders/", "services/runtime/"},
                           runtime::shared_rules()};
  program.rules.push_back({"http_port", "a port, from 0 to 65535",
                           [] { return absl::GetFlag(FLAGS_http_port) >= 0 && absl::GetFlag(FLAGS_http_port) <= 65535; }});
  for (const runtime::Rule& rule : access_rules()) program.rules.push_back(rule);
  if (const auto code = runtime::parse_command_line(argc, argv, program, &std::getenv)) return *code;
  auto settings = runtime::shared_settings("orders", postgres::Service::kOrders);
  if (!settings.ok()) {
    std::cerr << settings.status().message() << "; --help lists the flags\n";
    return 2;
  }
  settings->http.port = static_cast<std::uint16_t>(absl::GetFlag(FLAGS_http_port));
  settings->version = QUICKBITE_VERSION;
  auto from_flags = Access::from_flags(settings->http.address);
  if (!from_flags.ok()) {
    std::cerr << from_flags.status().message() << "; --help lists the flags\n";
    return 2;
  }
  const std::shared_ptr<Access> access = *std::move(from_flags);
  settings->http.headers_of = [access](const HttpRequest& request) { return api::cors_headers(access->cors(), request); };
  return runtime::run_service(*settings, [access](const runtime::ServiceSettings& given, const log::Logger& logger) {
    return std::make_unique<Orders>(given, access, logger);
  });
}

}  // namespace
}  // namespace quickbite::orders

int main(int argc, char** argv) { return quickbite::orders::run(argc, argv); }
