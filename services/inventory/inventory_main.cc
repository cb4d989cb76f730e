// quickbite-inventory: reserves stock for the orders that it learns of through Kafka, and tells what became of them.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "services/inventory/inventory_service.h"
#include "services/runtime/command_line.h"
#include "services/runtime/service.h"
#include "services/runtime/settings.h"

ABSL_FLAG(int, http_port, 8081, "port of /healthz, /readyz and /metrics; 0 takes any that is free");
ABSL_FLAG(std::string, grpc_address, "127.0.0.1", "address to listen on for gRPC; 0.0.0.0 for all of this machine's");
ABSL_FLAG(int, grpc_port, 9090, "port of the gRPC service; 0 takes any that is free");
ABSL_FLAG(int, grpc_threads, 8, "gRPC calls at once; more are refused");
ABSL_FLAG(std::string, grpc_certificate, "", "TLS: file of the server's certificate (PEM); none: no TLS");
ABSL_FLAG(std::string, grpc_key, "", "TLS: file of its key (PEM)");
ABSL_FLAG(std::string, grpc_client_ca, "", "TLS: file of the CA whose certificates callers have to show (PEM); none: anybody may call");
ABSL_FLAG(bool, grpc_open, false, "let anybody who reaches it call, also where it listens on more than this machine's loopback");

namespace quickbite::inventory {
namespace {

constexpr std::string_view kUsage =
    "quickbite-inventory [FLAGS]\n"
    "    Consumes orders, reserves stock, answers by gRPC what there is (quickbite.inventory.v1), serves /healthz and\n"
    "    /readyz. It waits for its database and the broker; a missing one is named by /readyz. SIGTERM and SIGINT end it: it finishes what it has begun, and exits with 0.\n"
    "\n"
    "Exit codes: 0 ended by a signal, 2 a setting cannot be.";

bool is_port(int number) { return number >= 0 && number <= 65535; }

bool is_loopback(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

std::vector<runtime::Rule> own_rules() {
  return {
      {"http_port", "a port, from 0 to 65535", [] { return is_port(absl::GetFlag(FLAGS_http_port)); }},
      {"grpc_port", "a port, from 0 to 65535", [] { return is_port(absl::GetFlag(FLAGS_grpc_port)); }},
      {"grpc_threads", "a number from 1 to 256",
       [] { return absl::GetFlag(FLAGS_grpc_threads) >= 1 && absl::GetFlag(FLAGS_grpc_threads) <= 256; }},
      // Whoever may call may restock.
      {"grpc_address", "an address of the loopback, unless --grpc-client-ca says who may call, or --grpc-open that anybody may",
       [] {
         return is_loopback(absl::GetFlag(FLAGS_grpc_address)) || !absl::GetFlag(FLAGS_grpc_client_ca).empty() ||
                absl::GetFlag(FLAGS_grpc_open);
       }},
  };
}

rpc::ServerOptions grpc_options() {
  rpc::ServerOptions options;
  options.address = absl::GetFlag(FLAGS_grpc_address);
  options.port = static_cast<std::uint16_t>(absl::GetFlag(FLAGS_grpc_port));
  options.threads = absl::GetFlag(FLAGS_grpc_threads);
  options.tls = {absl::GetFlag(FLAGS_grpc_certificate), absl::GetFlag(FLAGS_grpc_key), absl::GetFlag(FLAGS_grpc_client_ca)};
  return options;
}

int run(int argc, char** argv) {
  runtime::Program program{kUsage, "quickbite-inventory " QUICKBITE_VERSION, {"services/inventory/", "services/runtime/"},
                           runtime::shared_rules()};
  for (runtime::Rule& rule : own_rules()) program.rules.push_back(std::move(rule));
  if (const auto code = runtime::parse_command_line(argc, argv, program, &std::getenv)) return *code;
  auto settings = runtime::shared_settings("inventory", postgres::Service::kInventory);
  if (!settings.ok()) {
    std::cerr << settings.status().message() << "; --help lists the flags\n";
    return 2;
  }
  settings->http.port = static_cast<std::uint16_t>(absl::GetFlag(FLAGS_http_port));
  settings->version = QUICKBITE_VERSION;
  return runtime::run_service(*settings, [](const runtime::ServiceSettings& given, const log::Logger& logger) {
    return std::make_unique<Inventory>(given, grpc_options(), logger);
  });
}

}  // namespace
}  // namespace quickbite::inventory

int main(int argc, char** argv) { return quickbite::inventory::run(argc, argv); }
