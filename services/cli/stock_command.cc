#include "services/cli/stock_command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "adapters/grpc/client.h"
#include "domain/base/match.h"
#include "domain/inventory/restock.h"
#include "services/cli/addresses.h"
#include "services/cli/json_text.h"
#include "services/cli/operator_log.h"
#include "services/cli/progress.h"
#include "services/cli/shown.h"
#include "services/cli/terminal.h"
#include "services/runtime/random_uuid.h"

namespace quickbite::cli {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(10);
constexpr std::size_t kAskedAtOnce = 100;  // SKUs; Inventory answers no more

struct Flags {
  AddressFlags addresses;
  std::vector<std::string> skus;
  std::string sku;
  std::int64_t quantity = 0;
  std::string id;
  bool yes = false;
  bool json = false;
};

using Client = std::unique_ptr<rpc::Client>;

absl::StatusOr<Client> connect(const Addresses& addresses) {
  const absl::StatusOr<rpc::ClientOptions> options = addresses.inventory_grpc();
  if (!options.ok()) return options.status();
  return rpc::Client::make(*options);
}

absl::Status of_inventory(const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat("Inventory: ", status.message()));
}

// --- list -----------------------------------------------------------------------------------------

absl::StatusOr<std::vector<Sku>> every_sku(rpc::Client& client) {
  return match(
      client.ask(AskMenu{Duration{absl::ToInt64Microseconds(kPatience)}}),
      [](MenuTold&& menu) -> absl::StatusOr<std::vector<Sku>> {
        std::vector<Sku> skus;
        for (MenuItem& item : menu.items) skus.push_back(std::move(item.sku));
        return skus;
      },
      [](MenuAway&& away) -> absl::StatusOr<std::vector<Sku>> {
        return absl::UnavailableError(absl::StrCat("Inventory: ", away.why));
      });
}

absl::StatusOr<std::vector<StockRow>> stock_of(rpc::Client& client, const std::vector<Sku>& skus) {
  Progress progress("SKUs", skus.size());
  std::vector<StockRow> rows;
  for (std::size_t at = 0; at < skus.size(); at += kAskedAtOnce) {
    const auto begin = skus.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = skus.begin() + static_cast<std::ptrdiff_t>(std::min(skus.size(), at + kAskedAtOnce));
    absl::StatusOr<rpc::StockList> told = client.stock({begin, end}, kPatience);
    if (!told.ok()) return of_inventory(told.status());
    std::move(told->rows.begin(), told->rows.end(), std::back_inserter(rows));
    progress.update(rows.size());
  }
  return rows;
}

void members_of(JsonText& json, const StockRow& row) {
  json.member("sku", row.sku.value);
  json.member("available", row.available.value);
  json.member("reserved", row.reserved.value);
}

ExitCode list(const Flags& flags) {
  const absl::StatusOr<Client> client = connect(Addresses(flags.addresses));
  if (!client.ok()) return failed(client.status());
  std::vector<Sku> skus;
  for (const std::string& text : flags.skus) {
    if (!is_sku(text)) return failed(wrong("SKU", "1 to 64 letters, digits, '.', '_', '-'", text));
    skus.emplace_back(text);
  }
  if (skus.empty()) {
    absl::StatusOr<std::vector<Sku>> all = every_sku(**client);
    if (!all.ok()) return failed(all.status());
    skus = *std::move(all);
  }
  const absl::StatusOr<std::vector<StockRow>> rows = stock_of(**client, skus);
  if (!rows.ok()) return failed(rows.status());
  if (flags.json) {
    JsonText json;
    json.open_array("stock");
    for (const StockRow& row : *rows) {
      json.open_object();
      members_of(json, row);
      json.close_object();
    }
    json.close_array();
    std::cout << json.take() << std::endl;
    return ExitCode::kHeld;
  }
  Table table({"SKU", "AVAILABLE", "RESERVED"});
  for (const StockRow& row : *rows) {
    table.add({row.sku.value, absl::StrCat(row.available.value), absl::StrCat(row.reserved.value)});
  }
  std::cout << table.text();
  for (const Sku& sku : skus) {
    const bool there = std::any_of(rows->begin(), rows->end(), [&](const StockRow& row) { return row.sku == sku; });
    if (!there) std::cerr << "quickbite: there is no " << sku.value << "\n";
  }
  return rows->size() == skus.size() ? ExitCode::kHeld : ExitCode::kFailed;
}

// --- restock --------------------------------------------------------------------------------------

absl::StatusOr<Restock> restock_of(const Flags& flags) {
  Restock restock{EventId(runtime::random_uuid()), Sku(flags.sku), Quantity(flags.quantity)};
  if (!flags.id.empty()) {
    const auto id = parse_uuid(flags.id);
    if (!id) return wrong("--id", "a UUID", flags.id);
    restock.id = EventId(*id);
  }
  if (const auto fault = fault_of(restock)) return absl::InvalidArgumentError(std::string(*fault));
  return restock;
}

// Whether it may have been done, for all that the answer says.
bool in_doubt(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsAborted(status) || absl::IsDeadlineExceeded(status) || absl::IsUnknown(status);
}

ExitCode restock(const Flags& flags) {
  const absl::StatusOr<Restock> wanted = restock_of(flags);
  if (!wanted.ok()) return failed(wanted.status());
  const Addresses addresses(flags.addresses);
  const absl::StatusOr<Client> client = connect(addresses);
  if (!client.ok()) return failed(client.status());
  const std::string what = absl::StrCat(with_commas(static_cast<std::uint64_t>(flags.quantity)), " of ", flags.sku);
  if (!confirmed(absl::StrCat("Put ", what, " into stock?"), flags.yes)) return ExitCode::kUsage;
  const absl::StatusOr<OperatorLog> log = OperatorLog::open(addresses.log());
  if (!log.ok()) return failed(log.status());
  const std::string id = to_string(wanted->id.value);
  log->tell("stock restock begins", absl::StrCat(what, ", id ", id));
  const absl::StatusOr<rpc::Restocked> done = (*client)->restock(*wanted, kPatience);
  log->tell(done.ok() ? "stock restock has ended" : "stock restock has failed",
            absl::StrCat(what, ", id ", id, done.ok() ? "" : ": ", done.ok() ? "" : std::string(done.status().message())));
  if (!done.ok()) {
    std::cerr << "quickbite: Inventory: " << done.status().message() << "\n";
    if (in_doubt(done.status())) {
      std::cerr << "quickbite: it may have been done; the same command with --id " << id << " does it once, whatever has been\n";
    }
    return absl::IsInvalidArgument(done.status()) || absl::IsAlreadyExists(done.status()) ? ExitCode::kUsage : ExitCode::kFailed;
  }
  if (flags.json) {
    JsonText json;
    json.member("id", id);
    json.member("done_before", done->done_before);
    members_of(json, done->stock);
    std::cout << json.take() << std::endl;
  } else {
    std::cout << (done->done_before ? "It was done before: there are " : "There are now ") << done->stock.available.value << " of "
              << flags.sku << " available, and " << done->stock.reserved.value << " reserved. (id " << id << ")\n";
  }
  return ExitCode::kHeld;
}

}  // namespace

Action declare_stock(CLI::App& app) {
  auto lists = std::make_shared<Flags>();
  auto restocks = std::make_shared<Flags>();
  app.require_subcommand(1);

  CLI::App* sub_list = app.add_subcommand("list", "Show what is in stock, available and reserved");
  sub_list->add_option("SKU", lists->skus, "these alone (default: everything)")->expected(0, 1000);
  CLI::App* sub_restock = app.add_subcommand("restock", "Put units of a SKU into stock; a new SKU comes into being");
  sub_restock->add_option("SKU", restocks->sku, "1 to 64 letters, digits, '.', '_', '-'")->required();
  sub_restock->add_option("QUANTITY", restocks->quantity, "how many, from 1 to 1000000000")->required()->check(CLI::Range(std::int64_t{1}, kRestockMax));
  sub_restock->add_option("--id", restocks->id, "a UUID that names this act: given again, it is done once (default: a new one)");
  declare_log(*sub_restock, restocks->addresses);
  sub_restock->add_flag("--yes", restocks->yes, "do not ask");
  for (auto [sub, flags] : {std::pair(sub_list, lists), std::pair(sub_restock, restocks)}) {
    declare_inventory_grpc(*sub, flags->addresses);
    declare_data_dir(*sub, flags->addresses);
    sub->add_flag("--json", flags->json, "print one JSON object");
  }
  return [=] { return sub_list->parsed() ? list(*lists) : restock(*restocks); };
}

}  // namespace quickbite::cli
