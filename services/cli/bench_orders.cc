#include "services/cli/bench_orders.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/str_format.h"
#include "services/cli/json_text.h"
#include "services/live/orders_bench.h"
#include "services/live/programs.h"
#include "services/live/stop_signals.h"

namespace quickbite::cli {
namespace {

struct Flags {
  std::string data_dir;
  int seconds = 10;
  int customers = 512;
  bool json = false;
};

std::string to_json(const live::OrdersBench& bench) {
  const auto ms = [](absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); };
  JsonText json;
  json.member("completed_per_s", bench.completed_per_s);
  json.member("p50_ms", ms(bench.p50));
  json.member("p99_ms", ms(bench.p99));
  json.member("p50_ms_at_200", ms(bench.p50_at_200));
  json.member("p99_ms_at_200", ms(bench.p99_at_200));
  json.member("cpu_s_per_1000", bench.cpu_s_per_1000);
  json.member("orders_cpu_s_per_1000", bench.orders_cpu_s_per_1000);
  json.member("inventory_cpu_s_per_1000", bench.inventory_cpu_s_per_1000);
  json.member("looks_per_order", bench.looks_per_order);
  json.member("pgbench_tps", bench.pgbench_tps);
  return json.take();
}

std::string to_text(const live::OrdersBench& bench, int customers) {
  const auto ms = [](absl::Duration duration) { return absl::ToDoubleMilliseconds(duration); };
  return absl::StrFormat(
      "Orders over HTTP, from POST to CONFIRMED, on this machine with everything else that it takes:\n"
      "  %12.0f orders/s completed, with %d customers at once\n"
      "  %12.1f ms p50, %.1f ms p99 at that rate\n"
      "  %12.1f ms p50, %.1f ms p99 at 200 orders/s\n"
      "  %12.3f CPU seconds of the services for 1000 orders (Orders %.3f, Inventory %.3f; %.1f GETs an order)\n"
      "  %12.0f transactions/s of pgbench on the same PostgreSQL (32 clients, two INSERTs each)\n"
      "  %12.2f orders for each of those\n",
      bench.completed_per_s, customers, ms(bench.p50), ms(bench.p99), ms(bench.p50_at_200), ms(bench.p99_at_200),
      bench.cpu_s_per_1000, bench.orders_cpu_s_per_1000, bench.inventory_cpu_s_per_1000, bench.looks_per_order,
      bench.pgbench_tps, bench.completed_per_s / bench.pgbench_tps);
}

ExitCode run(const Flags& flags) {
  live::Interrupt interrupt;
  const live::StopSignals signals(interrupt);
  live::OrdersBenchOptions options;
  options.folder = flags.data_dir.empty() ? live::build_folder() + "/bench" : flags.data_dir;
  options.duration = absl::Seconds(flags.seconds);
  options.customers = flags.customers;
  const auto bench = live::bench_orders(options, interrupt, [](const std::string& what) {
    std::cerr << "bench orders: " << what << std::endl;
  });
  if (!bench.ok()) {
    std::cerr << "quickbite: " << bench.status().message() << "\n";
    return absl::IsAlreadyExists(bench.status()) ? ExitCode::kUsage : ExitCode::kFailed;
  }
  std::cout << (flags.json ? to_json(*bench) + "\n" : to_text(*bench, flags.customers)) << std::flush;
  return ExitCode::kHeld;
}

}  // namespace

Action declare_orders_bench(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--seconds", flags->seconds, "of each of the three measurements (default: 10)")->check(CLI::Range(1, 3600));
  app.add_option("--customers", flags->customers, "at once, at saturation (default: 512)")->check(CLI::Range(1, 4000));
  app.add_option("--data-dir", flags->data_dir, "folder of data and logs (default: bench, in the build's folder)");
  app.add_flag("--json", flags->json, "print one JSON object");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
