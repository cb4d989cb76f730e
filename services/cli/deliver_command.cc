#include "services/cli/deliver_command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "adapters/grpc/client.h"
#include "domain/inventory/restock.h"
#include "services/cli/patience_flag.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::cli {
namespace {

constexpr absl::Duration kCall = absl::Seconds(10);
// Of the acts that --once names; any fixed uuid does.
constexpr Uuid kActs{0x9d7c1c1f0d2e4d7bULL, 0x8f1c5a44f1a2b3c4ULL};

struct Flags {
  std::string inventory = "127.0.0.1:9090";
  rpc::ClientTls tls;
  std::vector<std::string> lines;
  std::string once;
  std::string patience;
};

// "burger=100"; none, having said why, where it is not that.
absl::StatusOr<Restock> restock_of(const Flags& flags, const std::string& line) {
  const std::size_t at = line.find('=');
  std::int64_t quantity = 0;
  if (at == line.npos || !absl::SimpleAtoi(line.substr(at + 1), &quantity)) {
    return absl::InvalidArgumentError(absl::StrCat("expected SKU=QUANTITY, as burger=100, found '", line, "'"));
  }
  const std::string sku = line.substr(0, at);
  // The SKU belongs to the act: one --once may stock several.
  const Uuid id = flags.once.empty() ? runtime::random_uuid() : uuid_v5(kActs, absl::StrCat(flags.once, "/", sku));
  Restock restock{EventId{id}, Sku(sku), Quantity(quantity)};
  if (const auto fault = fault_of(restock)) {
    return absl::InvalidArgumentError(absl::StrCat("'", line, "': ", std::string(*fault)));
  }
  return restock;
}

absl::Status run_all(const Flags& flags) {
  std::vector<Restock> acts;
  for (const std::string& line : flags.lines) {
    absl::StatusOr<Restock> act = restock_of(flags, line);
    if (!act.ok()) return act.status();
    acts.push_back(*act);
  }
  const auto client = rpc::Client::make({flags.inventory, flags.tls});
  if (!client.ok()) return client.status();
  for (const Restock& act : acts) {
    const absl::Status done = patiently(flags.patience, [&] { return (*client)->restock(act, kCall).status(); });
    if (!done.ok()) return done;
    std::cout << act.quantity.value << " of " << act.sku.value << " are in stock.\n" << std::flush;
  }
  return absl::OkStatus();
}

ExitCode run(const Flags& flags) {
  const absl::Status done = run_all(flags);
  if (done.ok()) return ExitCode::kHeld;
  std::cerr << "quickbite: " << done.message() << "\n";
  return absl::IsInvalidArgument(done) ? ExitCode::kUsage : ExitCode::kFailed;
}

}  // namespace

Action declare_deliver(CLI::App& app) {
  auto flags = std::make_shared<Flags>();
  app.add_option("LINES", flags->lines, "what to add: SKU=QUANTITY, as burger=100")->required()->expected(1, 1000);
  app.add_option("--inventory", flags->inventory, "HOST:PORT of Inventory's gRPC service (default 127.0.0.1:9090)")
      ->envname("QUICKBITE_INVENTORY");
  app.add_option("--inventory-ca", flags->tls.ca_file, "TLS: file of the CA that Inventory's certificate is of (PEM); none: no TLS")
      ->envname("QUICKBITE_INVENTORY_CA");
  app.add_option("--inventory-certificate", flags->tls.certificate_file, "TLS: file of the certificate to show (PEM)")
      ->envname("QUICKBITE_INVENTORY_CERTIFICATE");
  app.add_option("--inventory-key", flags->tls.key_file, "TLS: file of its key (PEM)")->envname("QUICKBITE_INVENTORY_KEY");
  app.add_option("--once", flags->once,
                 "a name for this delivery: given again with the same lines, it adds nothing (default: each run adds)");
  declare_patience(app, flags->patience);
  return [flags] { return run(*flags); };
}

}  // namespace quickbite::cli
