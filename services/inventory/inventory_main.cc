// quickbite-inventory: reserves stock for the orders that it learns of through Kafka, and tells what became of them.
#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/flags/flag.h"
#include "services/inventory/inventory_service.h"
#include "services/runtime/command_line.h"
#include "services/runtime/service.h"
#include "services/runtime/settings.h"

ABSL_FLAG(int, http_port, 8081, "port of /healthz and /readyz; 0 takes any that is free");

namespace quickbite::inventory {
namespace {

constexpr std::string_view kUsage =
    "quickbite-inventory [FLAGS]\n"
    "    Consumes orders, reserves stock, serves /healthz and /readyz. It waits for its database and the broker; a missing\n"
    "    one is named by /readyz. SIGTERM and SIGINT end it: it finishes what it has begun, and exits with 0.\n"
    "\n"
    "Exit codes: 0 ended by a signal, 2 a setting cannot be.";

int run(int argc, char** argv) {
  runtime::Program program{kUsage, "quickbite-inventory " QUICKBITE_VERSION, {"services/inventory/", "services/runtime/"},
                           runtime::shared_rules()};
  program.rules.push_back({"http_port", "a port, from 0 to 65535",
                           [] { return absl::GetFlag(FLAGS_http_port) >= 0 && absl::GetFlag(FLAGS_http_port) <= 65535; }});
  if (const auto code = runtime::parse_command_line(argc, argv, program, &std::getenv)) return *code;
  auto settings = runtime::shared_settings("inventory", postgres::Service::kInventory);
  if (!settings.ok()) {
    std::cerr << settings.status().message() << "; --help lists the flags\n";
    return 2;
  }
  settings->http.port = static_cast<std::uint16_t>(absl::GetFlag(FLAGS_http_port));
  settings->version = QUICKBITE_VERSION;
  return runtime::run_service(*settings, [](const runtime::ServiceSettings& given, const log::Logger& logger) {
    return std::make_unique<Inventory>(given, logger);
  });
}

}  // namespace
}  // namespace quickbite::inventory

int main(int argc, char** argv) { return quickbite::inventory::run(argc, argv); }
