#include "services/cli/rush_command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "adapters/kafka/cluster.h"
#include "domain/inventory/restock.h"
#include "services/cli/durations.h"
#include "services/cli/progress.h"
#include "services/live/evidence.h"
#include "services/live/reckoning.h"
#include "services/live/rush.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::cli {
namespace {

struct Flags {
  live::RushOptions rush;
  live::Places places;
  std::string url = "http://127.0.0.1:8080";
  std::string patience = "2m";
  bool poison = false;
};

// "http://orders:8080"; a port of its own is no part of a name that Kubernetes gives.
absl::Status read_url(const std::string& url, live::RushOptions& rush) {
  const absl::Status no = absl::InvalidArgumentError(absl::StrCat("--url: expected http://HOST[:PORT], found '", url, "'"));
  if (!absl::StartsWith(url, "http://")) return no;
  std::string rest = url.substr(7);
  if (absl::EndsWith(rest, "/")) rest.pop_back();
  const std::size_t colon = rest.find(':');
  int port = 80;
  if (colon != rest.npos && !absl::SimpleAtoi(rest.substr(colon + 1), &port)) return no;
  if (rest.empty() || colon == 0 || rest.find('/') != rest.npos || port < 1 || port > 65535) return no;
  rush.host = rest.substr(0, colon);
  rush.port = static_cast<std::uint16_t>(port);
  return absl::OkStatus();
}

ExitCode failed(const absl::Status& status) {
  std::cerr << "quickbite: " << status.message() << "\n";
  if (absl::IsInvalidArgument(status)) return ExitCode::kUsage;
  return absl::IsDeadlineExceeded(status) ? ExitCode::kLiveness : ExitCode::kFailed;
}

absl::StatusOr<live::RushResult> place(const live::RushOptions& options) {
  Progress taken("orders taken", static_cast<std::uint64_t>(options.orders));
  const auto result = live::run_rush(options, live::Interrupt(), [&](std::int64_t answered, std::int64_t settled) {
    taken.update(static_cast<std::uint64_t>(answered), absl::StrCat(settled, " settled"));
  });
  taken.finish();
  return result;
}

void print_result(const live::RushOptions& options, const live::RushResult& result) {
  std::size_t confirmed = 0;
  for (const live::Placed& order : result.placed) confirmed += order.status == "CONFIRMED" ? 1 : 0;
  std::cout << absl::StrFormat(
      "rush %s: %d orders answered, %d CONFIRMED, %d CANCELLED; %d attempts more than orders, the longest wait for an answer %s\n",
      options.name, result.placed.size(), confirmed, result.placed.size() - confirmed, result.again,
      absl::FormatDuration(absl::Trunc(result.longest, absl::Milliseconds(1))));
}

absl::StatusOr<std::vector<Record>> write_poison(const Flags& flags) {
  if (!flags.poison) return std::vector<Record>();
  const auto cluster = kafka::look_at_cluster({flags.places.kafka, "quickbite-rush", {}, {}}, seconds(10));
  if (!cluster.ok()) return cluster.status();
  const int* partitions = cluster->partitions.find(Topic::kOrders);
  if (partitions == nullptr) return absl::NotFoundError(absl::StrCat(flags.places.kafka, " has no topic orders.v1"));
  return live::write_half_json(flags.places.kafka, *partitions, flags.rush.name);
}

ExitCode compare(const Flags& flags, const live::RushResult& result, const std::vector<Record>& poison) {
  ExitCode code = ExitCode::kHeld;
  for (const live::Reckoned& reckoned :
       live::reckon(flags.places, flags.rush.name, result.placed, poison, flags.rush.patience, live::Interrupt())) {
    std::cout << (reckoned.status.ok() ? "  ok    " : "  FAIL  ") << reckoned.what << "\n";
    if (reckoned.status.ok()) continue;
    std::cout << "        " << reckoned.status.message() << "\n";
    code = worse(code, absl::IsFailedPrecondition(reckoned.status) ? ExitCode::kSafety : ExitCode::kFailed);
  }
  return code;
}

ExitCode run(Flags flags) {
  if (const absl::Status read = read_url(flags.url, flags.rush); !read.ok()) return failed(read);
  if (!parse_time(flags.patience, flags.rush.patience)) return ExitCode::kUsage;
  const live::Places& places = flags.places;
  const bool some = !places.orders_database.empty() || !places.inventory_database.empty() || !places.kafka.empty();
  const bool all = !places.orders_database.empty() && !places.inventory_database.empty() && !places.kafka.empty();
  if (some != all) {
    return failed(absl::InvalidArgumentError("to compare takes --orders-database, --inventory-database and --kafka, all of them"));
  }
  if (flags.rush.name.empty()) flags.rush.name = to_string(runtime::random_uuid());
  if (const char* token = std::getenv("QUICKBITE_TOKEN"); token != nullptr) flags.rush.token = token;
  if (flags.poison && !all) return failed(absl::InvalidArgumentError("--poison is for a rush that compares"));
  const auto poison = write_poison(flags);
  if (!poison.ok()) return failed(poison.status());
  const auto result = place(flags.rush);
  if (!result.ok()) return failed(result.status());
  print_result(flags.rush, *result);
  const ExitCode code = all ? compare(flags, *result, *poison) : ExitCode::kHeld;
  std::cout << std::flush;
  return code;
}

}  // namespace

Action declare_rush(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  flags->rush.orders = 100;
  flags->rush.skus = {"burger"};
  app.add_option("--url", flags->url, "of Orders, as http://HOST:PORT (default http://127.0.0.1:8080)");
  app.add_option("--orders", flags->rush.orders, "how many (default 100)")->check(CLI::Range(1, 1'000'000));
  app.add_option("--customers", flags->rush.customers, "who order at the same time (default 8)")->check(CLI::Range(1, 256));
  app.add_option("--rate", flags->rush.rate, "orders a second (default: as fast as they are answered)")->check(CLI::NonNegativeNumber);
  app.add_option("--sku", flags->rush.skus, "what they order, one of it each; several: in turn (default burger)")
      ->check([](const std::string& text) { return is_sku(text) ? "" : "no SKU: '" + text + "'"; });
  app.add_option("--name", flags->rush.name,
                 "of the rush: the same name again places the same orders, once (default: a new one)")
      ->check([](const std::string& text) {
        return is_sku(text) && text.size() <= 40 ? "" : "expected 1 to 40 letters, digits, '-', found '" + text + "'";
      });
  app.add_option("--patience", flags->patience, "with one order, to have it answered, and then settled (default 2m)");
  app.add_option("--orders-database", flags->places.orders_database, "to compare: a connection that may read the orders database")
      ->envname("QUICKBITE_ORDERS_DATABASE");
  app.add_option("--inventory-database", flags->places.inventory_database, "to compare: likewise, the inventory database")
      ->envname("QUICKBITE_INVENTORY_DATABASE");
  app.add_option("--kafka", flags->places.kafka, "to compare: brokers, as HOST:PORT,HOST:PORT")->envname("QUICKBITE_KAFKA");
  app.add_flag("--poison", flags->poison, "first write half a JSON object to each partition of orders.v1: it has to be a dead letter");
  app.footer(
      "A customer who gets no answer, or a 5xx, sends the same order again. QUICKBITE_TOKEN is sent as a bearer token; its sub\n"
      "has to be rush-NAME. To compare takes all three: the orders that were answered are in both databases and both topics\n"
      "exactly once, none is stuck, and the stock is right; else the code is 10 (11: an order was not answered or not settled).");
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
