// quickbite-orders: takes orders over HTTP, tells Inventory of them through Kafka, and learns from it what became of them.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/time/time.h"
#include "adapters/grpc/client.h"
#include "domain/port/menu.h"
#include "services/orders/access.h"
#include "services/orders/app.h"
#include "services/orders/orders_service.h"
#include "services/runtime/command_line.h"
#include "services/runtime/service.h"
#include "services/runtime/settings.h"

ABSL_FLAG(int, http_port, 8080, "port of the API; 0 takes any that is free");
ABSL_FLAG(std::string, inventory, "127.0.0.1:9090", "HOST:PORT of Inventory's gRPC service, asked for the menu");
ABSL_FLAG(std::string, inventory_ca, "", "TLS: file of the CA that Inventory's certificate is of (PEM); none: no TLS");
ABSL_FLAG(std::string, inventory_certificate, "", "TLS: file of the certificate to show to Inventory (PEM)");
ABSL_FLAG(std::string, inventory_key, "", "TLS: file of its key (PEM)");
ABSL_FLAG(std::string, inventory_name, "", "TLS: the name that Inventory's certificate is for; none: the host of --inventory");
ABSL_FLAG(absl::Duration, menu_timeout, absl::Microseconds(quickbite::MenuPolicy{}.timeout.us),
          "how long Inventory may take to tell the menu, before the last one is served");

namespace quickbite::orders {
namespace {

constexpr std::string_view kUsage =
    "quickbite-orders [FLAGS]\n"
    "    Serves the orders API (/v1/orders, /v1/menu), /healthz and /readyz, and the phone app with --app. It waits for its database and for the broker; a missing\n"
    "    one is named by /readyz. SIGTERM and SIGINT end it: it answers what it has taken, and exits with 0.\n"
    "\n"
    "Exit codes: 0 ended by a signal, 2 a setting cannot be.";

int run(int argc, char** argv) {
  runtime::Program program{kUsage, "quickbite-orders " QUICKBITE_VERSION, {"services/orders/", "services/runtime/"},
                           runtime::shared_rules()};
  program.rules.push_back({"http_port", "a port, from 0 to 65535",
                           [] { return absl::GetFlag(FLAGS_http_port) >= 0 && absl::GetFlag(FLAGS_http_port) <= 65535; }});
  program.rules.push_back({"inventory", "HOST:PORT", [] { return absl::GetFlag(FLAGS_inventory).find(':') != std::string::npos; }});
  program.rules.push_back({"menu_timeout", "a duration from 1ms to 1m, as 500ms", [] {
                             const absl::Duration timeout = absl::GetFlag(FLAGS_menu_timeout);
                             return timeout >= absl::Milliseconds(1) && timeout <= absl::Minutes(1);
                           }});
  for (const runtime::Rule& rule : access_rules()) program.rules.push_back(rule);
  for (const runtime::Rule& rule : app_rules()) program.rules.push_back(rule);
  if (const auto code = runtime::parse_command_line(argc, argv, program, &std::getenv)) return *code;
  auto settings = runtime::shared_settings("orders", postgres::Service::kOrders);
  if (!settings.ok()) {
    std::cerr << settings.status().message() << "; --help lists the flags\n";
    return 2;
  }
  settings->http.port = static_cast<std::uint16_t>(absl::GetFlag(FLAGS_http_port));
  settings->version = QUICKBITE_VERSION;
  const rpc::ClientOptions inventory{absl::GetFlag(FLAGS_inventory),
                                     {absl::GetFlag(FLAGS_inventory_ca), absl::GetFlag(FLAGS_inventory_certificate),
                                      absl::GetFlag(FLAGS_inventory_key), absl::GetFlag(FLAGS_inventory_name)}};
  MenuPolicy policy;
  policy.timeout = microseconds(absl::ToInt64Microseconds(absl::GetFlag(FLAGS_menu_timeout)));
  auto from_flags = Access::from_flags(settings->http.address);
  if (!from_flags.ok()) {
    std::cerr << from_flags.status().message() << "; --help lists the flags\n";
    return 2;
  }
  const std::shared_ptr<Access> access = *std::move(from_flags);
  auto loaded = App::from_flags();
  if (!loaded.ok()) {
    std::cerr << loaded.status().message() << "; --help lists the flags\n";
    return 2;
  }
  const std::shared_ptr<const App> app = *std::move(loaded);
  settings->http.headers_of = [access](const HttpRequest& request) { return api::cors_headers(access->cors(), request); };
  return runtime::run_service(*settings, [&](const runtime::ServiceSettings& given, const log::Logger& logger) {
    return std::make_unique<Orders>(given, access, app, policy, inventory, logger);
  });
}

}  // namespace
}  // namespace quickbite::orders

int main(int argc, char** argv) { return quickbite::orders::run(argc, argv); }
